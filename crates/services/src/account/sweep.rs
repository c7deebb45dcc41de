//! Deleting what is over: sign-ins, links, places, and the files of archives.

use super::{begin::PLACE_KNOWN, links};
use crate::{Context, customer::ArchiveBody};
use chrono::TimeDelta;
use stoa_domain::{
    account::AccountToken,
    shared::{AccountTokenId, Fault},
};
use stoa_persistence::{Durability, account, db::retrying};

/// How long what is over stays: a mail about it may still be on its way.
const STAYS: TimeDelta = TimeDelta::days(7);
/// How long a place stays that is not known any more.
const PLACE_STAYS: TimeDelta = TimeDelta::days(30);
/// Archives that are read at once.
const BATCH: u64 = 100;

/// Deletes what is over. May run twice, and twice at once.
pub(crate) async fn sweep(ctx: &Context) -> Result<(), Fault> {
    let now = ctx.now();
    let swept = account::sweep(ctx.db(), now - STAYS, now - PLACE_KNOWN - PLACE_STAYS).await?;
    let mut archives = 0;
    loop {
        // A link that does not work any more leads to no file that is needed.
        let over = account::archives_over(ctx.db().read(), now, BATCH).await?;
        for link in &over {
            remove_file(ctx, link).await?;
            retrying(|| remove_once(ctx, link.id)).await?;
            archives += 1;
        }
        if (over.len() as u64) < BATCH {
            break;
        }
    }
    if swept > 0 || archives > 0 {
        tracing::info!(swept, archives, "sign-ins and links that were over are deleted");
    }
    Ok(())
}

/// Takes the file of an archive away, before the row that names it.
pub(crate) async fn remove_file(ctx: &Context, link: &AccountToken) -> Result<(), Fault> {
    let file = links::body::<ArchiveBody>(link)?;
    ctx.ports.media.delete(&file.key()?).await
}

async fn remove_once(ctx: &Context, id: AccountTokenId) -> Result<bool, Fault> {
    let turn = ctx.db().write_one(Durability::Relaxed).await?;
    account::remove_token(&turn, id).await
}
