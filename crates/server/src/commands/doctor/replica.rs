//! Whether the replica is there that the catalogue is read on, and keeps up.

use std::{io::Write, time::Duration};
use stoa_persistence::{Db, catalog};
use stoa_services::doctor::Finding;
use tokio::time::sleep;

/// How often it is asked again, a second later, whether it has caught up: to be a moment behind is what replicas are like.
const LOOKS: u32 = 5;

pub(super) async fn examine(db: &Db, out: &mut impl Write) -> std::io::Result<Vec<Finding>> {
    match behind(db).await {
        Ok(None) => Ok(Vec::new()),
        Ok(Some(0)) => {
            writeln!(out, "replica: reached, and not behind")?;
            Ok(Vec::new())
        }
        Ok(Some(versions)) => Ok(vec![Finding {
            check: "database.replica_behind",
            problem: format!("The replica lacks the catalogue's latest changes, {versions} of them"),
            remedy: "What is newer is read on the primary, so nothing old is shown. See what keeps it from catching up \
                     (pg_stat_replication on the primary), and that database.replica_url is a replica of database.url.",
            mended: false,
        }]),
        Err(fault) => Ok(vec![Finding {
            check: "database.replica",
            problem: format!("The replica cannot be read: {fault}"),
            remedy: "The catalogue is read on the primary meanwhile. See that the replica runs and is reached from here, and that \
                     database.replica_url names it with a user and a password that it knows.",
            mended: false,
        }]),
    }
}

/// How far it stays behind.
async fn behind(db: &Db) -> Result<Option<i64>, stoa_domain::shared::Fault> {
    let mut behind = catalog::versions_behind(db).await?;
    for _ in 1..LOOKS {
        if behind.is_none_or(|versions| versions == 0) {
            break;
        }
        sleep(Duration::from_secs(1)).await;
        behind = catalog::versions_behind(db).await?;
    }
    Ok(behind)
}
