//! A collection.

use super::{Seo, description::truncated};
use crate::graphql::{
    ApiError, Flat,
    media::Image,
    metafield::{self, HasMetafieldsIdentifier, Metafield},
    scalars::{DateTime, Gid, Html},
    shop::Storefront,
};
use async_graphql::Object;
use std::{borrow::Cow, sync::Arc};
use stoa_domain::{catalog, shared::CollectionId};

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
    fn image(&self) -> Option<Flat<Image<'_>>> {
        self.collection.image.as_ref().map(|image| Flat(Image::new(image, &self.shop)))
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

    /// What search engines are told.
    fn seo(&self) -> Flat<Seo<'_>> {
        Flat(Seo(&self.collection.seo))
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
