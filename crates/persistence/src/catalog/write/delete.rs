//! Taking products and collections away.

use super::WriteContext;
use crate::{
    catalog::{
        entities::{collection, membership, product, variant},
        version,
    },
    db::{Raw, WriteTx, fault},
    inventory::{self, Removed, remove_items},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType};
use stoa_domain::{
    inventory::StockSnapshot,
    shared::{CollectionId, Fault, ProductId, VariantId},
};
use uuid::Uuid;

/// Why a product cannot be taken away. The transaction must then be dropped.
#[derive(Debug, thiserror::Error)]
pub enum DeleteProductError {
    /// There is no such product.
    #[error("the product is gone")]
    Gone,
    /// Units of it are promised to orders, which have to be sent or cancelled first.
    #[error("variants of the product are promised to orders: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Promised(Vec<VariantId>),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Takes a product away with everything that belongs to it, out of its collections too. Its stock is closed in the ledger; orders
/// keep their copies. Gives the stock of the variants that are gone, which is none: for whoever keeps figures of it.
///
/// # Errors
/// It is gone already, or units of it are promised to orders.
pub async fn delete_product(
    tx: &WriteTx,
    id: ProductId,
    context: &WriteContext<'_>,
) -> Result<Vec<StockSnapshot>, DeleteProductError> {
    version::raise(tx).await.map_err(fault("raising the catalogue's version"))?;
    let row = product::Entity::find_by_id(id.uuid()).lock(LockType::Update).one(tx.raw()).await;
    if row.map_err(fault("finding a product to delete"))?.is_none() {
        return Err(DeleteProductError::Gone);
    }
    let variants: Vec<Uuid> = variant::Entity::find()
        .select_only()
        .column(variant::Column::Id)
        .filter(variant::Column::ProductId.eq(id.uuid()))
        .order_by_asc(variant::Column::Id)
        .into_tuple()
        .all(tx.raw())
        .await
        .map_err(fault("finding the variants of a product to delete"))?;
    let variants: Vec<VariantId> = variants.into_iter().map(VariantId::new).collect();
    membership::Entity::delete_many()
        .filter(membership::Column::ProductId.eq(id.uuid()))
        .exec(tx.raw())
        .await
        .map_err(fault("taking a product out of its collections"))?;
    let mut gone = Vec::new();
    if !variants.is_empty() {
        inventory::lock_all(tx, variants.iter().copied()).await?;
        let removed = remove_items(tx.raw(), &variants, &context.cause()).await;
        match removed.map_err(fault("removing stock"))? {
            Removed::Gone(stock) => gone = stock,
            Removed::Promised(promised) => return Err(DeleteProductError::Promised(promised)),
        }
    }
    // What belongs to it goes with it.
    product::Entity::delete_by_id(id.uuid()).exec(tx.raw()).await.map_err(fault("deleting a product"))?;
    Ok(gone)
}

/// Takes a collection away; its products stay. False if there is none.
///
/// # Errors
/// The database does not answer.
pub async fn delete_collection(tx: &WriteTx, id: CollectionId) -> Result<bool, Fault> {
    version::raise(tx).await.map_err(fault("raising the catalogue's version"))?;
    // What it says of its products goes with it.
    let gone = collection::Entity::delete_by_id(id.uuid()).exec(tx.raw()).await;
    Ok(gone.map_err(fault("deleting a collection"))?.rows_affected == 1)
}
