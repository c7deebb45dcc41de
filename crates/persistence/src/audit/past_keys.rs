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

/// A key of the past.
#[derive(Clone, PartialEq, Eq)]
pub struct PastKey {
    /// It counts for the rows before this one alone; `None`, of one that is just being given up: before the row that will have it.
    pub until: Option<i64>,
    /// The key.
    pub key: String,
}

/// Hides the key.
impl fmt::Debug for PastKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.until {
            Some(seq) => write!(f, "PastKey(before row {seq})"),
            None => f.write_str("PastKey"),
        }
    }
}

const NOT_SEALED: Fault = Fault::bug("audit.past_keys: a key that is not sealed; the program writes none");

/// What a row of the log is to say so that these keys are found again, by [`past_keys`].
///
/// # Errors
/// Nothing can be sealed.
pub fn sealed_keys(on: &impl Writes, keys: &[PastKey]) -> Result<Changes, Fault> {
    let sealed: Result<Vec<String>, Fault> =
        keys.iter().map(|past| on.sealer().seal(PLACE, Uuid::nil(), &written(past))).collect();
    Ok(Changes::of(Subject::only("AuditLog")).field(FIELD, None::<&str>, sealed?))
}

/// `100:0a1b…`; the key alone where its bound is the row that it stands in.
fn written(past: &PastKey) -> String {
    past.until.map_or_else(|| past.key.clone(), |seq| format!("{seq}:{}", past.key))
}

/// Reads what [`written`] has written into the row at `seq`.
fn read(text: String, seq: i64) -> PastKey {
    match text.split_once(':').map(|(until, key)| (until.parse(), key)) {
        // Nothing counts for longer than the row says that has it.
        Some((Ok(until), key)) => PastKey { until: Some(seq.min(until)), key: key.to_owned() },
        _ => PastKey { until: Some(seq), key: text },
    }
}

/// The keys that the latest such row has, each with the row until which it counts; none where there is no such row. Whether the row is what
/// was written is for whoever verifies the log to see. Two statements.
///
/// # Errors
/// The database does not answer, or the keys cannot be opened: the root key they were sealed by is not ours, or somebody has altered
/// the row.
pub async fn past_keys(conn: &impl Conn) -> Result<Vec<PastKey>, Fault> {
    // A row behind the end is none of the log, and nobody would look whether it is what was written.
    let end = head(conn).await?;
    let row = log::Entity::find()
        .filter(log::Column::Seq.lte(end.seq))
        .filter(log::Column::Action.eq(REKEY))
        .order_by_desc(log::Column::Seq)
        .one(conn.raw())
        .await
        .map_err(fault("audit.past_keys"))?;
    let Some(row) = row else { return Ok(Vec::new()) };
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
            keys.push(read(conn.sealer().open(PLACE, Uuid::nil(), &text)?, row.seq));
        }
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_keeps_its_bound_wherever_it_is_handed_down_to() {
        let past = |until, key: &str| PastKey { until, key: key.to_owned() };
        let given_up = past(None, "0a1b");
        assert_eq!(read(written(&given_up), 100), past(Some(100), "0a1b"));
        assert_eq!(read(written(&past(Some(100), "0a1b")), 200), past(Some(100), "0a1b"));
        assert_eq!(read(written(&past(Some(300), "0a1b")), 200), past(Some(200), "0a1b"));
        assert!(!format!("{:?}", past(Some(1), "0a1b")).contains("0a1b"));
    }
}
