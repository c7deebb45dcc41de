//! What lists fix.

use super::{
    entities::{lists, prices},
    map,
};
use crate::{
    catalog,
    db::{Conn, Raw, WriteTx, bind_chunks, fault, padded},
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use std::collections::BTreeMap;
use stoa_domain::{
    pricing::ListPrice,
    shared::{Fault, PriceListId, VariantId},
};
use uuid::Uuid;

/// How many prices all lists of a shop may fix together: they are kept in memory, 40 bytes each.
pub const MOST_PRICES: u64 = 400_000;

/// What became of fixing prices. In all cases but the first the transaction must be given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PricesSet {
    /// They are fixed.
    Set,
    /// There is no such list.
    NoList,
    /// There would be more of them than [`MOST_PRICES`].
    TooMany,
}

/// Fixes prices of a list; others that it has fixed stay. Of two for the same quantity of a variant the later counts.
///
/// # Errors
/// The database does not answer.
pub async fn set_prices(tx: &WriteTx, list: PriceListId, fixed: &[ListPrice]) -> Result<PricesSet, Fault> {
    catalog::raise_prices(tx).await?;
    if !super::is_there(tx, list).await? {
        return Ok(PricesSet::NoList);
    }
    let fixed: BTreeMap<_, _> = fixed
        .iter()
        .map(|price| ((price.variant, price.from_quantity), map::to_price(&ListPrice { list, ..*price })))
        .collect();
    let rows: Vec<prices::ActiveModel> = fixed.into_values().collect();
    let key = [prices::Column::PriceListId, prices::Column::VariantId, prices::Column::FromQuantity];
    for some in bind_chunks(&rows, 5) {
        let known = OnConflict::columns(key)
            .update_columns([prices::Column::Price, prices::Column::CompareAtPrice])
            .to_owned();
        let written = prices::Entity::insert_many(some.iter().cloned())
            .on_conflict(known)
            .exec_without_returning(tx.raw())
            .await;
        written.map_err(fault("price_list.set_prices"))?;
    }
    let all = prices::Entity::find().count(tx.raw()).await.map_err(fault("price_list.set_prices"))?;
    Ok(if all > MOST_PRICES { PricesSet::TooMany } else { PricesSet::Set })
}

/// Fixes nothing any more for these variants, and tells how many prices that were.
///
/// # Errors
/// The database does not answer.
pub async fn remove_prices(tx: &WriteTx, list: PriceListId, variants: &[VariantId]) -> Result<u64, Fault> {
    catalog::raise_prices(tx).await?;
    let mut removed = 0;
    for some in bind_chunks(variants, 1) {
        let gone = prices::Entity::delete_many()
            .filter(prices::Column::PriceListId.eq(list.uuid()))
            .filter(prices::Column::VariantId.is_in(some.iter().map(|id| id.uuid())))
            .exec(tx.raw())
            .await
            .map_err(fault("price_list.remove_prices"))?;
        removed += gone.rows_affected;
    }
    Ok(removed)
}

/// Fixes nothing any more from just these quantities on, and tells how many prices that were.
///
/// # Errors
/// The database does not answer.
pub async fn remove_breaks(
    tx: &WriteTx,
    list: PriceListId,
    breaks: &[(VariantId, u32)],
) -> Result<u64, Fault> {
    catalog::raise_prices(tx).await?;
    let mut removed = 0;
    for some in bind_chunks(breaks, 2) {
        let these = some
            .iter()
            .map(|(variant, from)| Expr::tuple([Expr::value(variant.uuid()), Expr::value(i64::from(*from))]));
        let key =
            Expr::tuple([Expr::col(prices::Column::VariantId), Expr::col(prices::Column::FromQuantity)]);
        let gone = prices::Entity::delete_many()
            .filter(prices::Column::PriceListId.eq(list.uuid()))
            .filter(key.is_in(these))
            .exec(tx.raw())
            .await
            .map_err(fault("price_list.remove_breaks"))?;
        removed += gone.rows_affected;
    }
    Ok(removed)
}

/// What a list fixes for these variants, by variant and quantity. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn prices_of(
    conn: &impl Conn,
    list: PriceListId,
    variants: &[VariantId],
) -> Result<Vec<ListPrice>, Fault> {
    let variants: Vec<Uuid> = variants.iter().map(|id| id.uuid()).collect();
    if variants.is_empty() {
        return Ok(Vec::new());
    }
    let rows = prices::Entity::find()
        .filter(prices::Column::PriceListId.eq(list.uuid()))
        .filter(prices::Column::VariantId.is_in(padded(&variants)))
        .order_by_asc(prices::Column::VariantId)
        .order_by_asc(prices::Column::FromQuantity)
        .all(conn.raw())
        .await
        .map_err(fault("price_list.prices_of"))?;
    Ok(rows.iter().filter_map(map::from_price).collect())
}

/// What all lists that are in use fix. One statement.
pub(crate) async fn active(conn: &impl Conn) -> Result<Vec<ListPrice>, Fault> {
    let active = Query::select()
        .column(lists::Column::Id)
        .from(lists::Entity)
        .and_where(Expr::col(lists::Column::Active).eq(true))
        .take();
    let rows: Vec<(Uuid, Uuid, i64, i64, Option<i64>)> = prices::Entity::find()
        .select_only()
        .columns([
            prices::Column::PriceListId,
            prices::Column::VariantId,
            prices::Column::FromQuantity,
            prices::Column::Price,
            prices::Column::CompareAtPrice,
        ])
        .filter(prices::Column::PriceListId.in_subquery(active))
        .into_tuple()
        .all(conn.raw())
        .await
        .map_err(fault("price_list.active_prices"))?;
    let price = |(price_list_id, variant_id, from_quantity, price, compare_at_price)| {
        map::from_price(&prices::Model { price_list_id, variant_id, from_quantity, price, compare_at_price })
    };
    Ok(rows.into_iter().filter_map(price).collect())
}
