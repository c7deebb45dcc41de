//! Changing products.
//!
//! What stays the same keeps its id, so that open carts, bookmarks and caches of clients stay right: an option by its
//! name or else its place, a value by its name, an image by its address, a variant by its option values or else its
//! SKU. A variant known by its SKU moves to values that no other variant has, or it would have been known by those: so
//! rows can be written in any order.

use super::{
    WriteContext, create,
    matching::{Kept, Matched},
    parts::PartRows,
    rows,
};
use crate::catalog::{
    entities::{image, membership, option, tag, term, variant},
    version,
};
use crate::db::{Raw, Violation, WriteTx, bind_chunks, fault, violation};
use crate::inventory::{self, Removed, insert_items, remove_items};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IdenStatic, IntoActiveModel,
    Iterable, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};
use stoa_domain::{
    catalog::{Handle, ProductDraft},
    inventory::{SetStockError, StockSnapshot},
    shared::{Fault, ProductId, VariantId},
};

/// Why a product cannot be changed. The transaction must then be dropped.
#[derive(Debug, thiserror::Error)]
pub enum UpdateProductError {
    /// There is no such product.
    #[error("the product is gone")]
    Gone,
    /// Another product has the handle.
    #[error("another product has the handle {0}")]
    HandleTaken(Handle),
    /// A variant that the draft no longer has is promised to orders.
    #[error("a variant that would be deleted is promised to orders: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    VariantPromised(Vec<VariantId>),
    /// A variant's stock cannot be what the draft says.
    #[error("the stock of variant {number} is refused: {error}")]
    Stock {
        /// Which variant of the draft, counted from 1.
        number: usize,
        /// Why.
        error: SetStockError,
    },
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Makes a product what the draft says. Stock of variants that stay is set where the draft names a count. Gives the
/// stock of those it changed, and of those that are gone, which is none.
///
/// # Errors
/// The change is refused.
pub async fn update_product(
    tx: &WriteTx,
    id: ProductId,
    draft: &ProductDraft,
    import_hash: Option<[u8; 32]>,
    context: &WriteContext<'_>,
) -> Result<Vec<StockSnapshot>, UpdateProductError> {
    version::raise(tx).await.map_err(fault("raising the catalogue's version"))?;
    let kept = Kept::read(tx, id).await.map_err(fault("reading a product to change"))?;
    let matched = Matched::new(&kept, draft, context.ids);

    let mut row = rows::product(id, draft, context.now);
    row.import_hash = Set(import_hash.map(Vec::from));
    match row.update_without_returning(tx.raw()).await {
        Ok(updated) if updated.rows_affected == 1 => {}
        Ok(_) | Err(DbErr::RecordNotUpdated) => return Err(UpdateProductError::Gone),
        Err(error) if violation(&error) == Some(Violation::Unique("uq_products_handle".to_owned())) => {
            return Err(UpdateProductError::HandleTaken(draft.handle().clone()));
        }
        Err(error) => return Err(fault("changing a product")(error).into()),
    }
    carry_to_collections(tx, id, draft).await.map_err(fault("changing a product in its collections"))?;
    // Those that stay as well as those that go: below they are locked as they come.
    inventory::lock_all(tx, kept.variants()).await?;
    let gone = remove_stock(tx, &matched.removed, context).await?;
    write_parts(tx, id, draft, &matched).await.map_err(fault("changing a product's parts"))?;
    let created_at = kept.created_at.unwrap_or(context.now);
    let document = rows::document(&matched.product(id, draft, created_at, context.now));
    let document = document.map_err(fault("writing a product as a document"))?;
    upsert(tx.raw(), vec![document], "product_id").await.map_err(fault("writing a product as a document"))?;
    let mut moved = write_stock(tx, draft, &kept, &matched, context).await?;
    moved.extend(gone);
    Ok(moved)
}

/// Takes the stock of variants away that the draft no longer has.
async fn remove_stock(
    tx: &WriteTx,
    removed: &[VariantId],
    context: &WriteContext<'_>,
) -> Result<Vec<StockSnapshot>, UpdateProductError> {
    if removed.is_empty() {
        return Ok(Vec::new());
    }
    match remove_items(tx.raw(), removed, &context.cause()).await.map_err(fault("removing stock"))? {
        Removed::Gone(stock) => Ok(stock),
        Removed::Promised(promised) => Err(UpdateProductError::VariantPromised(promised)),
    }
}

/// Writes everything below the product anew, under the ids that were matched.
async fn write_parts(
    tx: &WriteTx,
    id: ProductId,
    draft: &ProductDraft,
    matched: &Matched,
) -> Result<(), DbErr> {
    let connection = tx.raw();
    let mut parts = PartRows::default();
    parts.add(id, draft, matched);
    // Images are there before variants point to them. A variant whose image goes points to none, until it is written below.
    upsert(connection, parts.images, "id").await?;
    image::Entity::delete_many()
        .filter(image::Column::ProductId.eq(id.uuid()))
        .filter(image::Column::Id.is_not_in(matched.images.iter().map(|i| i.uuid())))
        .exec(connection)
        .await?;
    if !matched.removed.is_empty() {
        variant::Entity::delete_many()
            .filter(variant::Column::Id.is_in(matched.removed.iter().map(|id| id.uuid())))
            .exec(connection)
            .await?;
    }
    upsert(connection, parts.variants, "id").await?;

    // Values go with their options.
    option::Entity::delete_many().filter(option::Column::ProductId.eq(id.uuid())).exec(connection).await?;
    tag::Entity::delete_many().filter(tag::Column::ProductId.eq(id.uuid())).exec(connection).await?;
    term::Entity::delete_many().filter(term::Column::ProductId.eq(id.uuid())).exec(connection).await?;
    rows::insert_all(connection, parts.options).await?;
    rows::insert_all(connection, parts.values).await?;
    rows::insert_all(connection, parts.tags).await?;
    rows::insert_all(connection, parts.terms).await
}

/// The sort keys that collections keep of the product.
async fn carry_to_collections(tx: &WriteTx, id: ProductId, draft: &ProductDraft) -> Result<(), DbErr> {
    membership::Entity::update_many()
        .col_expr(membership::Column::TitleKey, Expr::value(stoa_domain::catalog::fold_key(draft.title())))
        .col_expr(membership::Column::MinPrice, Expr::value(draft.price().min))
        .filter(membership::Column::ProductId.eq(id.uuid()))
        .exec(tx.raw())
        .await
        .map(drop)
}

/// Inserts rows, or makes those with the same key the same.
async fn upsert<C, A>(connection: &C, rows: Vec<A>, key: &'static str) -> Result<(), DbErr>
where
    C: ConnectionTrait,
    A: ActiveModelTrait + Clone + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let others: Vec<_> =
        <A::Entity as EntityTrait>::Column::iter().filter(|column| column.as_str() != key).collect();
    for chunk in bind_chunks(&rows, others.len() + 1) {
        A::Entity::insert_many(chunk.iter().cloned())
            .on_conflict(OnConflict::column(key).update_columns(others.clone()).to_owned())
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

async fn write_stock(
    tx: &WriteTx,
    draft: &ProductDraft,
    kept: &Kept,
    matched: &Matched,
    context: &WriteContext<'_>,
) -> Result<Vec<StockSnapshot>, UpdateProductError> {
    let mut new = Vec::new();
    let mut snapshots = Vec::new();
    for (n, (variant, place)) in draft.variants().iter().zip(&matched.variants).enumerate() {
        if place.new {
            new.push(create::new_stock(place.id, variant));
            continue;
        }
        let refused = |error| UpdateProductError::Stock { number: n + 1, error };
        let stock = variant.stock;
        let before = kept.stock_version(place.id);
        let mut snapshot =
            inventory::set_policy(tx, place.id, stock.tracked, stock.backorder_limit, &context.cause())
                .await
                .map_err(refused)?;
        if let Some(on_hand) = stock.on_hand {
            snapshot =
                inventory::set_on_hand(tx, (place.id, context.location), on_hand, None, &context.cause())
                    .await
                    .map_err(refused)?;
        }
        if before != Some(snapshot.version) {
            snapshots.push(snapshot);
        }
    }
    insert_items(tx.raw(), &new, context.location, &context.cause()).await.map_err(fault("writing stock"))?;
    Ok(snapshots)
}
