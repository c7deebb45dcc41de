//! Changing the root key without losing the log: what was chained under an older one is verified when that is gone.

use super::LABEL;
use secrecy::{ExposeSecret, SecretString};
use stoa_auth::{Mac, RootKeys};
use stoa_domain::{
    audit::{AuditActor, AuditValue, Changes, Head, Subject},
    shared::{Fault, Timestamp},
};
use stoa_persistence::{
    Db, Durability,
    audit::{Act, PastKey, REKEY, append, head, past_keys, sealed_keys},
    db::retrying,
};

/// Leaves in the log, sealed by the newest root key, the keys that its rows were chained with under all older ones. The row is
/// chained under the newest, to what stands before it. A key of the past that no root key gives any more keeps the bound it had. Gives the
/// log's new end; `None`, and nothing written, where the log is empty or there is no older root key. `db` is one whose sealed columns are
/// open by `roots`.
///
/// # Errors
/// The database does not answer, or the keys of the past were sealed by a root key that is not among `roots`.
pub async fn rekey(
    db: &Db,
    roots: &RootKeys,
    by: &AuditActor,
    now: Timestamp,
) -> Result<Option<Head>, Fault> {
    let mac = Mac::new(roots, LABEL)?;
    retrying(|| rekey_once(db, roots, &mac, (by, now))).await
}

async fn rekey_once(
    db: &Db,
    roots: &RootKeys,
    mac: &Mac,
    (by, at): (&AuditActor, Timestamp),
) -> Result<Option<Head>, Fault> {
    let older = Mac::older_keys(roots, LABEL)?;
    if older.is_empty() || head(db.read()).await? == Head::START {
        return Ok(None);
    }
    let text = |key: &SecretString| key.expose_secret().to_owned();
    // Whoever still runs with one of these has chained rows with it until now.
    let mut keys: Vec<PastKey> = older.iter().map(|key| PastKey { until: None, key: text(key) }).collect();
    for past in past_keys(db.read()).await? {
        if keys.iter().all(|known| known.key != past.key) {
            keys.push(past);
        }
    }
    let tx = db.write(Durability::Full).await?;
    let changes = sealed_keys(&tx, &keys)?;
    let act = Act { by: by.clone(), action: REKEY, changes: &changes, at };
    let end = append(&tx, act, &|row: &[u8]| mac.sign(&[row])).await?;
    tx.commit().await?;
    Ok(end)
}

/// Leaves in the log that so many values were sealed anew, or opened: by the place where they are. Nothing is written where nothing was.
///
/// # Errors
/// The database does not answer.
pub async fn resealed(
    db: &Db,
    roots: &RootKeys,
    anew: &[(&'static str, u64)],
    (by, at): (&AuditActor, Timestamp),
) -> Result<(), Fault> {
    let done = anew.iter().filter(|(_, count)| *count > 0);
    let changes = done.fold(Changes::of(Subject::only("Secrets")), |changes, (place, count)| {
        changes.field(place, AuditValue::Nothing, i64::try_from(*count).unwrap_or(i64::MAX))
    });
    if anew.iter().all(|(_, count)| *count == 0) {
        return Ok(());
    }
    let mac = Mac::new(roots, LABEL)?;
    retrying(|| resealed_once(db, &mac, (by, at), &changes)).await
}

async fn resealed_once(
    db: &Db,
    mac: &Mac,
    (by, at): (&AuditActor, Timestamp),
    changes: &Changes,
) -> Result<(), Fault> {
    let tx = db.write(Durability::Full).await?;
    let act = Act { by: by.clone(), action: "secrets.reseal", changes, at };
    append(&tx, act, &|row: &[u8]| mac.sign(&[row])).await?;
    tx.commit().await
}
