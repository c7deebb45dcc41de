//! What rules ask of goods, which is no part of what the catalogue shows.

use crate::{
    catalog::{
        entities::{product_facts, variant_facts},
        version,
    },
    db::{Raw, WriteTx, fault},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, SimpleExpr},
};
use stoa_domain::shared::{Fault, ProductId, TaxCategoryId, VariantId};

/// Says of a product whether its variants are gift cards, and how they are taxed. False if there is none.
///
/// # Errors
/// The database does not answer.
pub async fn set_product_facts(
    tx: &WriteTx,
    id: ProductId,
    gift_card: bool,
    tax_category: Option<TaxCategoryId>,
) -> Result<bool, Fault> {
    version::raise(tx).await.map_err(fault("raising the catalogue's version"))?;
    let said = product_facts::Entity::update_many()
        .col_expr(product_facts::Column::GiftCard, Expr::value(gift_card))
        .col_expr(product_facts::Column::TaxCategoryId, Expr::value(tax_category.map(TaxCategoryId::uuid)))
        .filter(product_facts::Column::Id.eq(id.uuid()))
        .exec(tx.raw())
        .await
        .map_err(fault("saying what rules ask of a product"))?;
    Ok(said.rows_affected == 1)
}

/// Says how large one unit of a variant is, or that nobody knows. False if there is none.
///
/// # Errors
/// The database does not answer, or a side is longer than a column holds.
pub async fn set_dimensions(
    tx: &WriteTx,
    id: VariantId,
    millimetres: Option<[u32; 3]>,
) -> Result<bool, Fault> {
    version::raise(tx).await.map_err(fault("raising the catalogue's version"))?;
    let side = |n: usize| -> Result<SimpleExpr, Fault> {
        let length = millimetres.map(|sides| i32::try_from(sides[n])).transpose();
        length.map(Expr::value).map_err(|error| Fault::internal("saying how large a variant is", error))
    };
    let said = variant_facts::Entity::update_many()
        .col_expr(variant_facts::Column::LengthMm, side(0)?)
        .col_expr(variant_facts::Column::WidthMm, side(1)?)
        .col_expr(variant_facts::Column::HeightMm, side(2)?)
        .filter(variant_facts::Column::Id.eq(id.uuid()))
        .exec(tx.raw())
        .await
        .map_err(fault("saying how large a variant is"))?;
    Ok(said.rows_affected == 1)
}
