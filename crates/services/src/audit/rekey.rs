//! Changing the root key without losing the log: what was chained under an older one is verified when that is gone.

use super::LABEL;
use secrecy::ExposeSecret;
use stoa_auth::{Mac, RootKeys};
use stoa_domain::{
    audit::{AuditActor, Head},
    shared::{Fault, Timestamp},
};
use stoa_persistence::{
    Db, Durability,
    audit::{Act, REKEY, append, head, past_keys, sealed_keys},
    db::retrying,
};

/// Leaves in the log, sealed by the newest root key, the keys that its rows were chained with under all older ones. The row is
/// chained under the newest, to what stands before it. Gives the log's new end; `None`, and nothing written, where the log is empty or
/// there was never another root key. `db` is one whose sealed columns are open by `roots`.
///
/// # Errors
/// The database does not answer, or the keys of the past were sealed by a root key that is not among `roots`.
pub async fn rekey(db: &Db, roots: &RootKeys, now: Timestamp) -> Result<Option<Head>, Fault> {
    let mac = Mac::new(roots, LABEL)?;
    retrying(|| rekey_once(db, roots, &mac, now)).await
}

async fn rekey_once(db: &Db, roots: &RootKeys, mac: &Mac, now: Timestamp) -> Result<Option<Head>, Fault> {
    if head(db.read()).await? == Head::START {
        return Ok(None);
    }
    let older = Mac::older_keys(roots, LABEL)?;
    let past = past_keys(db.read()).await?.unwrap_or_default();
    let mut keys: Vec<&str> = older.iter().map(ExposeSecret::expose_secret).collect();
    for key in &past.keys {
        if !keys.contains(&key.as_str()) {
            keys.push(key);
        }
    }
    if keys.is_empty() {
        return Ok(None);
    }
    let tx = db.write(Durability::Full).await?;
    let changes = sealed_keys(&tx, &keys)?;
    let act = Act { by: AuditActor::system("secrets reseal"), action: REKEY, changes: &changes, at: now };
    let end = append(&tx, act, &|row: &[u8]| mac.sign(&[row])).await?;
    tx.commit().await?;
    Ok(end)
}
