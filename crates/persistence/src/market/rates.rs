//! What one unit of the shop's currency is worth in others.

use super::entities::rates;
use crate::{
    catalog,
    db::{Conn, Raw, WriteTx, fault, fitting, stored},
};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, sea_query::OnConflict};
use std::collections::BTreeMap;
use stoa_domain::{
    market::ExchangeRate,
    shared::{Currency, Fault, Timestamp},
};

/// Characters of where a rate is from.
const SOURCE: usize = 64;

/// A rate, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRate {
    /// Of which currency.
    pub currency: Currency,
    /// What one unit of the shop's is worth in it.
    pub rate: ExchangeRate,
    /// Who said so, such as a bank.
    pub source: String,
    /// Since when it has been so.
    pub as_of: Timestamp,
}

/// Every rate, by currency; what this version cannot read is left out. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn rates(conn: &impl Conn) -> Result<Vec<KeptRate>, Fault> {
    let rows = rates::Entity::find().order_by_asc(rates::Column::Currency).all(conn.raw()).await;
    Ok(rows.map_err(fault("market.rates"))?.into_iter().filter_map(from_row).collect())
}

/// Sets rates; others stay. Of two of a currency the later counts.
///
/// # Errors
/// The database does not answer.
pub async fn set_rates(tx: &WriteTx, said: &[KeptRate], now: Timestamp) -> Result<(), Fault> {
    catalog::raise_prices(tx).await?;
    let rows: BTreeMap<Currency, rates::ActiveModel> =
        said.iter().map(|rate| (rate.currency, to_row(rate, now))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let known = OnConflict::column(rates::Column::Currency)
        .update_columns([
            rates::Column::Rate,
            rates::Column::Source,
            rates::Column::AsOf,
            rates::Column::UpdatedAt,
        ])
        .to_owned();
    let written = rates::Entity::insert_many(rows.into_values())
        .on_conflict(known)
        .exec_without_returning(tx.raw())
        .await;
    written.map(drop).map_err(fault("market.set_rates"))
}

/// Takes a rate away: markets of that currency are not reckoned in it any more. False if there is none.
///
/// # Errors
/// The database does not answer.
pub async fn remove_rate(tx: &WriteTx, currency: Currency) -> Result<bool, Fault> {
    catalog::raise_prices(tx).await?;
    let gone = rates::Entity::delete_by_id(currency.code().to_owned()).exec(tx.raw()).await;
    Ok(gone.map_err(fault("market.remove_rate"))?.rows_affected == 1)
}

fn to_row(of: &KeptRate, now: Timestamp) -> rates::ActiveModel {
    rates::ActiveModel {
        currency: Set(of.currency.code().to_owned()),
        rate: Set(of.rate.billionths()),
        source: Set(fitting(&of.source, SOURCE)),
        as_of: Set(stored(of.as_of)),
        updated_at: Set(stored(now)),
    }
}

fn from_row(row: rates::Model) -> Option<KeptRate> {
    Some(KeptRate {
        currency: Currency::parse(&row.currency).ok()?,
        rate: ExchangeRate::try_from_billionths(row.rate).ok()?,
        source: row.source,
        as_of: row.as_of,
    })
}
