//! What is on gift cards whose time is over is written off. Nothing can be paid with them from the moment on at which they end; this is for the
//! books, which show what a shop owes.

use super::spend::{SYSTEM, written};
use crate::Context;
use stoa_domain::{
    gift_card::CardChange,
    shared::{Fault, GiftCardId, Timestamp},
};
use stoa_persistence::{Durability, db::retrying, gift_card};

/// Cards of one transaction: others wait for those that are locked.
const AT_ONCE: u64 = 100;
/// Cards of one turn, well within the lease of its job.
const TURN: u64 = 5_000;

/// Writes off what is on cards that are over, and gives whether that was all. Again there is nothing left to be written off.
pub(crate) async fn expire(ctx: &Context) -> Result<bool, Fault> {
    let mut written_off = 0;
    while written_off < TURN {
        let now = ctx.now();
        let over = gift_card::expired(ctx.db().read(), now, AT_ONCE).await?;
        if over.is_empty() {
            return Ok(true);
        }
        retrying(|| write_off(ctx, &over, now)).await?;
        written_off += u64::try_from(over.len()).unwrap_or(TURN);
    }
    Ok(false)
}

/// Looks at each once more behind its lock: it may have been spent, or be good for longer, since it was found.
async fn write_off(ctx: &Context, over: &[GiftCardId], now: Timestamp) -> Result<(), Fault> {
    let tx = ctx.db().write(Durability::Full).await?;
    for card in gift_card::lock(&tx, over).await? {
        let Ok((changed, entries)) = card.change(CardChange::Expire, now) else { continue };
        if !entries.is_empty() {
            let entries: Vec<_> =
                entries.into_iter().map(|entry| written(ctx, card.id, entry, SYSTEM)).collect();
            gift_card::save(&tx, &changed, &entries).await?;
        }
    }
    tx.commit().await
}
