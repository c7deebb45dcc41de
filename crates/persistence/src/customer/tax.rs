//! What staff note of how a customer is taxed.

use super::{entities::tax_facts, write::touch};
use crate::db::{Conn, Raw, WriteTx, fault, padded};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use std::collections::HashMap;
use stoa_domain::shared::{CustomerId, Fault, Timestamp};
use uuid::Uuid;

/// What staff note of how a customer is taxed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerTax {
    /// No tax is charged.
    pub exempt: bool,
    /// Their tax number.
    pub number: Option<String>,
}

/// What is noted of each; of those that are not there, nothing. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn taxes_of(
    conn: &impl Conn,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, CustomerTax>, Fault> {
    let ids: Vec<Uuid> = customers.iter().map(|id| id.uuid()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let these = tax_facts::Entity::find().filter(tax_facts::Column::Id.is_in(padded(&ids)));
    let rows = these.all(conn.raw()).await.map_err(fault("customer.taxes"))?;
    let noted = |row: tax_facts::Model| CustomerTax { exempt: row.tax_exempt, number: row.tax_number };
    Ok(rows.into_iter().map(|row| (CustomerId::new(row.id), noted(row))).collect())
}

/// Notes how a customer is taxed, and raises their version. False, and nothing changed, if there is no such customer or they were erased.
///
/// # Errors
/// The database does not answer.
pub async fn set_tax(tx: &WriteTx, of: CustomerId, tax: &CustomerTax, now: Timestamp) -> Result<bool, Fault> {
    if !touch(tx, of, now).await? {
        return Ok(false);
    }
    note(tx, of, tax).await?;
    Ok(true)
}

/// Writes it to a row that the transaction has.
pub(super) async fn note(tx: &WriteTx, of: CustomerId, tax: &CustomerTax) -> Result<(), Fault> {
    tax_facts::Entity::update_many()
        .col_expr(tax_facts::Column::TaxExempt, Expr::value(tax.exempt))
        .col_expr(tax_facts::Column::TaxNumber, Expr::value(tax.number.clone()))
        .filter(tax_facts::Column::Id.eq(of.uuid()))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("customer.set_tax"))
}
