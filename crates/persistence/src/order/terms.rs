//! On which terms an order was sold, beside its figures: what invoices and reports ask for.

use super::entities::orders;
use crate::db::{Conn, fault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use stoa_domain::shared::{Fault, MarketId, OrderId};
use uuid::Uuid;

/// On which terms an order was sold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderTerms {
    /// Whose prices applied; `None`: the shop's own market.
    pub market: Option<MarketId>,
    /// The buyer's tax number, if they gave one: an invoice without tax has to name it. Personal, and kept for as long as the address that the invoice
    /// was made out to.
    pub tax_number: Option<String>,
}

/// On which terms an order was sold; `None`: there is no such order. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn terms_of(conn: &impl Conn, order: OrderId) -> Result<Option<OrderTerms>, Fault> {
    let row: Option<(Option<Uuid>, Option<String>)> = orders::Entity::find()
        .select_only()
        .columns([orders::Column::MarketId, orders::Column::TaxNumber])
        .filter(orders::Column::Id.eq(order.uuid()))
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("order.terms"))?;
    Ok(row.map(|(market, tax_number)| OrderTerms { market: market.map(MarketId::new), tax_number }))
}
