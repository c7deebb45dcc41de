//! Several variants, all of them or none.

use super::{
    stock::{self, Mode, Settle},
    wish::Wish,
};
use crate::{connection::Redis, script::Call};
use std::time::Duration;
use stoa_domain::{inventory::HoldRequest, shared::Fault};

/// How often to ask again for what another call has reserved and not yet decided on.
const PATIENCE: u32 = 12;
/// The pause before the first of these times; each is a little longer than the one before.
const PAUSE: Duration = Duration::from_millis(1);

/// What a variant's ledger says: units to be had, and units to be had if nothing were reserved for undecided calls.
pub(super) type Chance = (u32, u32);

/// Reserves all that is wished for; gives whether it could, and what could have been had. After a refusal nothing is
/// reserved.
pub(super) async fn reserve(redis: &Redis, wish: &Wish<'_>) -> Result<(bool, Vec<u32>), Fault> {
    let calls = wish.requests.iter().map(|r| request(redis, wish, r)).collect();
    let chances: Vec<Chance> = redis.run_all("redis.holds.reserve", calls).await?;
    let available: Vec<u32> = chances.iter().map(|(now, _)| *now).collect();
    let short = |(r, (now, _)): (&HoldRequest, &Chance)| *now < r.quantity;
    let hopeless = |(r, (_, settled)): (&HoldRequest, &Chance)| *settled < r.quantity;
    if !wish.requests.iter().zip(&chances).any(short) {
        return Ok((true, available));
    }
    settle(redis, wish, Settle::Cancel, Vec::new()).await?;
    if wish.requests.iter().zip(&chances).any(hopeless) {
        return Ok((false, available));
    }
    // Two calls may each have taken what the other needs, and both would be refused where one could be served.
    one_by_one(redis, wish, available).await
}

/// Reserves in the order of the ids, waiting a moment where a call that is not yet decided stands in the way. Of calls
/// that all go by this order, the one furthest on is never in another's way for long.
async fn one_by_one(
    redis: &Redis,
    wish: &Wish<'_>,
    mut available: Vec<u32>,
) -> Result<(bool, Vec<u32>), Fault> {
    for place in wish.in_id_order() {
        let wanted = wish.requests[place].quantity;
        for attempt in 1..=PATIENCE {
            let call = request(redis, wish, &wish.requests[place]);
            let (now, settled): Chance = redis.run("redis.holds.reserve", &call).await?;
            available[place] = now;
            if now >= wanted || settled < wanted {
                break;
            }
            tokio::time::sleep(PAUSE * attempt).await;
        }
        if available[place] < wanted {
            settle(redis, wish, Settle::Cancel, Vec::new()).await?;
            return Ok((false, available));
        }
    }
    Ok((true, available))
}

/// Ends the reservations, and makes the calls of `beside` with that.
pub(super) async fn settle(
    redis: &Redis,
    wish: &Wish<'_>,
    how: Settle,
    beside: Vec<Call>,
) -> Result<(), Fault> {
    let settled = wish.requests.iter().map(|r| stock::settle(redis.keys(), &wish.turn, r, how, wish.term));
    let calls = settled.chain(beside).collect();
    redis.run_all::<i64>("redis.holds.settle", calls).await.map(drop)
}

fn request(redis: &Redis, wish: &Wish<'_>, request: &HoldRequest) -> Call {
    stock::hold(redis.keys(), &wish.turn, request, Mode::Reserve, wish.term)
}
