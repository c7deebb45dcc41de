//! The root keys: from the settings, or from a file in the data folder that is made when it is first needed. A database knows which of
//! them it was opened with, and is opened with no others.

mod key_file;

use crate::config::Config;
use anyhow::{Context, bail};
use std::sync::Arc;
use stoa_auth::{RootKeys, Sealer};
use stoa_domain::shared::{Clock, Fault, Timestamp};
use stoa_persistence::{
    Db, Durability,
    account::{KeyCheck, add_key_check, key_checks},
    db::retrying,
};

/// A database whose sealed columns are open.
pub struct Unlocked {
    /// The database.
    pub db: Db,
    /// What its columns are sealed by.
    pub roots: RootKeys,
}

/// Opens the sealed columns of a database whose tables are of this version.
///
/// # Errors
/// The database was opened with root keys that are not among ours, the file with ours cannot be read or made, or the database does
/// not answer.
pub async fn unlock(config: &Config, db: Db, clock: &dyn Clock) -> anyhow::Result<Unlocked> {
    let known = key_checks(db.read()).await?;
    let roots = match (&config.root_keys, known.first()) {
        (Some(roots), _) => roots.clone(),
        (None, None) => key_file::find_or_make(&config.data_dir)?,
        (None, Some(check)) => match key_file::find(&config.data_dir)? {
            Some(roots) => roots,
            None => bail!(
                "secrets.root_keys: this database was opened with root key {id}, and there is no key here: neither in the settings nor in \
                 {file}. {REMEDY}",
                id = check.key_id,
                file = key_file::place(&config.data_dir).display(),
            ),
        },
    };
    let now = clock.now();
    if let Some(stranger) = retrying(|| recognise_once(&db, &roots, now)).await? {
        bail!(
            "secrets.root_keys: this database was opened with root key {stranger}, which is not among ours ({ours}): what it has sealed \
             could not be read, and who is signed in by it would not be known. {REMEDY}",
            ours = names(&roots),
        );
    }
    let sealer = Sealer::new(&roots).context("the root keys")?;
    Ok(Unlocked { db: db.with_sealer(Arc::new(sealer)), roots })
}

const REMEDY: &str = "Let every instance and every command have the same keys: that of the first is in its settings, or in secret.key in its \
                      data folder. The runbook says what to do where it is lost";

/// Writes down the key that seals, unless the database has been opened with one that we do not have: gives its name then. Only the one
/// that seals is written down, so that a newer key can be given to one instance after the other before any seals with it.
async fn recognise_once(db: &Db, roots: &RootKeys, now: Timestamp) -> Result<Option<String>, Fault> {
    let tx = db.write(Durability::Full).await?;
    let known = key_checks(&tx).await?;
    let ours: Vec<KeyCheck> = roots
        .proofs()
        .map(|(id, proof)| KeyCheck { key_id: id.as_str().to_owned(), proof: proof.to_owned() })
        .collect();
    if let Some(stranger) = known.iter().find(|check| !ours.contains(check)) {
        return Ok(Some(stranger.key_id.clone()));
    }
    if let Some(newest) = ours.first().filter(|newest| !known.contains(newest)) {
        add_key_check(&tx, newest, now).await?;
        tx.commit().await?;
    }
    Ok(None)
}

fn names(roots: &RootKeys) -> String {
    let names: Vec<&str> = roots.proofs().map(|(id, _)| id.as_str()).collect();
    names.join(", ")
}
