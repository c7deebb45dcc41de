//! How many units one buyer may have in a cart, and how many one network may come to hold, and to order without paying: a shelf is
//! not emptied by who does not buy.

use crate::{Context, account::Caller, limits::Place, settings::UnitSettings};
use chrono::TimeDelta;
use std::{num::NonZeroU32, time::Duration};
use stoa_domain::{cart::Cart, inventory::HoldTiming, limits::Quota, shared::Timestamp};

/// Why there are too many units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooManyUnits {
    /// More than a cart may have.
    InCart {
        /// The most, over all lines.
        max: u32,
    },
    /// More than may be held from one network. They come back as time goes by.
    FromNetwork,
}

/// Units that the buyer has put in, rather than a promotion.
pub(super) fn bought(cart: &Cart) -> u64 {
    let bought = cart.lines.iter().filter(|line| line.gift.is_none());
    bought.map(|line| u64::from(line.quantity)).sum()
}

/// Whether the buyer has put no more units into the cart than one may have, of which there were `had` before. A cart that has more already, because
/// the shop allowed it, need not shrink.
pub(super) fn check_buyer(settings: &UnitSettings, had: u64, cart: &Cart) -> Result<(), TooManyUnits> {
    check_units(settings, had, bought(cart))
}

/// The same of any units.
pub(super) fn check_units(settings: &UnitSettings, had: u64, wanted: u64) -> Result<(), TooManyUnits> {
    match settings.per_buyer {
        Some(max) if wanted > had && wanted > u64::from(max.get()) => {
            Err(TooManyUnits::InCart { max: max.get() })
        }
        _ => Ok(()),
    }
}

/// What a cart is to have, and what it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units {
    /// Units that were counted before.
    pub(super) had: u64,
    /// Units that it is to have.
    pub(super) wanted: u64,
    /// Until when all it had was held, by the cart.
    pub(super) held_until: Option<Timestamp>,
}

/// What a change of a cart takes of what its network may hold.
///
/// A unit counts for as long as a hold lasts. What is held for longer counts again for the time that is added, and what was held no more
/// counts anew: whoever keeps a shelf by touching carts now and then takes as much of the share as somebody who fills new ones. Where
/// the share is used up, holds end when they would have ended, and nothing else is refused.
pub(super) struct Share {
    counter: Option<Place>,
    had: u64,
    /// Units that are new.
    taken: u64,
    /// Units that count for the time that is added.
    again: u64,
    until: Option<Timestamp>,
}

/// Nothing is counted where nothing is held before checkout, or where nobody knows from where somebody comes, which is so of nobody who
/// comes over the network.
fn counter(ctx: &Context, by: &Caller) -> Option<Place> {
    if ctx.settings.hold_timing != HoldTiming::Cart {
        return None;
    }
    let (limit, client) = (ctx.settings.units.per_network?, by.client.address?);
    let window = ctx.settings.hold_for.to_std().unwrap_or(Duration::ZERO);
    Some(Place::new("holds", Some(client), Quota::new(limit.get(), window)))
}

impl Share {
    /// Takes the units that a cart is to have more than it had, and those it holds for longer. What counts and does not answer keeps
    /// nobody from buying.
    pub(super) async fn take(
        ctx: &Context,
        by: &Caller,
        units: Units,
        now: Timestamp,
    ) -> Result<Self, TooManyUnits> {
        let (counter, target) = (counter(ctx, by), ctx.settings.held_until(now));
        let nothing = Self { counter, had: units.had, taken: 0, again: 0, until: Some(target) };
        let Some(counted) = &nothing.counter else { return Ok(nothing) };
        let grown = units.wanted.saturating_sub(units.had);
        let kept = units.had.min(units.wanted);
        let live = units.held_until.filter(|until| *until > now);
        let again = live.map_or(kept, |until| for_longer(kept, target - until, ctx.settings.hold_for));
        if took(ctx, counted, grown + again).await {
            return Ok(Self { taken: grown, again, ..nothing });
        }
        // As long as they were held anyway.
        match live {
            Some(_) if took(ctx, counted, grown).await => Ok(Self { taken: grown, until: live, ..nothing }),
            None if grown == 0 => Ok(Self { until: None, ..nothing }),
            Some(_) | None => Err(TooManyUnits::FromNetwork),
        }
    }

    /// Until when what is in the cart may be held; `None`: it may not.
    pub(super) const fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Gives back what the cart has not come to have after all, or no longer has. `None`: nothing has come of the change, as far as is
    /// known.
    pub(super) async fn settle(self, ctx: &Context, has: Option<u64>) {
        let Some(counter) = self.counter else { return };
        let back = match has {
            Some(has) => (self.had + self.taken).saturating_sub(has),
            None => self.taken + self.again,
        };
        put_back(ctx, &counter, back).await;
    }
}

/// Gives back what a cart has held that is gone.
pub(super) async fn give_back(ctx: &Context, by: &Caller, units: u64) {
    if let Some(counter) = counter(ctx, by) {
        put_back(ctx, &counter, units).await;
    }
}

/// What an order takes of what its network may have ordered and not paid.
///
/// A hold ends after minutes; an order that nobody pays keeps its units for as long as it may be paid. So they count for that time,
/// beside what is held. What was paid comes back with the rest, as time goes by: an order does not know whence it came.
pub(crate) struct Unpaid {
    counter: Option<Place>,
    units: u64,
}

impl Unpaid {
    /// Takes the units of an order; `None`: there are not so many. What counts and does not answer keeps nobody from buying.
    pub(crate) async fn take(ctx: &Context, by: &Caller, units: u64) -> Option<Self> {
        let place = |limit: NonZeroU32, client| {
            let window = ctx.settings.pay_within.to_std().unwrap_or(Duration::ZERO);
            Place::new("unpaid", Some(client), Quota::new(limit.get(), window))
        };
        let counter = ctx.settings.units.per_network.zip(by.client.address);
        let counter = counter.map(|(limit, client)| place(limit, client));
        if let Some(counter) = &counter
            && !took(ctx, counter, units).await
        {
            return None;
        }
        Some(Self { counter, units })
    }

    /// Gives them back: there is no such order, or nothing to pay.
    pub(crate) async fn give_back(self, ctx: &Context) {
        if let Some(counter) = &self.counter {
            put_back(ctx, counter, self.units).await;
        }
    }
}

async fn put_back(ctx: &Context, counter: &Place, units: u64) {
    if units == 0 {
        return;
    }
    if let Err(fault) = counter.give_back(&*ctx.ports.limiter, at_most(units)).await {
        tracing::debug!(error = %fault, "units that count no longer come back by themselves");
    }
}

/// Whether there are so many.
async fn took(ctx: &Context, counter: &Place, units: u64) -> bool {
    if units == 0 {
        return true;
    }
    match counter.take(&*ctx.ports.limiter, at_most(units)).await {
        Ok(decision) => decision.is_allowed(),
        Err(fault) => {
            tracing::warn!(error = %fault, "units were not counted");
            true
        }
    }
}

/// How many units count again that are held for longer: their part of the time that a hold lasts, rounded up.
fn for_longer(units: u64, longer: TimeDelta, lasts: TimeDelta) -> u64 {
    let [longer, lasts] = [longer, lasts].map(|time| u128::try_from(time.num_milliseconds()).unwrap_or(0));
    let again = (u128::from(units) * longer).div_ceil(lasts.max(1));
    u64::try_from(again).unwrap_or(u64::MAX).min(units)
}

fn at_most(units: u64) -> u32 {
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::{
        cart::AddLine,
        shared::{CartId, CartLineId, Currency, VariantId},
    };
    use uuid::Uuid;

    fn cart(quantity: u32) -> Cart {
        let mut cart = Cart::new(CartId::new(Uuid::nil()), Currency::USD, Timestamp::default());
        let line = AddLine { variant: VariantId::new(Uuid::nil()), quantity, attributes: Vec::new() };
        cart.add_lines(vec![line], || CartLineId::new(Uuid::nil())).unwrap();
        cart
    }

    #[test]
    fn a_cart_may_shrink_but_not_grow_beyond_the_most() {
        let bound = UnitSettings { per_buyer: NonZeroU32::new(10), per_network: None };
        assert_eq!(check_buyer(&bound, 0, &cart(10)), Ok(()));
        assert_eq!(check_buyer(&bound, 10, &cart(11)), Err(TooManyUnits::InCart { max: 10 }));
        assert_eq!(check_buyer(&bound, 20, &cart(20)), Ok(()), "the shop has allowed fewer since");
        assert_eq!(check_buyer(&bound, 20, &cart(15)), Ok(()));
        let unbound = UnitSettings { per_buyer: None, per_network: None };
        assert_eq!(check_buyer(&unbound, 0, &cart(1_000_000)), Ok(()));
    }

    #[test]
    fn what_is_held_for_longer_counts_for_that_time() {
        let quarter = TimeDelta::minutes(15);
        let again = |units, longer| for_longer(units, longer, quarter);
        assert_eq!(again(20, TimeDelta::zero()), 0);
        assert_eq!(again(20, TimeDelta::minutes(3)), 4);
        assert_eq!(again(1, TimeDelta::seconds(15)), 1, "never nothing");
        assert_eq!(again(20, quarter), 20);
        assert_eq!(again(20, TimeDelta::hours(1)), 20, "no unit counts twice at once");
        assert_eq!(again(20, -quarter), 0, "clocks differ");
    }
}
