//! The shop's pages: what there is, and one product.

mod availability;
mod choice;
mod image;
mod list;
mod product;
mod read;

pub(crate) use choice::Chosen;
pub(crate) use image::image_values;
pub(crate) use list::show_shop;
pub(crate) use product::show_product;

/// What a product's only variant is called where there is nothing to choose; buyers need not read it.
const ONLY_VARIANT: &str = "Default Title";

/// A variant's title, where it says anything.
pub(crate) fn variant_title(title: &str) -> Option<&str> {
    Some(title).filter(|title| *title != ONLY_VARIANT)
}
