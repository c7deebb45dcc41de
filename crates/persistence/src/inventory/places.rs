//! What each place could send of some goods.

use super::entities::{item, level, location};
use crate::db::{Conn, bind_chunks, fault, padded};
use sea_orm::{
    ConnectionTrait, DbErr, QueryResult,
    sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement},
};
use std::collections::BTreeMap;
use stoa_domain::{
    delivery::StockAt,
    shared::{Fault, LocationId, VariantId},
};
use uuid::Uuid;

/// All places, in the order in which stock is taken from them, with what is free of these variants at each: all of what is not counted. One
/// statement.
///
/// # Errors
/// The database does not answer.
pub async fn stock_at(conn: &impl Conn, variants: &[VariantId]) -> Result<Vec<StockAt>, Fault> {
    let mut places: Vec<StockAt> = Vec::new();
    for some in bind_chunks(variants, 1) {
        let rows = conn.raw().query_all(&query(some)).await.map_err(fault("reading stock by place"))?;
        for row in &rows {
            add(&mut places, row).map_err(fault("reading stock by place"))?;
        }
    }
    Ok(places)
}

/// Every place beside every variant, whether or not there is any of it.
fn query(variants: &[VariantId]) -> SelectStatement {
    let mut query = Query::select();
    query
        .column((location::Entity, location::Column::Id))
        .column((item::Entity, item::Column::VariantId))
        .column((item::Entity, item::Column::Tracked))
        .column((level::Entity, level::Column::OnHand))
        .column((level::Entity, level::Column::Allocated))
        .from(location::Entity)
        .join(
            JoinType::InnerJoin,
            item::Entity,
            Expr::col((item::Entity, item::Column::VariantId)).is_in(padded(variants).map(VariantId::uuid)),
        )
        .join(
            JoinType::LeftJoin,
            level::Entity,
            Expr::col((level::Entity, level::Column::LocationId))
                .equals((location::Entity, location::Column::Id))
                .and(
                    Expr::col((level::Entity, level::Column::VariantId))
                        .equals((item::Entity, item::Column::VariantId)),
                ),
        )
        .order_by((location::Entity, location::Column::Position), Order::Asc)
        .order_by((location::Entity, location::Column::Id), Order::Asc);
    query
}

fn add(places: &mut Vec<StockAt>, row: &QueryResult) -> Result<(), DbErr> {
    let location = LocationId::new(row.try_get::<Uuid>("", "id")?);
    let variant = VariantId::new(row.try_get::<Uuid>("", "variant_id")?);
    let tracked: bool = row.try_get("", "tracked")?;
    let [on_hand, allocated] = ["on_hand", "allocated"].map(|column| row.try_get::<Option<i64>>("", column));
    let left = on_hand?.unwrap_or(0).saturating_sub(allocated?.unwrap_or(0));
    let free = if tracked { u64::try_from(left).unwrap_or(0) } else { u64::MAX };
    match places.iter_mut().find(|place| place.location == location) {
        Some(place) => drop(place.free.insert(variant, free)),
        None => places.push(StockAt { location, free: BTreeMap::from([(variant, free)]) }),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestShop, units};

    #[tokio::test]
    async fn every_place_says_what_is_free_there() {
        let shop = TestShop::open().await;
        let (mug, bowl) = (shop.add_stocked("Mug", units(5)).await, shop.add_stocked("Bowl", units(2)).await);
        let barn = shop.add_location("Barn", 0).await;
        let before = shop.db.statements();
        let places = stock_at(shop.db.read(), &[mug, bowl]).await.unwrap();
        assert_eq!(shop.db.statements() - before, 1);
        let free = |mugs, bowls| BTreeMap::from([(mug, mugs), (bowl, bowls)]);
        assert_eq!(
            places,
            [
                StockAt { location: barn, free: free(0, 0) },
                StockAt { location: shop.location, free: free(5, 2) }
            ],
            "in the order in which stock is taken"
        );
        assert_eq!(stock_at(shop.db.read(), &[]).await.unwrap(), []);
    }
}
