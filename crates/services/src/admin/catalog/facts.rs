//! What rules ask of goods: whether they are gift cards, how they are taxed, and how large one unit is. It is said with the product, and kept beside it.

use super::{ProductError, told::Whole};
use stoa_domain::{
    catalog::Product,
    shared::{TaxCategoryId, VariantId},
};
use stoa_persistence::{
    WriteTx,
    catalog::{self, GoodsFacts},
    tax,
};

/// The longest side of one unit, in millimetres: 100 metres.
pub(super) const LONGEST: u32 = 100_000;

/// What rules are to ask of a product to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewGoods {
    /// Whether its variants are gift cards.
    pub gift_card: bool,
    /// How it is taxed; `None`: as most things are.
    pub tax_category: Option<TaxCategoryId>,
    /// How large one unit of each variant is, in the order of the variants; `None`, or nothing at all: nobody knows.
    pub sides: Vec<Sides>,
}

/// Length, width and height of one unit, in millimetres; `None`: nobody knows.
pub(super) type Sides = Option<[u32; 3]>;

/// Whose sides are said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SidesOf {
    /// A variant that is there.
    Variant(VariantId),
    /// One that is made with it: as many as this stand behind it, and it is the last where none does.
    FromBehind(usize),
}

/// What is to be other of what rules ask.
#[derive(Clone, Debug, Default)]
pub(super) struct FactsChange {
    pub(super) gift_card: Option<bool>,
    pub(super) tax_category: Option<Option<TaxCategoryId>>,
    pub(super) sides: Vec<(SidesOf, Sides)>,
}

impl FactsChange {
    /// What is said of variants that are made, which stand behind all others.
    pub(super) fn of_new(sides: &[Sides]) -> Self {
        let of = |(n, sides): (usize, &Sides)| (SidesOf::FromBehind(n), *sides);
        Self { sides: sides.iter().rev().enumerate().map(of).collect(), ..Self::default() }
    }

    /// What is said of a product that is made.
    pub(super) fn of_product(new: &NewGoods) -> Self {
        Self {
            gift_card: Some(new.gift_card),
            tax_category: Some(new.tax_category),
            ..Self::of_new(&new.sides)
        }
    }

    /// What rules ask of the product then.
    fn over(&self, known: &GoodsFacts, product: &Product) -> Result<GoodsFacts, ProductError> {
        let mut to = known.clone();
        to.gift_card = self.gift_card.unwrap_or(to.gift_card);
        to.tax_category = self.tax_category.unwrap_or(to.tax_category);
        for (of, sides) in &self.sides {
            let at = match of {
                SidesOf::Variant(id) => product.variants.iter().position(|variant| variant.id == *id),
                SidesOf::FromBehind(n) => product.variants.len().checked_sub(n + 1),
            };
            let Some((at, variant)) = at.and_then(|at| Some((at, product.variants.get(at)?))) else {
                continue;
            };
            match sides {
                None => drop(to.sides.remove(&variant.id)),
                Some(sides) if sides.iter().all(|side| (1..=LONGEST).contains(side)) => {
                    to.sides.insert(variant.id, *sides);
                }
                Some(_) => return Err(ProductError::Sides { number: at + 1 }),
            }
        }
        Ok(to)
    }
}

/// Writes what is other than it was, and what it is into `whole`. Behind the catalogue's turn, which whoever takes a tax category away takes as well.
pub(super) async fn say(tx: &WriteTx, whole: &mut Whole, change: &FactsChange) -> Result<(), ProductError> {
    let to = change.over(&whole.facts, &whole.product)?;
    let known = std::mem::take(&mut whole.facts);
    if (to.gift_card, to.tax_category) != (known.gift_card, known.tax_category) {
        let new = to.tax_category.filter(|_| to.tax_category != known.tax_category);
        if let Some(category) = new
            && tax::find_categories(tx, &[category]).await?.is_empty()
        {
            return Err(ProductError::NoTaxCategory(category));
        }
        catalog::set_product_facts(tx, whole.product.id, to.gift_card, to.tax_category).await?;
    }
    for variant in &whole.product.variants {
        let (was, is) = (known.sides.get(&variant.id), to.sides.get(&variant.id));
        if was != is {
            catalog::set_dimensions(tx, variant.id, is.copied()).await?;
        }
    }
    whole.facts = to;
    Ok(())
}
