//! What somebody asks a product to be.

use crate::catalog::{ProductStatus, Seo};
use crate::shared::Timestamp;

/// A product as it is asked for.
#[derive(Clone, Debug, Default)]
pub struct ProductInput {
    /// Title.
    pub title: String,
    /// Its name in addresses; made from the title when absent or blank.
    pub handle: Option<String>,
    /// What it is, as HTML; made harmless when it comes in.
    pub description_html: String,
    /// Who makes it.
    pub vendor: String,
    /// What kind of thing it is.
    pub product_type: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Whether it is offered.
    pub status: ProductStatus,
    /// From when it is offered; `None`: not at all.
    pub published_at: Option<Timestamp>,
    /// For search engines.
    pub seo: Seo,
    /// What the buyer chooses; none for a product that comes in one form only.
    pub options: Vec<OptionInput>,
    /// What can be bought.
    pub variants: Vec<VariantInput>,
    /// Pictures.
    pub images: Vec<ImageInput>,
}

/// An option as it is asked for.
#[derive(Clone, Debug, Default)]
pub struct OptionInput {
    /// Such as "Size".
    pub name: String,
    /// Its values in order. Values that only variants name follow, in the order of the variants.
    pub values: Vec<String>,
}

/// A variant as it is asked for.
#[derive(Clone, Debug, Default)]
pub struct VariantInput {
    /// A value for each option, in their order; none where the product has no options.
    pub option_values: Vec<String>,
    /// The shop's own code; blank is none.
    pub sku: Option<String>,
    /// What a scanner reads; blank is none.
    pub barcode: Option<String>,
    /// Price in minor units.
    pub price: i64,
    /// The price it used to have or has elsewhere, in minor units.
    pub compare_at_price: Option<i64>,
    /// Weight in grams.
    pub weight_grams: i64,
    /// Whether it has to be delivered.
    pub requires_shipping: bool,
    /// Whether tax is charged on it.
    pub taxable: bool,
    /// Its own picture: an index into the product's images.
    pub image: Option<usize>,
    /// Its stock.
    pub stock: StockInput,
}

/// A variant's stock as it is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StockInput {
    /// Whether units are counted; where not, any number sells.
    pub tracked: bool,
    /// Units that may be sold beyond what is there; `None`: any number.
    pub backorder_limit: Option<i64>,
    /// Units that are there; `None` leaves what is.
    pub on_hand: Option<i64>,
}

/// How a variant's stock is counted, as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockPolicy {
    /// Whether units are counted.
    pub tracked: bool,
    /// Units that may be sold beyond what is there; `None`: any number.
    pub backorder_limit: Option<i64>,
}

/// A picture as it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageInput {
    /// Where it lies: `http`, `https`, or a path on this server, which begins with `/`.
    pub url: String,
    /// What it shows.
    pub alt_text: Option<String>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
}
