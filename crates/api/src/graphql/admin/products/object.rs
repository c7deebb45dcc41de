//! A product, as staff see it.

use super::AdminProductVariant;
use crate::graphql::{
    ApiError, PriceCurrency,
    catalog::Seo,
    paging::{Connection, PageArgs, page_of},
    scalars::{DateTime, Gid, Html},
};
use async_graphql::{Enum, Object, SimpleObject};
use std::sync::Arc;
use stoa_domain::{
    catalog::{Image, Product, ProductStatus as Status},
    shared::{ImageId, ProductId, TaxCategoryId},
};
use stoa_persistence::catalog::GoodsFacts;

/// Whether a product is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProductStatus {
    /// Offered, once its time of publication has come.
    Active,
    /// No longer offered; kept for the record.
    Archived,
    /// Being prepared; nobody but staff sees it.
    Draft,
}

impl From<Status> for ProductStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Active => Self::Active,
            Status::Archived => Self::Archived,
            Status::Draft => Self::Draft,
        }
    }
}

impl From<ProductStatus> for Status {
    fn from(status: ProductStatus) -> Self {
        match status {
            ProductStatus::Active => Self::Active,
            ProductStatus::Archived => Self::Archived,
            ProductStatus::Draft => Self::Draft,
        }
    }
}

/// A picture of a product.
#[derive(Clone, Debug, SimpleObject)]
pub struct AdminImage {
    /// What it shows, for those who cannot see it.
    pub alt_text: Option<String>,
    /// Height in pixels, where known.
    pub height: Option<u32>,
    /// The global id.
    pub id: Gid<ImageId>,
    /// Where it lies: an absolute URL, or a path on this server.
    pub url: String,
    /// Width in pixels, where known.
    pub width: Option<u32>,
}

impl From<&Image> for AdminImage {
    fn from(image: &Image) -> Self {
        let Image { id, url, alt_text, width, height } = image.clone();
        Self { alt_text, height, id: Gid(id), url, width }
    }
}

/// Something the buyer chooses, such as a size.
#[derive(Clone, Debug, SimpleObject)]
pub struct AdminProductOption {
    /// Such as "Size".
    pub name: String,
    /// What can be chosen, in order.
    pub values: Vec<String>,
}

/// A product, as staff see it. Clones share it.
#[derive(Clone, Debug)]
pub struct AdminProduct {
    product: Arc<Product>,
    facts: Arc<GoodsFacts>,
    currency: PriceCurrency,
}

impl AdminProduct {
    /// Which it is.
    pub(crate) fn identity(&self) -> ProductId {
        self.product.id
    }

    pub(crate) fn new(product: Product, facts: GoodsFacts, currency: PriceCurrency) -> Self {
        Self { product: Arc::new(product), facts: Arc::new(facts), currency }
    }
}

/// A product, as staff see it.
#[Object]
impl AdminProduct {
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.product.created_at.into()
    }

    /// What it is.
    async fn description_html(&self) -> Html<'_> {
        Html(&self.product.description.html)
    }

    /// Whether its variants are gift cards.
    async fn gift_card(&self) -> bool {
        self.facts.gift_card
    }

    /// Its name in addresses.
    async fn handle(&self) -> String {
        self.product.handle.to_string()
    }

    /// The global id.
    async fn id(&self) -> Gid<ProductId> {
        Gid(self.product.id)
    }

    /// Its pictures, in order.
    async fn images(&self) -> Vec<AdminImage> {
        self.product.images.iter().map(AdminImage::from).collect()
    }

    /// What the buyer chooses; for a product in one form only, one option with one value.
    async fn options(&self) -> Vec<AdminProductOption> {
        let option = |option: &stoa_domain::catalog::ProductOption| AdminProductOption {
            name: option.name.clone(),
            values: option.values.iter().map(|value| value.name.clone()).collect(),
        };
        self.product.options.iter().map(option).collect()
    }

    /// What kind of thing it is; may be empty.
    async fn product_type(&self) -> &str {
        &self.product.product_type
    }

    /// Since when or from when it is offered; null: not at all.
    async fn published_at(&self) -> Option<DateTime> {
        self.product.published_at.map(Into::into)
    }

    /// What search engines are told.
    async fn seo(&self) -> Seo<'_> {
        Seo(&self.product.seo)
    }

    /// Whether it is offered.
    async fn status(&self) -> ProductStatus {
        self.product.status.into()
    }

    /// Its tags.
    async fn tags(&self) -> &[String] {
        &self.product.tags
    }

    /// The global id of the tax category that it is of; null: it is taxed as most things are.
    async fn tax_category_id(&self) -> Option<Gid<TaxCategoryId>> {
        self.facts.tax_category.map(Gid)
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.product.title
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.product.updated_at.into()
    }

    /// What can be bought, in order.
    async fn variants(
        &self,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<AdminProductVariant>, ApiError> {
        let args = PageArgs { after, before, first, last };
        let make = |at: usize| {
            let sides = self.product.variants.get(at).and_then(|of| self.facts.sides.get(&of.id));
            AdminProductVariant::new((Arc::clone(&self.product), at), sides.copied(), self.currency)
        };
        page_of(&self.product.variants, false, &args, |variant| variant.id.uuid(), make)
    }

    /// Who makes it; may be empty.
    async fn vendor(&self) -> &str {
        &self.product.vendor
    }
}
