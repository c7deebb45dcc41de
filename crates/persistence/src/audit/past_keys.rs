//! The keys that rows of the log were chained with before the root key was changed. They stand in the log itself, sealed by the root key
//! of the day: so they are in every backup and export, and the row that has them is chained to all that they vouch for.

use super::{entities::log, head};
use crate::db::{Conn, Writes, fault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::fmt;
use stoa_domain::{
    audit::{AuditValue, Changes, Subject},
    shared::Fault,
};
use uuid::Uuid;

/// The act that leaves them in the log.
pub const REKEY: &str = "audit.rekey";

/// Where they are sealed for.
const PLACE: &str = "audit_log.changes";
/// What the field is called that has them.
const FIELD: &str = "keys";

/// Keys of the past.
#[derive(Default)]
pub struct PastKeys {
    /// The row that has them: they count for the rows before it alone.
    pub seq: i64,
    /// The keys, in the order in which they were given.
    pub keys: Vec<String>,
}

/// Hides the keys.
impl fmt::Debug for PastKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PastKeys({} before row {})", self.keys.len(), self.seq)
    }
}

const NOT_SEALED: Fault = Fault::bug("audit.past_keys: a key that is not sealed; the program writes none");

/// What a row of the log is to say so that these keys are found again, by [`past_keys`].
///
/// # Errors
/// Nothing can be sealed.
pub fn sealed_keys(on: &impl Writes, keys: &[&str]) -> Result<Changes, Fault> {
    let sealed: Result<Vec<String>, Fault> =
        keys.iter().map(|key| on.sealer().seal(PLACE, Uuid::nil(), key)).collect();
    Ok(Changes::of(Subject::only("AuditLog")).field(FIELD, None::<&str>, sealed?))
}

/// The keys that the latest such row has; `None`: there is none. Whether the row is what was written is for whoever verifies the
/// log to see. Two statements.
///
/// # Errors
/// The database does not answer, or the keys cannot be opened: the root key they were sealed by is not ours, or somebody has altered
/// the row.
pub async fn past_keys(conn: &impl Conn) -> Result<Option<PastKeys>, Fault> {
    // A row behind the end is none of the log, and nobody would look whether it is what was written.
    let end = head(conn).await?;
    let row = log::Entity::find()
        .filter(log::Column::Seq.lte(end.seq))
        .filter(log::Column::Action.eq(REKEY))
        .order_by_desc(log::Column::Seq)
        .one(conn.raw())
        .await
        .map_err(fault("audit.past_keys"))?;
    let Some(row) = row else { return Ok(None) };
    let changes = Changes::read(&row.changes).map_err(|error| Fault::internal("audit.past_keys", error))?;
    let mut keys = Vec::new();
    for change in changes.into_iter().filter(|change| change.field == FIELD) {
        let AuditValue::List(sealed) = change.after else { continue };
        for text in sealed {
            let AuditValue::Text(text) = text else { continue };
            // What is opened elsewhere as it stands, since it is older than sealing, would here be a key of whoever wrote it.
            if !text.starts_with("s1.") {
                return Err(NOT_SEALED);
            }
            keys.push(conn.sealer().open(PLACE, Uuid::nil(), &text)?);
        }
    }
    Ok(Some(PastKeys { seq: row.seq, keys }))
}
