//! What a cart and a checkout need to know of variants, straight from the truth.

use crate::catalog::{
    entities::{image, product, product_facts, variant, variant_facts},
    version,
};
use crate::db::{Conn, bind_chunks, fault, padded};
use crate::inventory::{item, snapshot_of};
use sea_orm::{
    ConnectionTrait, DbErr, FromQueryResult, QueryResult,
    sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement},
};
use std::sync::Arc;
use stoa_domain::{
    catalog::{Handle, Image, Merchandise},
    shared::{Fault, ImageId, ProductId, TaxCategoryId, Timestamp, VariantId},
};
use uuid::Uuid;

/// Variants as they are at this moment, and by which rules of the shop they are priced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadMerchandise {
    /// The variants, in any order; those that are gone are absent. In which collections they are, and their tags, is
    /// [`facts`](super::facts)'s to say.
    pub found: Vec<Merchandise>,
    /// The number of the rules at that moment; `None` where no variant was found, and so nothing is to be priced.
    pub rules: Option<i64>,
}

/// What these variants are, cost and have in stock at this moment. Reads SQL, never a cache: for deciding about money and stock. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn merchandise(
    conn: &impl Conn,
    variants: &[VariantId],
    now: Timestamp,
) -> Result<ReadMerchandise, Fault> {
    let mut read = ReadMerchandise { found: Vec::with_capacity(variants.len()), rules: None };
    for chunk in bind_chunks(variants, 1) {
        let rows = conn.raw().query_all(&query(chunk)).await.map_err(fault("reading merchandise"))?;
        for row in &rows {
            read.found.push(to_merchandise(row, now).map_err(fault("reading merchandise"))?);
        }
        if let Some(row) = rows.first() {
            // Of several statements the newest: nobody goes on with older rules than the goods they have read.
            let rules: i64 = row.try_get("", RULES).map_err(fault("reading merchandise"))?;
            read.rules = Some(read.rules.map_or(rules, |known: i64| Ord::max(known, rules)));
        }
    }
    Ok(read)
}

const RULES: &str = "rules";

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
        .columns([
            (variant::Entity, variant_facts::Column::LengthMm),
            (variant::Entity, variant_facts::Column::WidthMm),
            (variant::Entity, variant_facts::Column::HeightMm),
        ])
        .columns([
            (product::Entity, product_facts::Column::GiftCard),
            (product::Entity, product_facts::Column::TaxCategoryId),
        ])
        .expr_as(Expr::expr(version::rules()), RULES)
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
        dimensions_mm: sides(row)?,
        requires_shipping: row.try_get("", "requires_shipping")?,
        taxable: row.try_get("", "taxable")?,
        tax_category: row.try_get::<Option<Uuid>>("", "tax_category_id")?.map(TaxCategoryId::new),
        gift_card: row.try_get("", "gift_card")?,
        collections: Arc::default(),
        tags: Arc::default(),
        image,
        for_sale: listed_at.is_some_and(|at| at <= now),
        snapshot: snapshot_of(&stock),
    })
}

/// All three sides, or none is known.
fn sides(row: &QueryResult) -> Result<Option<[u32; 3]>, DbErr> {
    let mut sides = [0; 3];
    for (side, column) in sides.iter_mut().zip(["length_mm", "width_mm", "height_mm"]) {
        let known: Option<i32> = row.try_get("", column)?;
        let Some(known) = known.and_then(|length| u32::try_from(length).ok()) else { return Ok(None) };
        *side = known;
    }
    Ok(Some(sides))
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
