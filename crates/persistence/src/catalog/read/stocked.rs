//! Whole products with the stock of their variants, in one statement: whoever shows a product that is not in memory needs both.

use super::{find::may_be_a_handle, product_rows::from_rows, products::documents_of_products};
use crate::{
    catalog::{
        document,
        entities::{document as row, product, variant},
    },
    db::{Conn, bind_chunks, fault, padded},
    inventory::item,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect,
    RelationDef,
    sea_query::{Expr, SimpleExpr},
};
use std::collections::HashMap;
use stoa_domain::{
    catalog::Product,
    inventory::StockSnapshot,
    shared::{Fault, ProductId, VariantId},
};
use uuid::Uuid;

/// A product as it is stored, and the stock of its variants, in their order.
#[derive(Clone, Debug)]
pub struct StockedProduct {
    /// The product.
    pub product: Product,
    /// What can be sold of its variants.
    pub stock: Vec<StockSnapshot>,
}

impl StockedProduct {
    fn new(product: Product, mut stock: Vec<StockSnapshot>) -> Self {
        let place = |variant| product.variants.iter().position(|known| known.id == variant);
        stock.sort_by_key(|snapshot| place(snapshot.variant));
        Self { product, stock }
    }
}

/// The stock of one product's variants, in any order, as one text, which costs a row less for each of them. `outer` is the product's id.
fn stock_of(backend: DbBackend, outer: &str) -> SimpleExpr {
    let all = listed(backend, "i", "");
    Expr::cust(format!(
        "(SELECT {all} FROM product_variants AS v JOIN inventory_items AS i ON i.variant_id = v.id \
         WHERE v.product_id = {outer})"
    ))
}

/// Rows of stock as one text, in an order: each is its variant, the units that can be sold or null, and its version, as
/// [`snapshot_of`] has them.
///
/// [`snapshot_of`]: crate::inventory::snapshot_of
fn listed(backend: DbBackend, i: &str, order: &str) -> String {
    let sellable =
        format!("CASE WHEN {i}.tracked THEN {i}.on_hand - {i}.allocated + {i}.backorder_limit END");
    match backend {
        DbBackend::Sqlite => {
            format!("json_group_array(json_array(hex({i}.variant_id), {sellable}, {i}.version) {order})")
        }
        _ => format!("json_agg(json_build_array({i}.variant_id, {sellable}, {i}.version) {order})::text"),
    }
}

fn snapshots(text: Option<&str>) -> Result<Vec<StockSnapshot>, DbErr> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let rows: Vec<(Uuid, Option<i64>, i64)> =
        serde_json::from_str(text).map_err(|error| DbErr::Type(error.to_string()))?;
    let snapshot =
        |(variant, sellable, version)| StockSnapshot { variant: VariantId::new(variant), sellable, version };
    Ok(rows.into_iter().map(snapshot).collect())
}

/// As [`products_by_ids`], with the stock. One statement, however many.
///
/// # Errors
/// The database does not answer.
///
/// [`products_by_ids`]: super::products_by_ids
pub async fn stocked_products_by_ids(
    conn: &impl Conn,
    ids: &[ProductId],
) -> Result<Vec<StockedProduct>, Fault> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in bind_chunks(ids, 1) {
        read(conn.raw(), chunk, &mut found).await.map_err(fault("reading products and their stock"))?;
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// As [`product_by_handle`], with the stock. One statement.
///
/// # Errors
/// The database does not answer.
///
/// [`product_by_handle`]: super::product_by_handle
pub async fn stocked_product_by_handle(
    conn: &impl Conn,
    handle: &str,
) -> Result<Option<StockedProduct>, Fault> {
    if !may_be_a_handle(handle) {
        return Ok(None);
    }
    let connection = conn.raw();
    let found = product::Entity::find()
        .select_only()
        .column(product::Column::Id)
        .columns([row::Column::Format, row::Column::Body])
        .expr(stock_of(connection.get_database_backend(), "products.id"))
        .join(JoinType::LeftJoin, documents_of_products())
        .filter(product::Column::Handle.eq(handle))
        .into_tuple::<(Uuid, Option<i16>, Option<String>, Option<String>)>()
        .one(connection)
        .await
        .map_err(fault("finding a product and its stock by its handle"))?;
    let Some((id, format, body, stock)) = found else { return Ok(None) };
    let stored = format.zip(body).map(|(format, body)| row::Model { product_id: id, format, body });
    let product = match stored.as_ref().and_then(document::read) {
        Some(product) => Some(product),
        None => super::products_by_ids(conn, &[ProductId::new(id)]).await?.pop(),
    };
    let stock = snapshots(stock.as_deref()).map_err(fault("reading the stock of a product"))?;
    Ok(product.map(|product| StockedProduct::new(product, stock)))
}

async fn read<C: ConnectionTrait>(
    connection: &C,
    ids: &[ProductId],
    found: &mut HashMap<ProductId, StockedProduct>,
) -> Result<(), DbErr> {
    let rows = row::Entity::find()
        .select_only()
        .columns([row::Column::ProductId, row::Column::Format, row::Column::Body])
        .expr(stock_of(connection.get_database_backend(), "product_documents.product_id"))
        .filter(row::Column::ProductId.is_in(padded(ids).map(ProductId::uuid)))
        .into_tuple::<(Uuid, i16, String, Option<String>)>()
        .all(connection)
        .await?;
    for (product_id, format, body, stock) in rows {
        if let Some(product) = document::read(&row::Model { product_id, format, body }) {
            found.insert(product.id, StockedProduct::new(product, snapshots(stock.as_deref())?));
        }
    }
    // Those that are gone, and those whose documents another version of this program wrote.
    let others: Vec<ProductId> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
    if !others.is_empty() {
        let mut stock = stock_by_product(connection, &others).await?;
        for product in from_rows(connection, &others).await? {
            let stock = stock.remove(&product.id).unwrap_or_default();
            found.insert(product.id, StockedProduct::new(product, stock));
        }
    }
    Ok(())
}

/// The stock of the variants of these products, in their order; products that are gone are absent. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn stock_of_products(
    conn: &impl Conn,
    products: &[ProductId],
) -> Result<HashMap<ProductId, Vec<StockSnapshot>>, Fault> {
    let mut found = HashMap::with_capacity(products.len());
    for chunk in bind_chunks(products, 1) {
        found.extend(
            stock_by_product(conn.raw(), chunk).await.map_err(fault("reading the stock of products"))?,
        );
    }
    Ok(found)
}

async fn stock_by_product<C: ConnectionTrait>(
    connection: &C,
    products: &[ProductId],
) -> Result<HashMap<ProductId, Vec<StockSnapshot>>, DbErr> {
    let all =
        listed(connection.get_database_backend(), "inventory_items", "ORDER BY product_variants.position");
    let rows = item::Entity::find()
        .select_only()
        .column(variant::Column::ProductId)
        .expr(Expr::cust(all))
        .join(JoinType::InnerJoin, variants_of_items())
        .filter(variant::Column::ProductId.is_in(padded(products).map(ProductId::uuid)))
        .group_by(variant::Column::ProductId)
        .into_tuple::<(Uuid, Option<String>)>()
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|(product, stock)| Ok((ProductId::new(product), snapshots(stock.as_deref())?)))
        .collect()
}

fn variants_of_items() -> RelationDef {
    item::Entity::belongs_to(variant::Entity).from(item::Column::VariantId).to(variant::Column::Id).into()
}
