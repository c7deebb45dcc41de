//! The database, opened and up to date.

use crate::config::Config;
use anyhow::Context;
use stoa_persistence::Db;

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
