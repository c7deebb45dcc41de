//! Lists of a collection's products.

use super::{
    ListError,
    condition::{listed, passes},
};
use crate::catalog::entities::{membership, product};
use crate::db::{Conn, Key, Keyset};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use stoa_domain::{
    catalog::{CollectionListing, sort::CollectionProductSort},
    shared::{
        ProductId, Timestamp,
        page::{Page, PageRequest},
    },
};

/// Cursors of these lists carry this and the sort key.
const ORDERS: u8 = 0x30;

/// A page of a collection's products that shoppers may see; `default` is the collection's own order. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_collection_products(
    conn: &impl Conn,
    listing: &CollectionListing,
    default: CollectionProductSort,
    request: &PageRequest,
    now: Timestamp,
) -> Result<Page<ProductId>, ListError> {
    let (keyset, mut query) = plan(listing, default, now);
    keyset.page(conn, &mut query, request).await
}

/// The statement behind [`list_collection_products`].
#[cfg(test)]
pub(in crate::catalog) fn statement(
    listing: &CollectionListing,
    request: &PageRequest,
    now: Timestamp,
) -> Result<SelectStatement, ListError> {
    let (keyset, mut query) = plan(listing, CollectionProductSort::Manual, now);
    keyset.narrow(&mut query, request)?;
    Ok(query)
}

fn plan(
    listing: &CollectionListing,
    default: CollectionProductSort,
    now: Timestamp,
) -> (Keyset, SelectStatement) {
    let m = |column: membership::Column| -> SimpleExpr { Expr::col((membership::Entity, column)) };
    let query = Query::select()
        .from(membership::Entity)
        .inner_join(
            product::Entity,
            Expr::col((product::Entity, product::Column::Id))
                .equals((membership::Entity, membership::Column::ProductId)),
        )
        .and_where(m(membership::Column::CollectionId).eq(listing.collection.uuid()))
        .cond_where(listed(now))
        .cond_where(passes(&listing.filters))
        .take();
    let sort = listing.sort.resolved(default);
    let key = match sort {
        CollectionProductSort::Id => Key::Id,
        CollectionProductSort::BestSelling => Key::Number(m(membership::Column::Sales)),
        CollectionProductSort::Created => Key::Time(m(membership::Column::CreatedAt)),
        CollectionProductSort::Price => Key::Number(m(membership::Column::MinPrice)),
        CollectionProductSort::Title => Key::Text(m(membership::Column::TitleKey)),
        CollectionProductSort::Manual
        | CollectionProductSort::CollectionDefault
        | CollectionProductSort::Relevance => Key::Number(m(membership::Column::Position)),
    };
    let ascending = (sort == CollectionProductSort::BestSelling) == listing.reverse;
    (Keyset { order: ORDERS | sort as u8, key, id: m(membership::Column::ProductId), ascending }, query)
}
