//! Finding the variant that a buyer's choice of option values means.

use super::{Product, Variant};

/// A chosen option value, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedOption {
    /// The option, such as "Size".
    pub name: String,
    /// The value, such as "L".
    pub value: String,
}

/// How names of options and values are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// Whether letter case counts for nothing.
    pub ignore_case: bool,
    /// Whether options the product does not have are passed over instead of matching nothing.
    pub ignore_unknown: bool,
}

impl Matching {
    fn same(self, a: &str, b: &str) -> bool {
        a == b || (self.ignore_case && a.to_lowercase() == b.to_lowercase())
    }
}

impl Product {
    /// The variant that exactly these option values choose: every option of the product must be among them.
    pub fn variant_for(&self, selected: &[SelectedOption], matching: Matching) -> Option<&Variant> {
        let wanted = self.choices(selected, matching)?;
        let wanted: Vec<u16> = wanted.into_iter().collect::<Option<_>>()?;
        self.variants.iter().find(|v| v.values[..wanted.len()] == wanted[..])
    }

    /// The variants that differ from the choice in at most one option, the chosen one included; where an option is
    /// not chosen, the first variant's value stands for it.
    pub fn adjacent_variants<'a>(
        &'a self,
        selected: &[SelectedOption],
        matching: Matching,
    ) -> impl Iterator<Item = &'a Variant> + use<'a> {
        let base = self.variants.first().map_or([0; 3], |v| v.values);
        let wanted = self.choices(selected, matching).map(|choices| {
            let mut wanted = base;
            for (slot, choice) in wanted.iter_mut().zip(choices) {
                *slot = choice.unwrap_or(*slot);
            }
            wanted
        });
        self.variants.iter().filter(move |variant| {
            wanted.is_some_and(|wanted| {
                variant.values.iter().zip(wanted).filter(|(a, b)| **a != *b).count() <= 1
            })
        })
    }

    /// For each option of the product the index of the chosen value, if it is chosen. `None` when the choice names an
    /// option (unless those are passed over) or a value that the product does not have.
    fn choices(&self, selected: &[SelectedOption], matching: Matching) -> Option<Vec<Option<u16>>> {
        let mut choices = vec![None; self.options.len()];
        for choice in selected {
            let Some(at) = self.options.iter().position(|o| matching.same(&o.name, &choice.name)) else {
                if matching.ignore_unknown {
                    continue;
                }
                return None;
            };
            let value = self.options[at].values.iter().position(|v| matching.same(&v.name, &choice.value))?;
            choices[at] = Some(u16::try_from(value).ok()?);
        }
        Some(choices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Description, Handle, OptionValue, PriceRange, ProductOption, ProductStatus, Seo};
    use crate::shared::{OptionId, OptionValueId, ProductId, VariantId};
    use chrono::DateTime;
    use uuid::Uuid;

    /// Sizes S and L in blue and red, but no L in red.
    fn mug() -> Product {
        let id = Uuid::from_u128;
        let option = |n: u128, name: &str, values: [&str; 2]| ProductOption {
            id: OptionId::new(id(n)),
            name: name.to_owned(),
            values: values
                .into_iter()
                .map(|v| OptionValue { id: OptionValueId::new(id(n)), name: v.to_owned() })
                .collect(),
        };
        let variant = |n: u128, values| Variant {
            id: VariantId::new(id(n)),
            product: ProductId::new(id(1)),
            title: String::new(),
            values,
            sku: None,
            barcode: None,
            price: 1,
            compare_at_price: None,
            weight_grams: 0,
            requires_shipping: true,
            taxable: true,
            image: None,
        };
        Product {
            id: ProductId::new(id(1)),
            handle: Handle::from_title("Mug"),
            title: "Mug".to_owned(),
            description: Description::default(),
            vendor: String::new(),
            product_type: String::new(),
            tags: Vec::new(),
            status: ProductStatus::Active,
            published_at: None,
            seo: Seo::default(),
            options: vec![option(2, "Size", ["S", "L"]), option(3, "Colour", ["blue", "red"])],
            variants: vec![variant(10, [0, 0, 0]), variant(11, [0, 1, 0]), variant(12, [1, 0, 0])],
            images: Vec::new(),
            price: PriceRange { min: 1, max: 1 },
            compare_at_price: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    fn choice(options: &[(&str, &str)]) -> Vec<SelectedOption> {
        let chosen = |(name, value): &(&str, &str)| SelectedOption {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        };
        options.iter().map(chosen).collect()
    }

    fn found(options: &[(&str, &str)], matching: Matching) -> Option<u128> {
        mug().variant_for(&choice(options), matching).map(|v| v.id.uuid().as_u128())
    }

    #[test]
    fn every_option_must_be_chosen_and_every_choice_must_exist() {
        let strict = Matching::default();
        assert_eq!(found(&[("Size", "L"), ("Colour", "blue")], strict), Some(12));
        assert_eq!(found(&[("Colour", "red"), ("Size", "S")], strict), Some(11), "in any order");
        assert_eq!(found(&[("Size", "L"), ("Colour", "red")], strict), None, "there is no such variant");
        assert_eq!(found(&[("Size", "L")], strict), None);
        assert_eq!(found(&[("Size", "XL"), ("Colour", "blue")], strict), None);
        assert_eq!(found(&[], strict), None);
    }

    #[test]
    fn letter_case_and_unknown_options_count_unless_asked_otherwise() {
        let shouted = [("SIZE", "l"), ("colour", "BLUE")];
        assert_eq!(found(&shouted, Matching::default()), None);
        assert_eq!(found(&shouted, Matching { ignore_case: true, ..Matching::default() }), Some(12));
        let more = [("Size", "S"), ("Colour", "red"), ("Lid", "yes")];
        assert_eq!(found(&more, Matching::default()), None);
        assert_eq!(found(&more, Matching { ignore_unknown: true, ..Matching::default() }), Some(11));
    }

    #[test]
    fn neighbours_differ_in_one_option_at_most() {
        let near = |options: &[(&str, &str)]| -> Vec<u128> {
            let mug = mug();
            mug.adjacent_variants(&choice(options), Matching::default())
                .map(|v| v.id.uuid().as_u128())
                .collect()
        };
        assert_eq!(near(&[("Size", "S"), ("Colour", "blue")]), [10, 11, 12]);
        assert_eq!(near(&[("Size", "S"), ("Colour", "red")]), [10, 11]);
        assert_eq!(near(&[("Size", "L"), ("Colour", "red")]), [11, 12], "though it does not exist itself");
        assert_eq!(near(&[("Size", "L")]), [10, 12], "the first variant's colour stands in");
        assert_eq!(near(&[("Size", "XL")]), Vec::<u128>::new());
    }
}
