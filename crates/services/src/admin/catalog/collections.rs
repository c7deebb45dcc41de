//! Collections, and what they hold.

use super::{first_location, look_again, told, writing};
use crate::{Context, audit::AuditedTx};
use std::{collections::HashSet, sync::Arc};
use stoa_domain::{
    access::{
        Permit,
        grants::{ProductsRead, ProductsWrite},
    },
    catalog::{
        Collection, CollectionDraft, CollectionInput, CollectionsListing, Handle, ImageInput, InvalidProduct,
        Seo, sort::CollectionProductSort,
    },
    shared::{
        CollectionId, Fault, ProductId, Timestamp,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    catalog::{self, SaveCollectionError},
    db::{Conn, ListError, retrying},
};

/// Products of a collection: whoever puts them into an order of their own does it by hand.
const MOST: usize = 10_000;

/// Why a collection stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    /// There is no such collection.
    #[error("there is no such collection")]
    NotFound,
    /// A rule is broken.
    #[error(transparent)]
    Invalid(#[from] InvalidProduct),
    /// Another collection has the handle.
    #[error("another collection has the handle {0}")]
    HandleTaken(Handle),
    /// There is no such product, or it is not in the collection.
    #[error("there is no product {0}")]
    NoProduct(ProductId),
    /// More products than anybody arranges.
    #[error("a collection holds at most {MOST} products")]
    TooMany,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(CollectionError);

impl From<SaveCollectionError> for CollectionError {
    fn from(error: SaveCollectionError) -> Self {
        match error {
            SaveCollectionError::Gone => Self::NotFound,
            SaveCollectionError::HandleTaken(handle) => Self::HandleTaken(handle),
            SaveCollectionError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// What is to be other of a collection; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct CollectionPatch {
    /// Title.
    pub title: Option<String>,
    /// Its name in addresses.
    pub handle: Option<String>,
    /// What it is, as HTML.
    pub description_html: Option<String>,
    /// Its picture; `Some(None)`: none.
    pub image: Option<Option<ImageInput>>,
    /// For search engines.
    pub seo: Option<Seo>,
    /// How its products are sorted where nobody asks for another order.
    pub default_sort: Option<CollectionProductSort>,
    /// From when shoppers see it; `Some(None)`: not at all.
    pub published_at: Option<Option<Timestamp>>,
}

/// A product that goes to another place of its collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Which.
    pub product: ProductId,
    /// How many stand before it then.
    pub to: usize,
}

/// What is to become of what a collection holds.
enum Arrange<'a> {
    Add(&'a [ProductId]),
    Remove(&'a [ProductId]),
    Reorder(&'a [Move]),
}

/// Collections, for people.
pub struct Collections(pub(crate) Arc<Context>);

impl Collections {
    /// A page of all collections, whether or not shoppers may see them. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "collection.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<ProductsRead>,
        listing: &CollectionsListing,
        request: &PageRequest,
    ) -> Result<Page<CollectionId>, ListError> {
        catalog::list_all_collections(self.0.db().read(), listing, request).await
    }

    /// Those with these ids that there are, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<ProductsRead>,
        ids: &[CollectionId],
    ) -> Result<Vec<Collection>, Fault> {
        catalog::collections_by_ids(self.0.db().read(), ids).await
    }

    /// All that one holds, in its own order, whether or not shoppers may see it. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn products(
        &self,
        _by: &Permit<ProductsRead>,
        id: CollectionId,
    ) -> Result<Vec<ProductId>, Fault> {
        catalog::collection_members(self.0.db().read(), id).await
    }

    /// Makes one that holds these products.
    ///
    /// # Errors
    /// A rule is broken, the handle is another's, or a product is not there.
    #[tracing::instrument(name = "collection.create", skip_all)]
    pub async fn create(
        &self,
        by: &Permit<ProductsWrite>,
        input: &CollectionInput,
        products: &[ProductId],
    ) -> Result<Collection, CollectionError> {
        let draft = CollectionDraft::try_new(input)?;
        let made = retrying(|| self.create_once(by, &draft, products)).await?;
        look_again(&self.0).await;
        Ok(made)
    }

    /// Changes what is said of it, and leaves the rest. To say what is so already changes nothing.
    ///
    /// # Errors
    /// A rule is broken, or the handle is another's.
    #[tracing::instrument(name = "collection.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<ProductsWrite>,
        id: CollectionId,
        patch: &CollectionPatch,
    ) -> Result<Collection, CollectionError> {
        let after = retrying(|| self.update_once(by, id, patch)).await?;
        look_again(&self.0).await;
        Ok(after)
    }

    /// Takes it away; its products stay.
    ///
    /// # Errors
    /// There is none.
    #[tracing::instrument(name = "collection.delete", skip_all)]
    pub async fn delete(&self, by: &Permit<ProductsWrite>, id: CollectionId) -> Result<(), CollectionError> {
        retrying(|| self.delete_once(by, id)).await?;
        look_again(&self.0).await;
        Ok(())
    }

    /// Puts products behind those that it holds; those that it holds stay where they are.
    ///
    /// # Errors
    /// There is no such collection, or no such product.
    #[tracing::instrument(name = "collection.add_products", skip_all)]
    pub async fn add(
        &self,
        by: &Permit<ProductsWrite>,
        id: CollectionId,
        products: &[ProductId],
    ) -> Result<Collection, CollectionError> {
        self.arrange(by, id, ("collection.add_products", &Arrange::Add(products))).await
    }

    /// Takes products out of it; those that it does not hold are passed over.
    ///
    /// # Errors
    /// There is no such collection.
    #[tracing::instrument(name = "collection.remove_products", skip_all)]
    pub async fn remove(
        &self,
        by: &Permit<ProductsWrite>,
        id: CollectionId,
        products: &[ProductId],
    ) -> Result<Collection, CollectionError> {
        self.arrange(by, id, ("collection.remove_products", &Arrange::Remove(products))).await
    }

    /// Moves products of it, one after the other.
    ///
    /// # Errors
    /// There is no such collection, or it does not hold the product.
    #[tracing::instrument(name = "collection.reorder_products", skip_all)]
    pub async fn reorder(
        &self,
        by: &Permit<ProductsWrite>,
        id: CollectionId,
        moves: &[Move],
    ) -> Result<Collection, CollectionError> {
        self.arrange(by, id, ("collection.reorder_products", &Arrange::Reorder(moves))).await
    }

    async fn arrange(
        &self,
        by: &Permit<ProductsWrite>,
        id: CollectionId,
        how: (&'static str, &Arrange<'_>),
    ) -> Result<Collection, CollectionError> {
        let after = retrying(|| self.arrange_once(by, id, how)).await?;
        look_again(&self.0).await;
        Ok(after)
    }

    async fn create_once(
        &self,
        by: &Permit<ProductsWrite>,
        draft: &CollectionDraft,
        products: &[ProductId],
    ) -> Result<Collection, CollectionError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        catalog::take_turn(tx).await?;
        let holds = Arrange::Add(products).of(tx, Vec::new()).await?;
        let context = writing(ctx, first_location(ctx, tx, now).await?, now);
        let id = catalog::create_collection(tx, draft, &context).await?;
        if !holds.is_empty() {
            catalog::set_collection_products(tx, id, &holds, &context).await?;
        }
        let made = read(tx, id).await?.ok_or(CollectionError::NotFound)?;
        let changes = told::members(told::collection(id, None, Some(&made)), &[], &holds);
        audited.commit("collection.create", &changes).await?;
        Ok(made)
    }

    async fn update_once(
        &self,
        by: &Permit<ProductsWrite>,
        id: CollectionId,
        patch: &CollectionPatch,
    ) -> Result<Collection, CollectionError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        catalog::take_turn(tx).await?;
        let before = read(tx, id).await?.ok_or(CollectionError::NotFound)?;
        let draft = CollectionDraft::try_new(&patch.over(&before))?;
        let context = writing(ctx, first_location(ctx, tx, now).await?, now);
        catalog::update_collection(tx, id, &draft, &context).await?;
        let after = read(tx, id).await?.ok_or(CollectionError::NotFound)?;
        if before == (Collection { updated_at: before.updated_at, ..after.clone() }) {
            // Given up: not even its time of change is another.
            return Ok(before);
        }
        let changes = told::collection(id, Some(&before), Some(&after));
        audited.commit("collection.update", &changes).await?;
        Ok(after)
    }

    async fn delete_once(&self, by: &Permit<ProductsWrite>, id: CollectionId) -> Result<(), CollectionError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        catalog::take_turn(tx).await?;
        let before = read(tx, id).await?.ok_or(CollectionError::NotFound)?;
        let held = catalog::collection_members(tx, id).await?;
        if !catalog::delete_collection(tx, id).await? {
            return Err(CollectionError::NotFound);
        }
        let changes = told::members(told::collection(id, Some(&before), None), &held, &[]);
        audited.commit("collection.delete", &changes).await?;
        Ok(())
    }

    async fn arrange_once(
        &self,
        by: &Permit<ProductsWrite>,
        id: CollectionId,
        (act, how): (&'static str, &Arrange<'_>),
    ) -> Result<Collection, CollectionError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        catalog::take_turn(tx).await?;
        let before = read(tx, id).await?.ok_or(CollectionError::NotFound)?;
        let held = catalog::collection_members(tx, id).await?;
        let holds = how.of(tx, held.clone()).await?;
        if holds == held {
            return Ok(before);
        }
        let context = writing(ctx, first_location(ctx, tx, now).await?, now);
        catalog::set_collection_products(tx, id, &holds, &context).await?;
        let after = read(tx, id).await?.ok_or(CollectionError::NotFound)?;
        let changes = told::members(told::collection(id, Some(&before), Some(&after)), &held, &holds);
        audited.commit(act, &changes).await?;
        Ok(after)
    }
}

impl CollectionPatch {
    /// The collection as it is, with what is to be other.
    fn over(&self, known: &Collection) -> CollectionInput {
        let image = known.image.as_ref().map(|image| ImageInput {
            url: image.url.clone(),
            alt_text: image.alt_text.clone(),
            width: image.width,
            height: image.height,
        });
        CollectionInput {
            title: self.title.clone().unwrap_or_else(|| known.title.clone()),
            handle: self.handle.clone().or_else(|| Some(known.handle.to_string())),
            description_html: self.description_html.clone().unwrap_or_else(|| known.description.html.clone()),
            image: self.image.clone().unwrap_or(image),
            seo: self.seo.clone().unwrap_or_else(|| known.seo.clone()),
            default_sort: self.default_sort.unwrap_or(known.default_sort),
            published_at: self.published_at.unwrap_or(known.published_at),
        }
    }
}

impl Arrange<'_> {
    /// What a collection holds afterwards that holds these.
    async fn of(
        &self,
        conn: &impl Conn,
        mut holds: Vec<ProductId>,
    ) -> Result<Vec<ProductId>, CollectionError> {
        match self {
            Self::Add(products) => {
                let mut known: HashSet<ProductId> = holds.iter().copied().collect();
                holds.extend(products.iter().filter(|id| known.insert(**id)));
                if holds.len() > MOST {
                    return Err(CollectionError::TooMany);
                }
                let there = catalog::products_by_ids(conn, products).await?;
                let there: HashSet<ProductId> = there.into_iter().map(|product| product.id).collect();
                if let Some(missing) = products.iter().find(|id| !there.contains(id)) {
                    return Err(CollectionError::NoProduct(*missing));
                }
            }
            Self::Remove(products) => {
                let gone: HashSet<&ProductId> = products.iter().collect();
                holds.retain(|id| !gone.contains(id));
            }
            Self::Reorder(moves) => {
                for Move { product, to } in *moves {
                    let from = holds.iter().position(|id| id == product);
                    let moved = holds.remove(from.ok_or(CollectionError::NoProduct(*product))?);
                    holds.insert(holds.len().min(*to), moved);
                }
            }
        }
        Ok(holds)
    }
}

/// Behind the catalogue's turn it stays so until the transaction ends.
async fn read(conn: &impl Conn, id: CollectionId) -> Result<Option<Collection>, Fault> {
    Ok(catalog::collections_by_ids(conn, &[id]).await?.pop())
}
