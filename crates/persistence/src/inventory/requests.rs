//! Keys that make changes of stock safe to repeat. Their rows stay: the ledger keeps at least one for each of them as well.

use super::entities::request;
use crate::db::{Batch, Conn, WriteTx, fault};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryTrait, sea_query::OnConflict};
use stoa_domain::shared::{Fault, Timestamp};
use uuid::Uuid;

/// Writes down a request by a hash of its key, before any stock is locked. `None`: nobody has before. Otherwise the fingerprint that it
/// came with then: of two at once the second waits for what becomes of the first.
///
/// # Errors
/// The database does not answer.
pub async fn claim_request(
    tx: &WriteTx,
    id: Uuid,
    fingerprint: &str,
    now: Timestamp,
) -> Result<Option<String>, Fault> {
    let row =
        request::ActiveModel { id: Set(id), fingerprint: Set(fingerprint.to_owned()), created_at: Set(now) };
    let known = OnConflict::column(request::Column::Id).do_nothing().to_owned();
    let mut batch = Batch::new();
    let claimed = batch.insert(request::Entity::insert(row).on_conflict(known).into_query());
    if batch.write(tx).await?.rows(claimed) == 1 {
        return Ok(None);
    }
    find_request(tx, id).await?.map(Some).ok_or(Fault::bug("stock.claim_request: it is there and is not"))
}

async fn find_request(conn: &impl Conn, id: Uuid) -> Result<Option<String>, Fault> {
    let row = request::Entity::find_by_id(id).one(conn.raw()).await.map_err(fault("stock.find_request"))?;
    Ok(row.map(|row| row.fingerprint))
}
