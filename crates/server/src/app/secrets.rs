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
    account::{KeyCheck, KeysChecked, check_keys, key_checks},
    db::retrying,
};

/// A database whose sealed columns are open.
pub struct Unlocked {
    /// The database.
    pub db: Db,
    /// What its columns are sealed by.
    pub roots: RootKeys,
}

/// What to do for whoever comes with other keys.
const REMEDY: &str = "Give every instance and every command the same keys: those of the first one are in its settings, or in \
                      secret.key in its data folder. The runbook says what to do where they are lost";

/// Opens the sealed columns of a database whose tables are of this version.
///
/// # Errors
/// The database was opened with root keys that are not among ours, the file with ours cannot be read or made, or the database does
/// not answer.
pub async fn unlock(config: &Config, db: Db, clock: &dyn Clock) -> anyhow::Result<Unlocked> {
    let roots = match &config.root_keys {
        Some(roots) => roots.clone(),
        None => kept(config, &db).await?,
    };
    let now = clock.now();
    match retrying(|| check_once(&db, &roots, now)).await? {
        KeysChecked::Known => {}
        KeysChecked::Missing(id) => bail!(
            "secrets.root_keys: this database was opened with root key {id}, which is not among ours ({ours}): what it has sealed \
             could not be read, and who is signed in by it would not be known. {REMEDY}",
            ours = names(&roots),
        ),
        KeysChecked::Other(id) => {
            bail!(
                "secrets.root_keys: this database was opened with another root key of the name {id}. {REMEDY}"
            )
        }
    }
    let sealer = Sealer::new(&roots).context("the root keys")?;
    let db = db.with_sealer(Arc::new(sealer)).with_sealed_orders(config.seal_orders);
    Ok(Unlocked { db, roots })
}

/// The keys of the data folder. Only a database that has never been opened is given a new one.
async fn kept(config: &Config, db: &Db) -> anyhow::Result<RootKeys> {
    let Some(known) = key_checks(db.read()).await?.into_iter().next() else {
        return key_file::find_or_make(&config.data_dir);
    };
    match key_file::find(&config.data_dir)? {
        Some(roots) => Ok(roots),
        None => bail!(
            "secrets.root_keys: this database was opened with root key {id}, and here is none: neither in the settings nor in {file}. \
             {REMEDY}",
            id = known.key_id,
            file = key_file::place(&config.data_dir).display(),
        ),
    }
}

/// Only the key that seals is written down, so that a newer one can be given to one instance after the other before any seals with it.
async fn check_once(db: &Db, roots: &RootKeys, now: Timestamp) -> Result<KeysChecked, Fault> {
    let keys: Vec<KeyCheck> = roots
        .proofs()
        .map(|(id, proof)| KeyCheck { key_id: id.as_str().to_owned(), proof: proof.to_owned() })
        .collect();
    let tx = db.write(Durability::Full).await?;
    let checked = check_keys(&tx, &keys, now).await?;
    tx.commit().await?;
    Ok(checked)
}

fn names(roots: &RootKeys) -> String {
    let names: Vec<&str> = roots.proofs().map(|(id, _)| id.as_str()).collect();
    names.join(", ")
}
