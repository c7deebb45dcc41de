//! What is bought.

use super::{Product, ProductData, SelectedOption, UnitPriceMeasurement};
use crate::graphql::{
    ApiError, List, MoneyV2, Ready,
    abstract_type::union,
    location::{GeoCoordinateInput, StoreAvailability},
    media::Image,
    paging::{Connection, PageArgs},
    scalars::Gid,
};
use async_graphql::Object;
use std::sync::Arc;
use stoa_domain::{catalog, shared::VariantId};
use stoa_services::catalog::VariantStock;

/// Grams of a kilogram.
const KILOGRAM: f64 = 1_000.0;

/// A variant of a product.
#[derive(Clone, Debug)]
pub struct ProductVariant {
    product: Arc<ProductData>,
    /// Always an index of the product's variants.
    at: usize,
}

impl ProductVariant {
    /// The variant at an index; `None` if the product has no such.
    pub fn new(product: &Arc<ProductData>, at: usize) -> Option<Self> {
        (at < product.product.variants.len()).then(|| Self::nth(product, at))
    }

    /// The variant at an index that is known to be one.
    pub(super) fn nth(product: &Arc<ProductData>, at: usize) -> Self {
        Self { product: Arc::clone(product), at }
    }

    /// The variant with an id; `None` if it is not the product's.
    pub fn find(product: &Arc<ProductData>, id: VariantId) -> Option<Self> {
        let at = product.product.variants.iter().position(|variant| variant.id == id)?;
        Self::new(product, at)
    }

    /// Its identifier.
    pub fn uuid(&self) -> VariantId {
        self.inner().id
    }

    fn inner(&self) -> &catalog::Variant {
        &self.product.product.variants[self.at]
    }

    fn stock(&self) -> VariantStock {
        self.product.stock_of(self.at)
    }

    fn money(&self, minor: i64) -> Ready<MoneyV2> {
        Ready(self.product.currency().of(minor))
    }
}

/// What is bought: one combination of a product's option values.
#[Object]
impl ProductVariant {
    /// Whether any can be bought now.
    fn available_for_sale(&self) -> bool {
        self.stock().available
    }

    /// The price it used to have or has elsewhere.
    fn compare_at_price(&self) -> Option<Ready<MoneyV2>> {
        self.inner().compare_at_price.map(|minor| self.money(minor))
    }

    /// Its global id.
    fn id(&self) -> Gid<VariantId> {
        Gid(self.inner().id)
    }

    /// Its own picture, or else the product's first.
    fn image(&self) -> Option<Ready<Image<'_>>> {
        let image = self.product.product.image_of(self.inner())?;
        Some(Ready(Image::new(image, &self.product.shop)))
    }

    /// The price of one.
    fn price(&self) -> Ready<MoneyV2> {
        self.money(self.inner().price)
    }

    /// The product.
    fn product(&self) -> Ready<Product> {
        Ready(Product(Arc::clone(&self.product)))
    }

    /// How many can be bought now; null where the shop does not count them. At most 2147483647.
    fn quantity_available(&self) -> Option<i32> {
        self.stock().quantity.map(|units| i32::try_from(units.max(0)).unwrap_or(i32::MAX))
    }

    /// Whether it has to be delivered.
    fn requires_shipping(&self) -> bool {
        self.inner().requires_shipping
    }

    /// The option values that choose it, in the order of the options.
    fn selected_options(&self) -> List<Ready<SelectedOption<'_>>> {
        let options = self.product.product.selected_options(self.inner());
        List::new(options.map(|(name, value)| Ready(SelectedOption::new(name, value))).collect(), true)
    }

    /// The shop's own code.
    fn sku(&self) -> Option<&str> {
        self.inner().sku.as_deref()
    }

    /// Where it can be picked up. The shop offers no picking up yet, so the list is empty.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    fn store_availability(
        &self,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Where the buyer is.")] near: Option<GeoCoordinateInput>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
    ) -> Result<Connection<StoreAvailability>, ApiError> {
        let _ = (near, reverse);
        PageArgs { after, before, first, last }.request()?;
        Ok(Connection::empty())
    }

    /// The names of its option values, as in "L / Red"; "Default Title" where there is nothing to choose.
    fn title(&self) -> &str {
        &self.inner().title
    }

    /// The price of a unit of measurement; null until variants are measured.
    fn unit_price(&self) -> Option<Ready<MoneyV2>> {
        None
    }

    /// How much it holds; null until variants are measured.
    fn unit_price_measurement(&self) -> Option<UnitPriceMeasurement> {
        None
    }

    /// Its weight in kilograms.
    fn weight(&self) -> Option<f64> {
        // Weights are whole grams, far below where a double loses one.
        #[expect(clippy::cast_precision_loss, reason = "grams stay below 2^53")]
        Some(self.inner().weight_grams as f64 / KILOGRAM)
    }
}

union! {
    /// What a line of a cart buys.
    pub enum Merchandise {
        ProductVariant(ProductVariant),
    }
}
