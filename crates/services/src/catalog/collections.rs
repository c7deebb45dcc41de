//! Collections.

use super::{
    Catalog,
    cache::{CollectionPage, PageKey},
};
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    catalog::{Collection, CollectionsListing},
    shared::{
        CollectionId, Fault,
        page::{Page, PageRequest, PageRow},
    },
};
use stoa_persistence::catalog::{self, ListError};

impl Catalog {
    /// A collection that shoppers see.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn collection(&self, id: CollectionId) -> Result<Option<Arc<Collection>>, Fault> {
        let generation = self.current().await?;
        let found = self.load_collections(generation, &[id]).await?.into_iter().next().flatten();
        let now = self.now();
        Ok(found.filter(|c| c.published_at.is_some_and(|at| at <= now)))
    }

    /// The collection that shoppers see under a handle.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn collection_by_handle(&self, handle: &str) -> Result<Option<Arc<Collection>>, Fault> {
        let generation = self.current().await?;
        let id = match self.caches.collection_handles.get(generation, handle) {
            Some(known) => known,
            None => {
                let found = catalog::find_collection_by_handle(&self.reader().await?, handle).await?;
                self.caches.collection_handles.insert(generation, handle.into(), found);
                found
            }
        };
        match id {
            Some(id) => self.collection(id).await,
            None => Ok(None),
        }
    }

    /// A page of the shop's collections.
    ///
    /// # Errors
    /// A cursor is not of this list, or the database does not answer.
    pub async fn collections(
        &self,
        listing: CollectionsListing,
        page: PageRequest,
    ) -> Result<CollectionPage, ListError> {
        let generation = self.current().await?;
        let key = PageKey { list: listing, page, epoch: 0 };
        if let Some(known) = self.caches.collection_pages.get(generation, &key) {
            return Ok(known);
        }
        let ids = catalog::list_collections(&self.reader().await?, &key.list, &key.page, self.now()).await?;
        let wanted: Vec<CollectionId> = ids.nodes().copied().collect();
        let collections = self.load_collections(generation, &wanted).await?;
        let rows = ids.rows.into_iter().zip(collections);
        let page = Arc::new(Page {
            rows: rows.filter_map(|(row, node)| Some(PageRow { cursor: row.cursor, node: node? })).collect(),
            info: ids.info,
        });
        self.caches.collection_pages.insert(generation, key, Arc::clone(&page));
        Ok(page)
    }

    /// Collections from the cache, the missing ones read at once; in the order of the ids.
    async fn load_collections(
        &self,
        generation: u64,
        ids: &[CollectionId],
    ) -> Result<Vec<Option<Arc<Collection>>>, Fault> {
        let known: Vec<Option<Option<Arc<Collection>>>> =
            ids.iter().map(|id| self.caches.collections.get(generation, id)).collect();
        let missing: Vec<CollectionId> =
            ids.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(id, _)| *id).collect();
        let mut found = HashMap::new();
        if !missing.is_empty() {
            for collection in catalog::collections_by_ids(&self.reader().await?, &missing).await? {
                found.insert(collection.id, Arc::new(collection));
            }
            for id in missing {
                self.caches.collections.insert(generation, id, found.get(&id).cloned());
            }
        }
        Ok(ids.iter().zip(known).map(|(id, known)| known.unwrap_or_else(|| found.get(id).cloned())).collect())
    }
}
