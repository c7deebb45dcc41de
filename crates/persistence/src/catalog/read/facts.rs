//! What only rules ask of goods: read where some rule of the shop does.

use crate::catalog::entities::{membership, product_facts, tag};
use crate::db::{Conn, bind_chunks, fault, padded};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use stoa_domain::{
    catalog::Merchandise,
    pricing::Needs,
    shared::{CollectionId, Fault, ProductId, TaxCategoryId},
};
use uuid::Uuid;

/// Says of goods in which collections they are and which tags they have, as far as the shop's rules look at that. A statement for each of
/// the two that they do.
///
/// # Errors
/// The database does not answer.
pub async fn facts(conn: &impl Conn, needs: &Needs, goods: &mut [Merchandise]) -> Result<(), Fault> {
    let products: BTreeSet<Uuid> = goods.iter().map(|of| of.product.uuid()).collect();
    let products: Vec<Uuid> = products.into_iter().collect();
    if needs.collections {
        let collections = collections(conn, &products).await?;
        for of in &mut *goods {
            of.collections = collections.get(&of.product).cloned().unwrap_or_default();
        }
    }
    if needs.tags {
        let tags = tags(conn, &products).await?;
        for of in goods {
            of.tags = tags.get(&of.product).cloned().unwrap_or_default();
        }
    }
    Ok(())
}

async fn collections(
    conn: &impl Conn,
    products: &[Uuid],
) -> Result<HashMap<ProductId, Arc<[CollectionId]>>, Fault> {
    let mut found: HashMap<ProductId, Vec<CollectionId>> = HashMap::new();
    for some in bind_chunks(products, 1) {
        let rows: Vec<(Uuid, Uuid)> = membership::Entity::find()
            .select_only()
            .columns([membership::Column::ProductId, membership::Column::CollectionId])
            .filter(membership::Column::ProductId.is_in(padded(some)))
            .order_by_asc(membership::Column::CollectionId)
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("reading the collections of goods"))?;
        for (product, collection) in rows {
            found.entry(ProductId::new(product)).or_default().push(CollectionId::new(collection));
        }
    }
    Ok(found.into_iter().map(|(product, of)| (product, of.into())).collect())
}

async fn tags(conn: &impl Conn, products: &[Uuid]) -> Result<HashMap<ProductId, Arc<[Box<str>]>>, Fault> {
    let mut found: HashMap<ProductId, Vec<Box<str>>> = HashMap::new();
    for some in bind_chunks(products, 1) {
        let rows: Vec<(Uuid, String)> = tag::Entity::find()
            .select_only()
            .columns([tag::Column::ProductId, tag::Column::TagKey])
            .filter(tag::Column::ProductId.is_in(padded(some)))
            .order_by_asc(tag::Column::TagKey)
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("reading the tags of goods"))?;
        for (product, key) in rows {
            found.entry(ProductId::new(product)).or_default().push(key.into());
        }
    }
    Ok(found.into_iter().map(|(product, of)| (product, of.into())).collect())
}

/// Whether some product is taxed as this category. One statement.
pub(crate) async fn has_tax_category(conn: &impl Conn, id: TaxCategoryId) -> Result<bool, Fault> {
    let taxed = product_facts::Entity::find().filter(product_facts::Column::TaxCategoryId.eq(id.uuid()));
    Ok(taxed.one(conn.raw()).await.map_err(fault("looking for goods of a tax category"))?.is_some())
}
