//! The staff's lists of price lists, and of what one fixes: pages of ids, by keyset. Each page is one statement.

use super::entities::{lists, prices};
use crate::db::{Conn, Key, Keyset, ListError};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use stoa_domain::shared::{
    PriceListId, VariantId,
    page::{Page, PageRequest},
};

/// Cursors of these lists carry these.
const LISTS: u8 = 0xb1;
const VARIANTS: u8 = 0xb2;

/// A page of the price lists, by name. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_price_lists(
    conn: &impl Conn,
    request: &PageRequest,
) -> Result<Page<PriceListId>, ListError> {
    let l = |column: lists::Column| Expr::col((lists::Entity, column));
    let keyset = Keyset {
        order: LISTS,
        key: Key::Text(l(lists::Column::NameKey)),
        id: l(lists::Column::Id),
        ascending: true,
    };
    keyset.page(conn, &mut Query::select().from(lists::Entity).take(), request).await
}

/// A page of the variants that a list fixes something for, by id; what it fixes says [`prices_of`](super::prices_of). One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_priced_variants(
    conn: &impl Conn,
    list: PriceListId,
    request: &PageRequest,
) -> Result<Page<VariantId>, ListError> {
    let p = |column: prices::Column| Expr::col((prices::Entity, column));
    let mut query = Query::select()
        .distinct()
        .from(prices::Entity)
        .and_where(p(prices::Column::PriceListId).eq(list.uuid()))
        .take();
    let keyset = Keyset { order: VARIANTS, key: Key::Id, id: p(prices::Column::VariantId), ascending: true };
    keyset.page(conn, &mut query, request).await
}
