//! Taking people out of orders that need not say any more whose they are.

use crate::{Context, jobs::Turn};
use chrono::TimeDelta;
use stoa_domain::shared::{CustomerId, Fault, OrderId};
use stoa_persistence::{Durability, db::retrying, order};

/// Orders, or customers, that are looked at together.
const BATCH: u64 = 200;
/// How long an order of a guest's says who gave it up without having paid: for whoever asks what has become of it.
const GIVEN_UP: TimeDelta = TimeDelta::days(30);

/// Takes name and address off orders whose time is over, all that says who it was off those that guests have given up unpaid, and
/// customers out of orders that were on their way while they were erased, beginning behind `from`, until the turn is over. May run twice,
/// and twice at once. Gives the customer behind whom the next turn begins, where it was over among them.
pub(crate) async fn forget_persons(
    ctx: &Context,
    from: Option<CustomerId>,
    turn: &mut Turn,
) -> Result<Option<CustomerId>, Fault> {
    let (late, ended_at) = erase_late(ctx, from, turn).await?;
    let guests = forget_guests(ctx, turn).await?;
    let mut due = 0;
    while turn.take() {
        let some = retrying(|| forget_once(ctx)).await?;
        due += some;
        if some < BATCH {
            break;
        }
    }
    if late > 0 || guests > 0 || due > 0 {
        tracing::info!(late, guests, due, "names were taken off orders that need not keep them any more");
    }
    Ok(ended_at)
}

async fn forget_once(ctx: &Context) -> Result<u64, Fault> {
    let tx = ctx.db().write(Durability::Full).await?;
    let forgotten = order::forget_persons(&tx, ctx.now(), BATCH).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Whoever places an order reads who they are before they write it; erased in between, they stand on it all the same. Some have to stay for
/// now, so where the turn is over is told: the next one would else come no further.
async fn erase_late(
    ctx: &Context,
    from: Option<CustomerId>,
    turn: &mut Turn,
) -> Result<(u64, Option<CustomerId>), Fault> {
    let (mut erased, mut after) = (0, from);
    loop {
        let named = order::still_named(ctx.db().read(), after, BATCH).await?;
        if named.is_empty() {
            return Ok((erased, None));
        }
        for of in named {
            if !turn.take() {
                return Ok((erased, after));
            }
            erased += retrying(|| erase_once(ctx, of)).await?;
            after = Some(of);
        }
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

async fn forget_guests(ctx: &Context, turn: &mut Turn) -> Result<u64, Fault> {
    let (mut forgotten, mut after) = (0, None);
    while turn.take() {
        let before = ctx.now() - GIVEN_UP;
        let found = order::given_up_by_guests(ctx.db().read(), before, after, BATCH).await?;
        let Some(&last) = found.last() else { return Ok(forgotten) };
        forgotten += retrying(|| guests_once(ctx, &found)).await?;
        after = Some(last);
    }
    Ok(forgotten)
}

async fn guests_once(ctx: &Context, of: &[OrderId]) -> Result<u64, Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Full).await?;
    let forgotten = order::forget_guests(&tx, of, now - GIVEN_UP, &*ctx.ports.ids, now).await?;
    tx.commit().await?;
    Ok(forgotten)
}
