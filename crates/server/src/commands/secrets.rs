//! `stoa secrets`: what is kept sealed.

use super::staff::operator;
use crate::{
    app::{Unlocked, open_current, unlock},
    config::Config,
};
use std::{io::Write, process::ExitCode};
use stoa_domain::{
    audit::AuditActor,
    shared::{Clock, Fault},
};
use stoa_persistence::{
    Db, Durability,
    account::{key_checks, remove_key_check},
    db::retrying,
    sealed::{SealedColumn, Walked, old_seals, reseal as reseal_rows},
};
use stoa_services::{
    audit::{rekey, resealed},
    system::SystemClock,
};

/// Rows that are sealed anew at a time: others who write wait for as long as that takes.
const PAGE: u64 = 500;

/// Seals anew what is not sealed by the newest key, orders as the setting has it, and, once nothing is left, forgets that the database was
/// opened with others.
pub(super) async fn reseal(config: &Config) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    let Unlocked { db, roots } = unlock(config, open_current(config).await?, &SystemClock).await?;
    let newest = roots.newest_id();
    let by = AuditActor::from(&operator());
    let mut resealed_at = Vec::new();
    for column in SealedColumn::ALL {
        let mut after = None;
        let mut anew = 0;
        loop {
            let walked = retrying(|| page_once(&db, column, after.as_deref())).await?;
            anew += walked.old;
            after = walked.next;
            if after.is_none() {
                break;
            }
        }
        writeln!(out, "{}: {anew} sealed anew", column.place())?;
        resealed_at.push((column.place(), anew));
    }
    // Behind what it tells of, which is done in many transactions. Broken off, it is told of the rest by whoever goes on.
    resealed(&db, &roots, &resealed_at, (&by, SystemClock.now())).await?;
    // Who runs with another key in the first place has written meanwhile.
    let left = left(&db).await?;
    if left > 0 {
        db.close().await?;
        writeln!(
            out,
            "{left} are not sealed by root key {newest}: has every instance been started with it as the first, and with the same \
             privacy.seal_orders?"
        )?;
        return Ok(ExitCode::FAILURE);
    }
    // Before the older keys are forgotten: from then on nothing keeps them from being left out.
    if let Some(end) = rekey(&db, &roots, &by, SystemClock.now()).await? {
        writeln!(out, "audit log: row {} keeps what its older rows are verified with", end.seq)?;
    }
    for check in key_checks(db.read()).await?.into_iter().filter(|check| check.key_id != newest.as_str()) {
        retrying(|| forget_once(&db, &check.key_id)).await?;
        writeln!(out, "Root key {} seals nothing any more.", check.key_id)?;
    }
    db.close().await?;
    writeln!(out, "All is sealed by root key {newest}.")?;
    Ok(ExitCode::SUCCESS)
}

async fn page_once(db: &Db, column: SealedColumn, after: Option<&[u8]>) -> Result<Walked, Fault> {
    let tx = db.write(Durability::Full).await?;
    let walked = reseal_rows(&tx, column, after, PAGE).await?;
    tx.commit().await?;
    Ok(walked)
}

async fn left(db: &Db) -> Result<u64, Fault> {
    let mut left = 0;
    for column in SealedColumn::ALL {
        let mut after = None;
        loop {
            let walked = old_seals(db.read(), column, after.as_deref(), PAGE).await?;
            left += walked.old;
            after = walked.next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(left)
}

async fn forget_once(db: &Db, key_id: &str) -> Result<(), Fault> {
    let tx = db.write(Durability::Full).await?;
    remove_key_check(&tx, key_id).await?;
    tx.commit().await
}
