//! A collection, as staff see it.

use crate::graphql::{
    admin::products::AdminImage,
    catalog::{ProductCollectionSortKeys, Seo},
    scalars::{DateTime, Gid, Html},
};
use async_graphql::Object;
use stoa_domain::{catalog::Collection, shared::CollectionId};

/// A collection, as staff see it.
#[derive(Clone, Debug)]
pub struct AdminCollection(pub(crate) Collection);

/// A collection, as staff see it. What it holds, `collectionProducts` says.
#[Object]
impl AdminCollection {
    /// What it is.
    async fn description_html(&self) -> Html<'_> {
        Html(&self.0.description.html)
    }

    /// Its name in addresses.
    async fn handle(&self) -> String {
        self.0.handle.to_string()
    }

    /// The global id.
    async fn id(&self) -> Gid<CollectionId> {
        Gid(self.0.id)
    }

    /// Its picture.
    async fn image(&self) -> Option<AdminImage> {
        self.0.image.as_ref().map(AdminImage::from)
    }

    /// Since when or from when shoppers see it; null: not at all.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.published_at.map(Into::into)
    }

    /// What search engines are told.
    async fn seo(&self) -> Seo<'_> {
        Seo(&self.0.seo)
    }

    /// How its products are sorted where nobody asks for another order.
    async fn sort_order(&self) -> ProductCollectionSortKeys {
        self.0.default_sort.into()
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}
