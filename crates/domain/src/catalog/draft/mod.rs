//! What somebody asks a product to be, and the draft that has passed every rule.

mod input;
mod invalid;
mod options;
mod text;
mod variants;

pub use input::{ImageInput, OptionInput, ProductInput, StockInput, StockPolicy, VariantInput};
pub use invalid::InvalidProduct;
pub use options::DraftOption;
pub use variants::DraftVariant;

pub(super) use text::{image, required, seo};

use super::{Description, Handle, PriceRange, ProductStatus, Seo};
use crate::shared::Timestamp;

/// The bounds of a product. Options and variants are as many as the issue asks for; the others are those of the
/// product files that merchants have.
pub mod limits {
    /// Options of a product.
    pub const OPTIONS: usize = 3;
    /// Variants of a product.
    pub const VARIANTS: usize = 2_000;
    /// Images of a product.
    pub const IMAGES: usize = 250;
    /// Tags of a product.
    pub const TAGS: usize = 250;
    /// Characters of a title, a vendor, a tag, a SKU and other short texts.
    pub const SHORT_TEXT: usize = 255;
    /// Characters of a description for search engines.
    pub const SEO_DESCRIPTION: usize = 1_000;
    /// Bytes of a description, as HTML.
    pub const DESCRIPTION: usize = 512 * 1024;
    /// Characters of an address of a picture.
    pub const URL: usize = 2_048;
    /// Characters of a picture's alternative text.
    pub const ALT_TEXT: usize = 512;
    /// The highest price, in minor units: what a thousand such variants cost still fits 64 bits a thousand times.
    pub const PRICE: i64 = 1_000_000_000_000;
    /// The heaviest variant, in grams: a thousand tonnes.
    pub const WEIGHT: i64 = 1_000_000_000;
    /// The most units of one variant at one place.
    pub const STOCK: i64 = 1_000_000_000;
}

/// A product that has passed every rule and can be written.
#[derive(Clone, Debug)]
pub struct ProductDraft {
    title: String,
    handle: Handle,
    handle_chosen: bool,
    description: Description,
    vendor: String,
    product_type: String,
    tags: Vec<String>,
    status: ProductStatus,
    published_at: Option<Timestamp>,
    seo: Seo,
    options: Vec<DraftOption>,
    variants: Vec<DraftVariant>,
    images: Vec<ImageInput>,
    price: PriceRange,
    compare_at_price: Option<PriceRange>,
}

impl ProductDraft {
    /// Checks an input. A product without options gets the one the field gives it: "Title" with "Default Title".
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn try_new(input: &ProductInput) -> Result<Self, InvalidProduct> {
        let title = required("title", &input.title)?;
        let chosen = input.handle.as_deref().map(str::trim).filter(|h| !h.is_empty());
        let handle = match chosen {
            Some(handle) => Handle::parse(handle)?,
            None => Handle::from_title(&title),
        };
        if input.description_html.len() > limits::DESCRIPTION {
            return Err(InvalidProduct::TooLong { field: "description", max: limits::DESCRIPTION });
        }
        let image_count = input.images.len();
        if image_count > limits::IMAGES {
            return Err(InvalidProduct::TooMany { what: "images", max: limits::IMAGES });
        }
        let images =
            input.images.iter().enumerate().map(|(n, i)| image(n, i)).collect::<Result<Vec<_>, _>>()?;
        let (options, variants) = variants::check(&input.options, &input.variants, image_count)?;
        let Some(price) = PriceRange::of(variants.iter().map(|v| v.price)) else {
            return Err(InvalidProduct::NoVariants);
        };
        let compare_at_price = PriceRange::of(variants.iter().filter_map(|v| v.compare_at_price));
        Ok(Self {
            handle_chosen: chosen.is_some(),
            title,
            handle,
            description: Description::sanitised(&input.description_html),
            vendor: text::optional("vendor", &input.vendor)?,
            product_type: text::optional("product type", &input.product_type)?,
            tags: text::tags(&input.tags)?,
            status: input.status,
            published_at: input.published_at,
            seo: seo(&input.seo)?,
            options,
            variants,
            images,
            price,
            compare_at_price,
        })
    }

    /// Title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its name in addresses.
    pub const fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Whether somebody chose the handle; one made of the title gives way with a number when it is taken.
    pub const fn handle_chosen(&self) -> bool {
        self.handle_chosen
    }

    /// The same under another handle, when its own is taken.
    #[must_use]
    pub fn with_handle(self, handle: Handle) -> Self {
        Self { handle, ..self }
    }

    /// What it is.
    pub const fn description(&self) -> &Description {
        &self.description
    }

    /// Who makes it.
    pub fn vendor(&self) -> &str {
        &self.vendor
    }

    /// What kind of thing it is.
    pub fn product_type(&self) -> &str {
        &self.product_type
    }

    /// Tags in alphabetical order, each once whatever its letter case.
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// Whether it is offered.
    pub const fn status(&self) -> ProductStatus {
        self.status
    }

    /// From when it is offered.
    pub const fn published_at(&self) -> Option<Timestamp> {
        self.published_at
    }

    /// For search engines.
    pub const fn seo(&self) -> &Seo {
        &self.seo
    }

    /// One to three options, in order.
    pub fn options(&self) -> &[DraftOption] {
        &self.options
    }

    /// At least one variant, in order, each another combination of values.
    pub fn variants(&self) -> &[DraftVariant] {
        &self.variants
    }

    /// Pictures, in order.
    pub fn images(&self) -> &[ImageInput] {
        &self.images
    }

    /// The range of the variants' prices.
    pub const fn price(&self) -> PriceRange {
        self.price
    }

    /// The range of the variants' compare-at prices.
    pub const fn compare_at_price(&self) -> Option<PriceRange> {
        self.compare_at_price
    }
}

#[cfg(test)]
mod tests;
