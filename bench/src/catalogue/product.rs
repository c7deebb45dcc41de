//! One made-up product.

use crate::random::Random;

const ADJECTIVES: [&str; 20] = [
    "Amber", "Brisk", "Calm", "Dusky", "Early", "Faded", "Gentle", "Hollow", "Ivory", "Jolly", "Keen",
    "Lunar", "Mellow", "Northern", "Olive", "Plain", "Quiet", "Rustic", "Silver", "Tidal",
];
const MATERIALS: [&str; 12] =
    ["Ash", "Brass", "Cork", "Denim", "Enamel", "Felt", "Glass", "Hemp", "Iron", "Jute", "Linen", "Walnut"];
const THINGS: [&str; 20] = [
    "Apron",
    "Basket",
    "Chair",
    "Desk Lamp",
    "Envelope",
    "Flask",
    "Gloves",
    "Hammock",
    "Inkwell",
    "Jacket",
    "Kettle",
    "Lantern",
    "Mug",
    "Notebook",
    "Ottoman",
    "Pillow",
    "Quilt",
    "Rucksack",
    "Stool",
    "Tray",
];
const VENDORS: [&str; 25] = [
    "Alder & Sons",
    "Bellwether",
    "Copperfield",
    "Driftwood",
    "Eastgate",
    "Fennel",
    "Greyfriars",
    "Hartwell",
    "Inglenook",
    "Juniper",
    "Kingfisher",
    "Larkspur",
    "Millstone",
    "Nettle",
    "Oakham",
    "Pebble",
    "Quarry",
    "Redwing",
    "Saltmarsh",
    "Thistle",
    "Underhill",
    "Verdant",
    "Willow",
    "Yarrow",
    "Zephyr",
];
const COLOURS: [&str; 5] = ["Chalk", "Clay", "Moss", "Slate", "Sand"];
const SIZES: [&str; 3] = ["Small", "Medium", "Large"];
const FINISHES: [&str; 2] = ["Matt", "Gloss"];
const PHRASES: [&str; 12] = [
    "Made in small batches by people who know their trade.",
    "It gets better with every year of use.",
    "The seams are sewn twice and the corners are rounded.",
    "Wipe it with a damp cloth; it asks for nothing more.",
    "Every piece differs a little from every other.",
    "It folds flat, so it fits where others do not.",
    "Tested by hand before it leaves the workshop.",
    "The colour is in the material and does not wear off.",
    "What breaks can be sent back and is mended.",
    "Packed in paper, without any plastic.",
    "Goes well with the rest of the series.",
    "A quiet companion for long evenings.",
];

/// Images of every product.
pub(crate) const IMAGES: usize = 5;
/// So many units of everything that is counted: a bench must not sell out.
const PLENTY: u64 = 1_000_000;

/// How many variants a product has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One option of three values.
    Ordinary,
    /// Two options: five values by two.
    Deep,
}

/// A product of the catalogue.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) kind: Kind,
    pub(crate) handle: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) vendor: &'static str,
    pub(crate) product_type: &'static str,
    pub(crate) tags: [&'static str; 3],
    pub(crate) variants: Vec<Variant>,
    /// Addresses.
    pub(crate) images: [String; IMAGES],
}

/// A variant of a product.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) options: [Option<&'static str>; 2],
    pub(crate) sku: String,
    /// In cents.
    pub(crate) price: u64,
    /// In cents.
    pub(crate) compare_at_price: Option<u64>,
    pub(crate) grams: u64,
    /// Units there are; `None` where nobody counts.
    pub(crate) stock: Option<u64>,
}

impl Product {
    /// The product of a number; the same every time.
    pub(crate) fn new(kind: Kind, number: u32) -> Self {
        let salt = match kind {
            Kind::Ordinary => 0,
            Kind::Deep => 1 << 40,
        };
        let mut random = Random::new(salt + u64::from(number));
        let (adjective, material) = (random.pick(&ADJECTIVES), random.pick(&MATERIALS));
        let thing = random.pick(&THINGS);
        let handle = Self::handle(kind, number);
        let images =
            std::array::from_fn(|at| format!("https://images.example/goods/{handle}-{}.jpg", at + 1));
        Self {
            kind,
            title: format!("{adjective} {material} {thing} {number}"),
            description: description(thing, &mut random),
            vendor: random.pick(&VENDORS),
            product_type: thing,
            tags: [adjective, material, random.pick(&COLOURS)],
            variants: variants(kind, &handle, &mut random),
            images,
            handle,
        }
    }

    /// The handle of the product of a number, known without making the product.
    pub(crate) fn handle(kind: Kind, number: u32) -> String {
        match kind {
            Kind::Ordinary => format!("bench-{number:06}"),
            Kind::Deep => format!("bench-deep-{number:06}"),
        }
    }
}

/// About 600 bytes of HTML: two paragraphs and a list.
fn description(thing: &str, random: &mut Random) -> String {
    let mut phrase = || random.pick(&PHRASES);
    format!(
        "<p><strong>{thing}.</strong> {} {} {}</p><ul><li>{}</li><li>{}</li><li>{}</li></ul><p>{} {}</p>",
        phrase(),
        phrase(),
        phrase(),
        phrase(),
        phrase(),
        phrase(),
        phrase(),
        phrase(),
    )
}

fn variants(kind: Kind, handle: &str, random: &mut Random) -> Vec<Variant> {
    let price = 500 + random.below(20_000) as u64;
    let reduced = random.below(4) == 0;
    let grams = 50 + random.below(5_000) as u64;
    // One product in ten is not counted, and of one in ten the first variant is sold out.
    let (counted, first_is_gone) = match random.below(10) {
        0 => (false, false),
        1 => (true, true),
        _ => (true, false),
    };
    let options: Vec<[Option<&'static str>; 2]> = match kind {
        Kind::Ordinary => SIZES.iter().map(|size| [Some(*size), None]).collect(),
        Kind::Deep => COLOURS
            .iter()
            .flat_map(|colour| FINISHES.iter().map(|finish| [Some(*colour), Some(*finish)]))
            .collect(),
    };
    let variant = |(at, options)| {
        let price = price + 150 * at as u64;
        Variant {
            options,
            sku: format!("{handle}-{at:02}"),
            price,
            compare_at_price: reduced.then_some(price * 5 / 4),
            grams,
            stock: counted.then_some(if at == 0 && first_is_gone { 0 } else { PLENTY }),
        }
    };
    options.into_iter().enumerate().map(variant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_the_same_every_time() {
        assert_eq!(
            format!("{:?}", Product::new(Kind::Ordinary, 42)),
            format!("{:?}", Product::new(Kind::Ordinary, 42))
        );
        assert_ne!(
            Product::new(Kind::Ordinary, 42).description,
            Product::new(Kind::Ordinary, 43).description
        );
    }

    #[test]
    fn kinds_have_three_and_ten_variants_that_differ() {
        for (kind, count) in [(Kind::Ordinary, 3), (Kind::Deep, 10)] {
            let product = Product::new(kind, 7);
            let mut options: Vec<_> = product.variants.iter().map(|variant| variant.options).collect();
            options.sort_unstable();
            options.dedup();
            assert_eq!(options.len(), count);
        }
    }

    #[test]
    fn some_are_sold_out_and_some_not_counted() {
        let first_variants =
            || (0..200).map(|number| Product::new(Kind::Ordinary, number).variants.remove(0));
        assert!(first_variants().any(|variant| variant.stock == Some(0)));
        assert!(first_variants().any(|variant| variant.stock.is_none()));
    }
}
