//! The database, opened and up to date.

use crate::config::Config;
use anyhow::{Context, bail};
use std::{sync::Arc, time::Duration};
use stoa_domain::shared::{Fault, Sealer};
use stoa_persistence::{Db, DbConfig, DbTarget, Durability, catalog, db::retrying};
use uuid::Uuid;

/// Connects to the database, whatever its tables are. Its sealed columns are closed until [`unlock`](super::unlock) opens them.
///
/// # Errors
/// It cannot be opened or reached.
pub async fn connect(config: &Config) -> anyhow::Result<Db> {
    connect_to(&config.database).await
}

/// The same for who wants to hear soon that it does not answer.
///
/// # Errors
/// It cannot be opened, or is not reached so soon.
pub async fn connect_within(patience: Duration, config: &Config) -> anyhow::Result<Db> {
    connect_to(&DbConfig { acquire_timeout: patience, ..config.database.clone() }).await
}

async fn connect_to(database: &DbConfig) -> anyhow::Result<Db> {
    let db = Db::connect(database).await.context("the database cannot be opened")?;
    Ok(db.with_sealer(Arc::new(Closed)))
}

/// For those who have no business with what is sealed: that one of them writes it in plain text, or shows it, is a fault.
struct Closed;

impl Sealer for Closed {
    fn seal(&self, _: &'static str, _: Uuid, _: &str) -> Result<String, Fault> {
        Err(Fault::bug("sealing a value: the root keys were not asked for"))
    }

    fn open(&self, _: &'static str, _: Uuid, _: &str) -> Result<String, Fault> {
        Err(Fault::bug("opening a sealed value: the root keys were not asked for"))
    }

    fn is_current(&self, _: &str) -> bool {
        false
    }
}

/// Opens the database, makes the data folder when it does not exist, and migrates.
///
/// # Errors
/// The folder cannot be made, the database cannot be opened, or a migration fails.
pub async fn open_database(config: &Config) -> anyhow::Result<Db> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("the data folder {} cannot be made", config.data_dir.display()))?;
    let db = connect(config).await?;
    db.migrate().await.context("the database cannot be migrated")?;
    Ok(db)
}

/// Opens the database as it is, for those who have no business changing its tables.
///
/// # Errors
/// It is not there, cannot be opened, or is of another version; its tables are left as they are.
pub async fn open_current(config: &Config) -> anyhow::Result<Db> {
    if let DbTarget::Sqlite(file) = &config.database.target
        && !file.exists()
    {
        bail!("there is no database at {}; `stoa migrate` makes it", file.display());
    }
    let db = connect(config).await?;
    let lacking = db.pending_migrations().await.context("the database cannot be compared")?.len();
    if lacking > 0 {
        db.close().await?;
        bail!(
            "the database lacks {lacking} of this version's steps, and nothing was done; `stoa migrate` applies them"
        );
    }
    Ok(db)
}

/// Opens the database as [`open_database`] does, for those who show or write prices: refuses one whose prices are in another
/// currency than the shop's.
///
/// # Errors
/// As [`open_database`], or the currencies differ.
pub async fn open_shop(config: &Config) -> anyhow::Result<Db> {
    in_our_currency(config, open_database(config).await?).await
}

/// Opens the database as [`open_shop`] does, but as it is.
///
/// # Errors
/// As [`open_current`], or the currencies differ.
pub async fn open_current_shop(config: &Config) -> anyhow::Result<Db> {
    in_our_currency(config, open_current(config).await?).await
}

async fn in_our_currency(config: &Config, db: Db) -> anyhow::Result<Db> {
    let ours = config.settings.currency;
    let theirs = retrying(|| async {
        let tx = db.write(Durability::Full).await?;
        let theirs = catalog::settle_currency(&tx, ours).await?;
        tx.commit().await?;
        Ok::<_, Fault>(theirs)
    })
    .await?;
    if theirs != ours.code() {
        db.close().await?;
        bail!(
            "shop.currency is {ours}, but the prices in the database are in {theirs}, and 12.50 of the one is another \
             number than of the other. Set shop.currency to {theirs}, or begin with a new database (--data-dir, \
             database.url) and import the products anew.",
            ours = ours.code(),
        );
    }
    Ok(db)
}
