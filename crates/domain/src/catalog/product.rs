//! A product as it is read.

use super::{Description, Handle, Image, Variant};
use crate::shared::{ImageId, OptionId, OptionValueId, ProductId, Timestamp, VariantId};

/// Whether a product is offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProductStatus {
    /// Being prepared; nobody but staff sees it.
    Draft,
    /// Offered, once its time of publication has come.
    #[default]
    Active,
    /// No longer offered; kept for the record.
    Archived,
}

impl ProductStatus {
    /// Its name in a database, in settings and in product files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    /// Reads a name, in any letter case.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Draft, Self::Active, Self::Archived].into_iter().find(|s| s.name().eq_ignore_ascii_case(name))
    }
}

/// What search engines are told instead of title and description.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seo {
    /// Instead of the title.
    pub title: Option<String>,
    /// Instead of the description.
    pub description: Option<String>,
}

/// One value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionValue {
    /// Which.
    pub id: OptionValueId,
    /// Such as "L".
    pub name: String,
}

/// Something the buyer chooses, such as a size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductOption {
    /// Which.
    pub id: OptionId,
    /// Such as "Size".
    pub name: String,
    /// What can be chosen, in order.
    pub values: Vec<OptionValue>,
}

/// The lowest and the highest of some prices, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceRange {
    /// The lowest.
    pub min: i64,
    /// The highest.
    pub max: i64,
}

impl PriceRange {
    /// The range of some prices; `None` when there are none.
    pub fn of(prices: impl IntoIterator<Item = i64>) -> Option<Self> {
        prices.into_iter().fold(None, |range, price| {
            Some(range.map_or(Self { min: price, max: price }, |r: Self| Self {
                min: r.min.min(price),
                max: r.max.max(price),
            }))
        })
    }
}

/// A product with everything that belongs to it, as of one moment. Stock is not part of it: that changes all the time
/// and is asked for separately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Which.
    pub id: ProductId,
    /// Its name in addresses, unique.
    pub handle: Handle,
    /// Title.
    pub title: String,
    /// What it is, as HTML and as text.
    pub description: Description,
    /// Who makes it; may be empty.
    pub vendor: String,
    /// What kind of thing it is; may be empty.
    pub product_type: String,
    /// Tags in alphabetical order.
    pub tags: Vec<String>,
    /// Whether it is offered.
    pub status: ProductStatus,
    /// Since when or from when it is offered; `None`: not at all.
    pub published_at: Option<Timestamp>,
    /// For search engines.
    pub seo: Seo,
    /// What the buyer chooses: one to three.
    pub options: Vec<ProductOption>,
    /// What can be bought, in order; at least one.
    pub variants: Vec<Variant>,
    /// Pictures, in order.
    pub images: Vec<Image>,
    /// The range of the variants' prices, in minor units.
    pub price: PriceRange,
    /// The range of the variants' compare-at prices; `None` when no variant has one.
    pub compare_at_price: Option<PriceRange>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Product {
    /// Whether shoppers see it at a moment.
    pub fn is_listed(&self, now: Timestamp) -> bool {
        self.status == ProductStatus::Active && self.published_at.is_some_and(|at| at <= now)
    }

    /// The picture shown in lists: the first.
    pub fn featured_image(&self) -> Option<&Image> {
        self.images.first()
    }

    /// One of its variants.
    pub fn variant(&self, id: VariantId) -> Option<&Variant> {
        self.variants.iter().find(|v| v.id == id)
    }

    /// One of its pictures.
    pub fn image(&self, id: ImageId) -> Option<&Image> {
        self.images.iter().find(|i| i.id == id)
    }

    /// The picture of a variant, or else the product's first.
    pub fn image_of(&self, variant: &Variant) -> Option<&Image> {
        variant.image.and_then(|id| self.image(id)).or_else(|| self.featured_image())
    }

    /// What it takes to choose a variant: an option's name and value for each option, in order.
    pub fn selected_options<'a>(
        &'a self,
        variant: &'a Variant,
    ) -> impl ExactSizeIterator<Item = (&'a str, &'a str)> {
        self.options.iter().zip(variant.values).map(|(option, value)| {
            (option.name.as_str(), option.values.get(usize::from(value)).map_or("", |v| v.name.as_str()))
        })
    }

    /// Roughly how many bytes it takes in memory, for bounding a cache.
    pub fn weight(&self) -> usize {
        let texts =
            [&self.title, &self.description.html, &self.description.text, &self.vendor, &self.product_type];
        let seo = [&self.seo.title, &self.seo.description].into_iter().flatten();
        let values = self.options.iter().flat_map(|option| &option.values);
        size_of::<Self>()
            + texts.into_iter().chain(seo).chain(&self.tags).map(|text| heap(text)).sum::<usize>()
            + self.tags.len() * size_of::<String>()
            + self.options.iter().map(|option| size_of_val(option) + heap(&option.name)).sum::<usize>()
            + values.map(|value| size_of_val(value) + heap(&value.name)).sum::<usize>()
            + self.variants.iter().map(Variant::weight).sum::<usize>()
            + self.images.iter().map(Image::weight).sum::<usize>()
    }
}

/// What a text takes beside its place in a struct: an allocation has a head and is rounded up.
pub(super) const fn heap(text: &str) -> usize {
    text.len().next_multiple_of(16) + 16
}
