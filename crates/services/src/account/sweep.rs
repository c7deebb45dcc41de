//! Deleting what is over: sign-ins, links, places, and the files of archives.

use super::begin::PLACE_KNOWN;
use crate::{Context, customer::remove_archive, jobs::Turn};
use chrono::TimeDelta;
use stoa_domain::shared::{AccountTokenId, CustomerId, Fault};
use stoa_persistence::{
    Durability,
    account::{self, Swept},
    customer,
    db::retrying,
};

/// How long what is over stays: a mail about it may still be on its way.
const STAYS: TimeDelta = TimeDelta::days(7);
/// How long a place stays that is not known any more.
const PLACE_STAYS: TimeDelta = TimeDelta::days(30);
/// How long an account waits for its address to be proved.
const UNPROVED_STAYS: TimeDelta = TimeDelta::days(14);
/// Archives, or accounts, that are read at once.
const BATCH: u64 = 100;

/// Deletes what is over, until the turn is. May run twice, and twice at once. False if there may be more.
pub(crate) async fn sweep(ctx: &Context, turn: &mut Turn) -> Result<bool, Fault> {
    let now = ctx.now();
    let before = (now - STAYS, now - PLACE_KNOWN - PLACE_STAYS);
    let Swept { rows: swept, transactions } = account::sweep(ctx.db(), before, turn.left()).await?;
    turn.spend(transactions);
    let mut archives = 0;
    'archives: loop {
        // A link that does not work any more leads to no file that is needed.
        let over = account::archives_over(ctx.db().read(), now, BATCH).await?;
        for link in &over {
            if !turn.take() {
                break 'archives;
            }
            // Before the row that names it.
            remove_archive(ctx, link.id).await?;
            retrying(|| remove_once(ctx, link.id)).await?;
            archives += 1;
        }
        if (over.len() as u64) < BATCH {
            break;
        }
    }
    let unproved = sweep_unproved(ctx, turn).await?;
    if swept > 0 || archives > 0 || unproved > 0 {
        tracing::info!(
            swept,
            archives,
            unproved,
            "sign-ins, links and unproved accounts that were over are deleted"
        );
    }
    Ok(!turn.is_over())
}

/// Accounts that somebody once registered and nobody has ever proved.
async fn sweep_unproved(ctx: &Context, turn: &mut Turn) -> Result<usize, Fault> {
    let before = ctx.now() - UNPROVED_STAYS;
    let mut swept = 0;
    loop {
        let over = customer::pending_over(ctx.db().read(), before, ctx.now(), BATCH).await?;
        let mut gone = 0;
        for id in &over {
            if !turn.take() {
                return Ok(swept + gone);
            }
            gone += usize::from(retrying(|| remove_unproved(ctx, *id)).await?);
        }
        swept += gone;
        // What was found and stayed has changed meanwhile, and is nobody's to ask for again today.
        if (over.len() as u64) < BATCH || gone == 0 {
            return Ok(swept);
        }
    }
}

async fn remove_unproved(ctx: &Context, id: CustomerId) -> Result<bool, Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Relaxed).await?;
    let gone = customer::remove_pending(&tx, id, now - UNPROVED_STAYS, now).await?;
    tx.commit().await?;
    Ok(gone)
}

async fn remove_once(ctx: &Context, id: AccountTokenId) -> Result<bool, Fault> {
    let turn = ctx.db().write_one(Durability::Relaxed).await?;
    account::remove_token(&turn, id).await
}
