//! The catalogue that is measured: made up by arithmetic, so that it is the same everywhere and nothing needs to be shipped.

mod csv;
mod product;

pub(crate) use self::csv::write;
pub(crate) use product::{IMAGES, Kind, Product};

/// Products of ten variants beside the ordinary ones, for the deep list.
pub(crate) const DEEP: u32 = 1_000;

/// How many products of which kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Catalogue {
    /// Products of 3 variants.
    pub(crate) ordinary: u32,
    /// Products of 10 variants, after the others.
    pub(crate) deep: u32,
}

impl Catalogue {
    /// Every product, the deep ones last.
    pub(crate) fn products(self) -> impl Iterator<Item = Product> {
        let ordinary = (0..self.ordinary).map(|number| Product::new(Kind::Ordinary, number));
        ordinary.chain((0..self.deep).map(|number| Product::new(Kind::Deep, number)))
    }
}
