//! A collection.

use super::{
    ProductCollectionSortKeys, ProductConnection, ProductFilter, Seo,
    description::truncated,
    filter::{self, Filters},
};
use crate::graphql::{
    ApiError, Ready, Request,
    media::Image,
    metafield::{self, HasMetafieldsIdentifier, Metafield},
    paging::PageArgs,
    scalars::{DateTime, Gid, Html},
    shop::Storefront,
};
use async_graphql::{Context, Object};
use std::{borrow::Cow, sync::Arc};
use stoa_domain::{catalog, shared::CollectionId};
use stoa_services::catalog::ProductIdPage;

/// A collection of products.
#[derive(Clone, Debug)]
pub struct Collection {
    collection: Arc<catalog::Collection>,
    shop: Arc<Storefront>,
}

impl Collection {
    /// A collection of this shop.
    pub const fn new(collection: Arc<catalog::Collection>, shop: Arc<Storefront>) -> Self {
        Self { collection, shop }
    }
}

/// A group of products that the shop shows together.
#[Object]
impl Collection {
    /// What it is, without markup.
    fn description(
        &self,
        #[graphql(desc = "At most so many characters, cut between words.")] truncate_at: Option<i32>,
    ) -> Result<Cow<'_, str>, ApiError> {
        truncated(&self.collection.description, truncate_at)
    }

    /// What it is, as HTML.
    fn description_html(&self) -> Html<'_> {
        Html(&self.collection.description.html)
    }

    /// Its name in addresses.
    fn handle(&self) -> &str {
        self.collection.handle.as_str()
    }

    /// Its global id.
    fn id(&self) -> Gid<CollectionId> {
        Gid(self.collection.id)
    }

    /// Its picture.
    fn image(&self) -> Option<Ready<Image<'_>>> {
        self.collection.image.as_ref().map(|image| Ready(Image::new(image, &self.shop)))
    }

    /// A metafield by name; null, since none can be kept yet.
    fn metafield(
        &self,
        #[graphql(desc = "The name within the namespace.")] key: String,
        #[graphql(desc = "The namespace.")] namespace: Option<String>,
    ) -> Option<Metafield> {
        let _ = (key, namespace);
        None
    }

    /// Metafields by name, null where there is none.
    fn metafields(
        &self,
        #[graphql(desc = "The names.")] identifiers: Vec<HasMetafieldsIdentifier>,
    ) -> Vec<Option<Metafield>> {
        metafield::none_of(identifiers)
    }

    /// Its products.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "What the products must be.")] filters: Option<Vec<ProductFilter>>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
        #[graphql(
            desc = "How the list is sorted.",
            default_with = "Some(ProductCollectionSortKeys::CollectionDefault)"
        )]
        sort_key: Option<ProductCollectionSortKeys>,
    ) -> Result<Ready<ProductConnection>, ApiError> {
        let page = PageArgs { after, before, first, last }.request()?;
        let page = match filter::read(filters.unwrap_or_default(), self.shop.currency)? {
            Filters::Nothing => ProductIdPage::empty(),
            Filters::Conditions(filters) => {
                let sort = sort_key.map_or_else(Default::default, Into::into);
                let catalog = &ctx.services().catalog;
                let reverse = reverse.unwrap_or(false);
                catalog.collection_product_ids(&self.collection, sort, reverse, filters, page).await?
            }
        };
        Ok(Ready(ProductConnection::load(ctx, page).await?))
    }

    /// What search engines are told.
    fn seo(&self) -> Ready<Seo<'_>> {
        Ready(Seo(&self.collection.seo))
    }

    /// Its title.
    fn title(&self) -> &str {
        &self.collection.title
    }

    /// Parameters to add to its address when it came from a search; null, since searches are not tracked.
    fn tracking_parameters(&self) -> Option<&str> {
        None
    }

    /// When it was last changed.
    fn updated_at(&self) -> DateTime {
        DateTime(self.collection.updated_at)
    }
}
