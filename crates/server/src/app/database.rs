//! The database, opened and up to date.

use crate::config::Config;
use anyhow::{Context, bail};
use stoa_domain::shared::Fault;
use stoa_persistence::{Db, Durability, catalog, db::retrying};

/// Opens the database, makes the data folder when it does not exist, and migrates.
///
/// # Errors
/// The folder cannot be made, the database cannot be opened, or a migration fails.
pub async fn open_database(config: &Config) -> anyhow::Result<Db> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("the data folder {} cannot be made", config.data_dir.display()))?;
    let db = Db::connect(&config.database).await.context("the database cannot be opened")?;
    db.migrate().await.context("the database cannot be migrated")?;
    Ok(db)
}

/// Opens the database as [`open_database`] does, for those who show or write prices: refuses one whose prices are in another
/// currency than the shop's.
///
/// # Errors
/// As [`open_database`], or the currencies differ.
pub async fn open_shop(config: &Config) -> anyhow::Result<Db> {
    let db = open_database(config).await?;
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
