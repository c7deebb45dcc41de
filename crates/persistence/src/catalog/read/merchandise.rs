//! What a cart and a checkout need to know of variants, straight from the truth.

use crate::catalog::entities::{image, product, variant};
use crate::db::{Conn, bind_chunks, fault, padded};
use crate::inventory::{item, snapshot_of};
use sea_orm::{
    ConnectionTrait, DbErr, FromQueryResult, QueryResult,
    sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement},
};
use stoa_domain::{
    catalog::{Handle, Image, Merchandise},
    shared::{Fault, ImageId, ProductId, Timestamp, VariantId},
};
use uuid::Uuid;

/// What these variants are, cost and have in stock at this moment, in any order; variants that are gone are absent.
/// Reads SQL, never a cache: for deciding about money and stock. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn merchandise(
    conn: &impl Conn,
    variants: &[VariantId],
    now: Timestamp,
) -> Result<Vec<Merchandise>, Fault> {
    let mut found = Vec::with_capacity(variants.len());
    for chunk in bind_chunks(variants, 1) {
        let rows = conn.raw().query_all(&query(chunk)).await.map_err(fault("reading merchandise"))?;
        for row in &rows {
            found.push(to_merchandise(row, now).map_err(fault("reading merchandise"))?);
        }
    }
    Ok(found)
}

/// The variant's own picture, and the product's first.
const OWN: &str = "own";
const FIRST: &str = "first";

fn query(variants: &[VariantId]) -> SelectStatement {
    let v = |column: variant::Column| Expr::col((variant::Entity, column));
    let mut query = Query::select();
    query
        .columns([
            (variant::Entity, variant::Column::Id),
            (variant::Entity, variant::Column::ProductId),
            (variant::Entity, variant::Column::Sku),
            (variant::Entity, variant::Column::Price),
            (variant::Entity, variant::Column::CompareAtPrice),
            (variant::Entity, variant::Column::WeightGrams),
            (variant::Entity, variant::Column::RequiresShipping),
            (variant::Entity, variant::Column::Taxable),
        ])
        .expr_as(v(variant::Column::Title), "variant_title")
        .columns([(product::Entity, product::Column::Handle), (product::Entity, product::Column::ListedAt)])
        .expr_as(Expr::col((product::Entity, product::Column::Title)), "product_title")
        .columns([
            (item::Entity, item::Column::VariantId),
            (item::Entity, item::Column::Tracked),
            (item::Entity, item::Column::BackorderLimit),
            (item::Entity, item::Column::OnHand),
            (item::Entity, item::Column::Allocated),
            (item::Entity, item::Column::Version),
        ])
        .from(variant::Entity)
        .inner_join(
            product::Entity,
            Expr::col((product::Entity, product::Column::Id))
                .equals((variant::Entity, variant::Column::ProductId)),
        )
        .inner_join(
            item::Entity,
            Expr::col((item::Entity, item::Column::VariantId)).equals((variant::Entity, variant::Column::Id)),
        )
        .join_as(
            JoinType::LeftJoin,
            image::Entity,
            OWN,
            Expr::col((OWN, image::Column::Id)).equals((variant::Entity, variant::Column::ImageId)),
        )
        .join_as(
            JoinType::LeftJoin,
            image::Entity,
            FIRST,
            Expr::col((FIRST, image::Column::ProductId))
                .equals((variant::Entity, variant::Column::ProductId))
                .and(Expr::col((FIRST, image::Column::Position)).eq(1)),
        )
        .and_where(v(variant::Column::Id).is_in(padded(variants).map(VariantId::uuid)));
    for picture in [OWN, FIRST] {
        for column in [
            image::Column::Id,
            image::Column::Url,
            image::Column::AltText,
            image::Column::Width,
            image::Column::Height,
        ] {
            let name = format!("{picture}_{}", sea_orm::IdenStatic::as_str(&column));
            query.expr_as(Expr::col((picture, column)), Alias::new(name));
        }
    }
    query
}

fn to_merchandise(row: &QueryResult, now: Timestamp) -> Result<Merchandise, DbErr> {
    let stock = item::Model::from_query_result(row, "")?;
    let listed_at: Option<Timestamp> = row.try_get("", "listed_at")?;
    let image = match picture(row, "own_")? {
        Some(own) => Some(own),
        None => picture(row, "first_")?,
    };
    Ok(Merchandise {
        variant: VariantId::new(row.try_get("", "id")?),
        product: ProductId::new(row.try_get("", "product_id")?),
        product_title: row.try_get("", "product_title")?,
        variant_title: row.try_get("", "variant_title")?,
        product_handle: Handle::stored(row.try_get("", "handle")?),
        sku: row.try_get("", "sku")?,
        price: row.try_get("", "price")?,
        compare_at_price: row.try_get("", "compare_at_price")?,
        weight_grams: row.try_get("", "weight_grams")?,
        requires_shipping: row.try_get("", "requires_shipping")?,
        taxable: row.try_get("", "taxable")?,
        image,
        for_sale: listed_at.is_some_and(|at| at <= now),
        snapshot: snapshot_of(&stock),
    })
}

fn picture(row: &QueryResult, prefix: &str) -> Result<Option<Image>, DbErr> {
    let id: Option<Uuid> = row.try_get(prefix, "id")?;
    let Some(id) = id else { return Ok(None) };
    Ok(Some(Image {
        id: ImageId::new(id),
        url: row.try_get(prefix, "url")?,
        alt_text: row.try_get(prefix, "alt_text")?,
        width: super::product_rows::pixels(row.try_get(prefix, "width")?),
        height: super::product_rows::pixels(row.try_get(prefix, "height")?),
    }))
}
