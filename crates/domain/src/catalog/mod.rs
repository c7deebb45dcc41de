//! Products, variants, collections: what a shop offers.
//!
//! [`Product`] is what is read; [`ProductInput`] is what somebody asks to be written, and only a [`ProductDraft`],
//! which has passed every rule, can be. [`search`] is the language of the `query` argument, [`sort`] and [`filter`] are
//! the orders and filters of lists.

mod collection;
mod description;
mod draft;
pub mod filter;
mod fold;
mod handle;
mod image;
mod listing;
mod merchandise;
mod product;
pub mod search;
mod selection;
pub mod sort;
mod variant;

pub use collection::{Collection, CollectionDraft, CollectionInput};
pub use description::Description;
pub use draft::{
    DraftOption, DraftVariant, ImageInput, InvalidProduct, OptionInput, ProductDraft, ProductInput,
    StockInput, StockPolicy, VariantInput, limits,
};
pub use fold::{fold_key, search_terms};
pub use handle::{Handle, InvalidHandle};
pub use image::Image;
pub use listing::{CollectionListing, CollectionsListing, ProductListing, Recommendation};
pub use merchandise::Merchandise;
pub use product::{OptionValue, PriceRange, Product, ProductOption, ProductStatus, Seo};
pub use selection::{Matching, SelectedOption};
pub use variant::Variant;
