//! Products to show beside another.

use super::condition::{listed, p};
use crate::catalog::entities::{membership, product, tag};
use crate::db::{Conn, fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use std::collections::HashMap;
use stoa_domain::{
    catalog::{Product, Recommendation, fold_key},
    shared::{Fault, ProductId, Timestamp},
};
use uuid::Uuid;

/// What being of the same product type, of a common collection, of a common tag weighs.
const SAME_TYPE: i64 = 3;
const SAME_COLLECTION: i64 = 2;
const SAME_TAG: i64 = 1;
/// How many products each thing in common may propose: the best-selling, or for tags the oldest. Keeps the work the
/// same in a shop of any size.
const PROPOSALS: u64 = 60;
/// Things in common that are looked at.
const TAGS: usize = 16;
const COLLECTIONS: u64 = 16;

/// Up to `limit` products to show beside `product`, best first; the same question always gets the same answer. Two
/// statements.
///
/// # Errors
/// The database does not answer.
pub async fn recommended(
    conn: &impl Conn,
    product: &Product,
    why: Recommendation,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<ProductId>, Fault> {
    propose(conn, product, why, limit, now).await.map_err(fault("reading recommendations"))
}

async fn propose(
    conn: &impl Conn,
    product: &Product,
    why: Recommendation,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<ProductId>, DbErr> {
    let collections: Vec<Uuid> = membership::Entity::find()
        .select_only()
        .column(membership::Column::CollectionId)
        .filter(membership::Column::ProductId.eq(product.id.uuid()))
        .limit(COLLECTIONS)
        .into_tuple()
        .all(conn.raw())
        .await?;
    let mut sources: Vec<SelectStatement> =
        collections.iter().map(|id| of_collection(*id, product, why, now)).collect();
    if why == Recommendation::Related {
        if !product.product_type.is_empty() {
            sources.push(of_type(product, now));
        }
        sources.extend(product.tags.iter().take(TAGS).map(|name| of_tag(name, product, now)));
    }
    let Some(query) = all_of(sources) else { return Ok(Vec::new()) };
    let mut scores: HashMap<Uuid, (i64, i64)> = HashMap::new();
    for row in conn.raw().query_all(&query).await? {
        let (weight, sales): (i64, i64) = (row.try_get("", "weight")?, row.try_get("", "sales")?);
        let score = scores.entry(row.try_get("", "id")?).or_default();
        *score = (score.0 + weight, sales);
    }
    let mut best: Vec<_> = scores.into_iter().collect();
    match why {
        Recommendation::Related => best.sort_by_key(|(id, (score, sales))| (-score, -sales, *id)),
        Recommendation::Complementary => best.sort_by_key(|(id, (score, sales))| (-sales, -score, *id)),
    }
    Ok(best.into_iter().take(limit).map(|(id, _)| ProductId::new(id)).collect())
}

/// The products that something in common proposes.
fn proposals(weight: i64, product: &Product, now: Timestamp) -> SelectStatement {
    Query::select()
        .expr_as(p(product::Column::Id), "id")
        .expr_as(p(product::Column::Sales), "sales")
        .expr_as(Expr::value(weight).cast_as("bigint"), "weight")
        .cond_where(listed(now))
        .and_where(p(product::Column::Id).ne(product.id.uuid()))
        .limit(PROPOSALS)
        .take()
}

fn of_collection(id: Uuid, product: &Product, why: Recommendation, now: Timestamp) -> SelectStatement {
    let m = |column: membership::Column| Expr::col((membership::Entity, column));
    let mut query = proposals(SAME_COLLECTION, product, now);
    query
        .from(membership::Entity)
        .inner_join(
            product::Entity,
            p(product::Column::Id).equals((membership::Entity, membership::Column::ProductId)),
        )
        .and_where(m(membership::Column::CollectionId).eq(id))
        .order_by((membership::Entity, membership::Column::Sales), Order::Desc)
        .order_by((membership::Entity, membership::Column::ProductId), Order::Desc);
    if why == Recommendation::Complementary {
        query.and_where(p(product::Column::TypeKey).ne(fold_key(&product.product_type)));
    }
    query
}

fn of_type(product: &Product, now: Timestamp) -> SelectStatement {
    let mut query = proposals(SAME_TYPE, product, now);
    query
        .from(product::Entity)
        .and_where(p(product::Column::TypeKey).eq(fold_key(&product.product_type)))
        .order_by((product::Entity, product::Column::Id), Order::Asc);
    query
}

fn of_tag(name: &str, product: &Product, now: Timestamp) -> SelectStatement {
    let t = |column: tag::Column| Expr::col((tag::Entity, column));
    let mut query = proposals(SAME_TAG, product, now);
    query
        .from(tag::Entity)
        .inner_join(product::Entity, p(product::Column::Id).equals((tag::Entity, tag::Column::ProductId)))
        .and_where(t(tag::Column::TagKey).eq(fold_key(name)))
        .order_by((tag::Entity, tag::Column::ProductId), Order::Asc);
    query
}

/// All proposals in one statement. Each keeps its own order and limit, which a member of a UNION may only have inside a
/// subquery.
fn all_of(sources: Vec<SelectStatement>) -> Option<SelectStatement> {
    sources
        .into_iter()
        .enumerate()
        .map(|(n, source)| {
            let name = format!("source{n}");
            Query::select().columns(["id", "sales", "weight"]).from_subquery(source, name).take()
        })
        .reduce(|mut all, next| {
            all.union(UnionType::All, next);
            all
        })
}
