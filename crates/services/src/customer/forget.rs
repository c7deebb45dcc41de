//! Taking people out of orders that need not say any more whose they are.

use crate::Context;
use chrono::TimeDelta;
use stoa_domain::shared::{CustomerId, Fault, OrderId};
use stoa_persistence::{Durability, db::retrying, order};

/// Orders, or customers, that are looked at together.
const BATCH: u64 = 200;
/// How long an order of a guest's says who gave it up without having paid: for whoever asks what has become of it.
const GIVEN_UP: TimeDelta = TimeDelta::days(30);

/// Takes name and address off orders whose time is over, all that says who it was off those that guests have given up unpaid, and
/// customers out of orders that were on their way while they were erased. May run twice, and twice at once.
pub(crate) async fn forget_persons(ctx: &Context) -> Result<(), Fault> {
    let late = erase_late(ctx).await?;
    let guests = forget_guests(ctx).await?;
    let mut due = 0;
    loop {
        let some = retrying(|| forget_once(ctx)).await?;
        due += some;
        if some < BATCH {
            break;
        }
    }
    if late > 0 || guests > 0 || due > 0 {
        tracing::info!(late, guests, due, "names were taken off orders that need not keep them any more");
    }
    Ok(())
}

async fn forget_once(ctx: &Context) -> Result<u64, Fault> {
    let tx = ctx.db().write(Durability::Full).await?;
    let forgotten = order::forget_persons(&tx, ctx.now(), BATCH).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Whoever places an order reads who they are before they write it; erased in between, they stand on it all the same.
async fn erase_late(ctx: &Context) -> Result<u64, Fault> {
    let (mut erased, mut after) = (0, None);
    loop {
        let named = order::still_named(ctx.db().read(), after, BATCH).await?;
        for &of in &named {
            erased += retrying(|| erase_once(ctx, of)).await?;
        }
        let Some(&last) = named.last() else { return Ok(erased) };
        after = Some(last);
    }
}

async fn erase_once(ctx: &Context, of: CustomerId) -> Result<u64, Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Full).await?;
    // What is still to be paid or sent has to be somebody's.
    if order::erasure_obstacle(&tx, of, now).await?.is_some() {
        return Ok(0);
    }
    let erased = order::erase(&tx, of, ctx.settings.privacy.keep_orders_years, &*ctx.ports.ids, now).await?;
    tx.commit().await?;
    Ok(erased)
}

async fn forget_guests(ctx: &Context) -> Result<u64, Fault> {
    let (mut forgotten, mut after) = (0, None);
    loop {
        let before = ctx.now() - GIVEN_UP;
        let found = order::given_up_by_guests(ctx.db().read(), before, after, BATCH).await?;
        let Some(&last) = found.last() else { return Ok(forgotten) };
        forgotten += retrying(|| guests_once(ctx, &found)).await?;
        after = Some(last);
    }
}

async fn guests_once(ctx: &Context, of: &[OrderId]) -> Result<u64, Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Full).await?;
    let forgotten = order::forget_guests(&tx, of, now - GIVEN_UP, &*ctx.ports.ids, now).await?;
    tx.commit().await?;
    Ok(forgotten)
}
