//! Loading the demo shop, once.

use super::goods::{Good, Goods};
use stoa_domain::{
    catalog::{
        CollectionDraft, CollectionInput, Handle, ImageInput, ProductDraft, Seo, sort::CollectionProductSort,
    },
    inventory::Location,
    shared::{Clock, Currency, Fault, IdGenerator, LocationId, ProductId},
};
use stoa_persistence::{
    Db, Durability, WriteTx,
    catalog::{
        WriteContext, create_collection, create_product, find_collection_by_handle, find_product_by_handle,
        set_collection_products,
    },
    db::{MayFault, retrying},
    inventory,
};

/// Where the demo's stock lies.
const LOCATION: &str = "The workshop";

/// What is there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeded {
    /// Products.
    pub products: usize,
    /// Collections.
    pub collections: usize,
    /// Whether they were loaded just now, rather than found.
    pub new: bool,
    /// The handle of a product worth looking at.
    pub show: String,
}

/// Why the demo shop could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The goods break a rule of the catalogue: a fault of ours, which a test prevents.
    #[error("the demo's goods are not in order: {0}")]
    Goods(String),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl MayFault for SeedError {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Goods(_) => None,
        }
    }
}

/// Loads the demo shop in one transaction, unless it is there already; whatever else the shop sells is left alone.
///
/// # Errors
/// The database does not answer.
pub async fn seed(
    db: &Db,
    clock: &dyn Clock,
    ids: &dyn IdGenerator,
    currency: Currency,
) -> Result<Seeded, SeedError> {
    let goods = Goods::read().map_err(|e| SeedError::Goods(e.to_string()))?;
    let first = goods.product.first().ok_or_else(|| SeedError::Goods("there are none".into()))?;
    let show = Handle::from_title(&first.title).as_str().to_owned();
    // The last collection is written last: where it stands, all stands.
    let last = goods.collection.last().map_or("", |c| c.handle.as_str());
    let there = find_collection_by_handle(db.read(), last).await?.is_some();
    if !there {
        retrying(|| load(db, clock, ids, currency, &goods)).await?;
    }
    Ok(Seeded { products: goods.product.len(), collections: goods.collection.len(), new: !there, show })
}

async fn load(
    db: &Db,
    clock: &dyn Clock,
    ids: &dyn IdGenerator,
    currency: Currency,
    goods: &Goods,
) -> Result<(), SeedError> {
    let now = clock.now();
    let tx = db.write(Durability::Full).await?;
    let location = location(&tx, ids, now).await?;
    let context = WriteContext { ids, now, location, reference: None };
    let mut made: Vec<(&Good, ProductId)> = Vec::with_capacity(goods.product.len());
    for (n, good) in goods.product.iter().enumerate() {
        let input = goods.input(n + 1, good, currency, now).map_err(|e| wrong(&good.title, e))?;
        let draft = ProductDraft::try_new(&input).map_err(|e| wrong(&good.title, e))?;
        // A merchant's own product of this name stays what it is.
        if find_product_by_handle(&tx, draft.handle().as_str()).await?.is_none() {
            let id = create_product(&tx, &draft, &context).await.map_err(|e| wrong(&good.title, e))?;
            made.push((good, id));
        }
    }
    for group in &goods.collection {
        let members: Vec<&(&Good, ProductId)> =
            made.iter().filter(|(good, _)| group.types.contains(&good.product_type)).collect();
        let input = CollectionInput {
            title: group.title.clone(),
            handle: Some(group.handle.clone()),
            description_html: format!("<p>{}</p>", group.description),
            image: members.first().map(|(good, _)| picture_of(good)),
            seo: Seo::default(),
            default_sort: CollectionProductSort::Manual,
            published_at: Some(now),
        };
        let draft = CollectionDraft::try_new(&input).map_err(|e| wrong(&group.title, e))?;
        let id = create_collection(&tx, &draft, &context).await.map_err(|e| wrong(&group.title, e))?;
        let members: Vec<ProductId> = members.iter().map(|(_, id)| *id).collect();
        set_collection_products(&tx, id, &members, &context).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn location(
    tx: &WriteTx,
    ids: &dyn IdGenerator,
    now: stoa_domain::shared::Timestamp,
) -> Result<LocationId, Fault> {
    if let Some(first) = inventory::locations(tx).await?.first() {
        return Ok(first.id);
    }
    let location = Location { id: LocationId::new(ids.id()), name: LOCATION.to_owned(), position: 1 };
    inventory::add_location(tx, &location, now).await?;
    Ok(location.id)
}

fn picture_of(good: &Good) -> ImageInput {
    ImageInput {
        url: format!("/media/demo/{}.svg", good.shape),
        alt_text: Some(good.title.clone()),
        width: Some(super::pictures::SIDE),
        height: Some(super::pictures::SIDE),
    }
}

fn wrong(what: &str, error: impl std::fmt::Display) -> SeedError {
    SeedError::Goods(format!("{what}: {error}"))
}
