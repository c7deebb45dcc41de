//! What the pages ask the catalogue.

use super::availability::Stock;
use crate::{error::PageError, state::Web};
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    catalog::{Product, ProductListing, sort::ProductSort},
    shared::{Fault, VariantId, page::PageRequest},
};
use stoa_services::catalog::{ListError, ProductPage};

impl Web {
    /// The product that shoppers see under a handle.
    ///
    /// # Errors
    /// The database does not answer.
    pub(super) async fn listed_product(&self, handle: &str) -> Result<Option<Arc<Product>>, Fault> {
        self.services().catalog.product_by_handle(handle).await
    }

    /// A page of the shop, from A to Z.
    ///
    /// # Errors
    /// The position is not of this list, or the database does not answer.
    pub(super) async fn product_page(&self, request: PageRequest) -> Result<ProductPage, PageError> {
        let listing = ProductListing { sort: ProductSort::Title, ..ProductListing::default() };
        self.services().catalog.products(listing, request).await.map_err(|error| match error {
            ListError::Cursor(_) => PageError::Malformed,
            ListError::Fault(fault) => fault.into(),
        })
    }

    /// For each product of a page, whether any of its variants can be had.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub(super) async fn available_products(&self, page: &ProductPage) -> Result<Vec<bool>, Fault> {
        let stock = self.services().catalog.stock_of(page.nodes().map(AsRef::as_ref)).await?;
        Ok(stock.iter().map(|variants| variants.iter().any(|v| v.available)).collect())
    }

    /// What can be had of a product's variants.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub(super) async fn stock_of(&self, product: &Product) -> Result<HashMap<VariantId, Stock>, Fault> {
        let stock = self.services().catalog.stock(product).await?;
        let variants = product.variants.iter().map(|variant| variant.id);
        Ok(variants.zip(stock.iter().map(|s| Stock::new(s.quantity))).collect())
    }
}
