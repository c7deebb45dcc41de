//! What rules ask of goods, as staff see it: no part of what the catalogue shows.

use crate::catalog::entities::{product_facts, variant_facts};
use crate::db::{Conn, fault, padded};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeMap, HashMap};
use stoa_domain::shared::{Fault, ProductId, TaxCategoryId, VariantId};
use uuid::Uuid;

/// What rules ask of a product and its variants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoodsFacts {
    /// Whether its variants are gift cards.
    pub gift_card: bool,
    /// How it is taxed; `None`: as most things are.
    pub tax_category: Option<TaxCategoryId>,
    /// The sides of one unit in millimetres, of variants of which somebody has said them.
    pub sides: BTreeMap<VariantId, [u32; 3]>,
}

/// What rules ask of these products; those that are gone are absent. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn goods_facts(
    conn: &impl Conn,
    products: &[ProductId],
) -> Result<HashMap<ProductId, GoodsFacts>, Fault> {
    let ids: Vec<Uuid> = products.iter().map(|id| id.uuid()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let these = product_facts::Entity::find().filter(product_facts::Column::Id.is_in(padded(&ids)));
    let rows = these.all(conn.raw()).await.map_err(fault("reading what rules ask of products"))?;
    let mut found: HashMap<ProductId, GoodsFacts> = rows
        .into_iter()
        .map(|row| {
            let tax_category = row.tax_category_id.map(TaxCategoryId::new);
            let facts = GoodsFacts { gift_card: row.gift_card, tax_category, ..GoodsFacts::default() };
            (ProductId::new(row.id), facts)
        })
        .collect();
    let measured = variant_facts::Entity::find()
        .filter(variant_facts::Column::ProductId.is_in(padded(&ids)))
        .filter(variant_facts::Column::LengthMm.is_not_null());
    let rows = measured.all(conn.raw()).await.map_err(fault("reading how large variants are"))?;
    for row in rows {
        let side = |side: Option<i32>| side.and_then(|side| u32::try_from(side).ok());
        let all = (side(row.length_mm), side(row.width_mm), side(row.height_mm));
        let of = found.get_mut(&ProductId::new(row.product_id));
        if let (Some(of), (Some(length), Some(width), Some(height))) = (of, all) {
            of.sides.insert(VariantId::new(row.id), [length, width, height]);
        }
    }
    Ok(found)
}
