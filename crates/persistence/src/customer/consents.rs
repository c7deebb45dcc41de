//! What customers have agreed to. Rows are only ever added, and the last one stands in the account as well.

use super::{
    entities::{consents, customers},
    map::UNREADABLE,
    write::raised,
};
use crate::db::{Conn, Raw, WriteTx, fault, padded, stored};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use std::collections::HashMap;
use stoa_domain::{
    customer::{Consent, ConsentKind, ConsentSource},
    shared::{CustomerId, Fault, Timestamp},
};
use uuid::Uuid;

/// Writes down that a customer gave their word or took it back. `id` is the row's, time-ordered: of two at one moment the later
/// counts. False, and nothing written, if there is no such customer.
///
/// # Errors
/// The database does not answer.
pub async fn record_consent(
    tx: &WriteTx,
    of: CustomerId,
    id: Uuid,
    consent: &Consent,
    now: Timestamp,
) -> Result<bool, Fault> {
    let mut account =
        raised(now).filter(customers::Column::Id.eq(of.uuid())).filter(customers::Column::State.ne("erased"));
    match consent.kind {
        ConsentKind::EmailMarketing => {
            account = account.col_expr(customers::Column::AcceptsMarketing, Expr::value(consent.granted));
        }
    }
    let held = account.exec(tx.raw()).await.map_err(fault("customer.record_consent"))?;
    if held.rows_affected == 0 {
        return Ok(false);
    }
    insert(tx, of, id, consent).await?;
    Ok(true)
}

pub(super) async fn insert(tx: &WriteTx, of: CustomerId, id: Uuid, consent: &Consent) -> Result<(), Fault> {
    let row = consents::ActiveModel {
        id: Set(id),
        customer_id: Set(of.uuid()),
        kind: Set(consent.kind.name().to_owned()),
        granted: Set(consent.granted),
        wording: Set(consent.wording.clone()),
        source: Set(consent.source.name().to_owned()),
        actor: Set(consent.actor.clone()),
        at: Set(stored(consent.at)),
    };
    let written = consents::Entity::insert(row).exec_without_returning(tx.raw()).await;
    written.map(drop).map_err(fault("customer.insert_consent"))
}

/// Everything a customer has ever agreed to or taken back, the oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn consents(conn: &impl Conn, of: CustomerId) -> Result<Vec<Consent>, Fault> {
    let rows = consents::Entity::find()
        .filter(consents::Column::CustomerId.eq(of.uuid()))
        .order_by_asc(consents::Column::At)
        .order_by_asc(consents::Column::Id)
        .all(conn.raw())
        .await
        .map_err(fault("customer.consents"))?;
    rows.into_iter().map(consent).collect()
}

/// The same of each of these; those who have never said anything are not in it. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn consents_of(
    conn: &impl Conn,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, Vec<Consent>>, Fault> {
    let ids: Vec<Uuid> = customers.iter().map(|id| id.uuid()).collect();
    let mut found: HashMap<CustomerId, Vec<Consent>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows = consents::Entity::find()
        .filter(consents::Column::CustomerId.is_in(padded(&ids)))
        .order_by_asc(consents::Column::At)
        .order_by_asc(consents::Column::Id)
        .all(conn.raw())
        .await
        .map_err(fault("customer.consents_of"))?;
    for row in rows {
        found.entry(CustomerId::new(row.customer_id)).or_default().push(consent(row)?);
    }
    Ok(found)
}

fn consent(row: consents::Model) -> Result<Consent, Fault> {
    Ok(Consent {
        kind: ConsentKind::from_name(&row.kind).ok_or(UNREADABLE)?,
        granted: row.granted,
        wording: row.wording,
        source: ConsentSource::from_name(&row.source).ok_or(UNREADABLE)?,
        actor: row.actor,
        at: row.at,
    })
}
