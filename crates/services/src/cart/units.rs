//! How many units one buyer may have in a cart, and how many one network may come to hold: a shelf is not emptied by who does not
//! buy.

use crate::{Context, account::Caller, settings::UnitSettings};
use std::time::Duration;
use stoa_domain::{
    cart::Cart,
    inventory::HoldTiming,
    limits::{Decision, LimitKey, Quota},
};

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

/// Whether the cart has no more units than a buyer may have. One that has more already, because the shop allowed it, need not shrink.
pub(super) fn check_buyer(settings: &UnitSettings, had: u64, cart: &Cart) -> Result<(), TooManyUnits> {
    let wanted = cart.total_quantity();
    match settings.per_buyer {
        Some(max) if wanted > had && wanted > u64::from(max.get()) => {
            Err(TooManyUnits::InCart { max: max.get() })
        }
        _ => Ok(()),
    }
}

/// What a change of a cart takes of what its network may hold.
pub(super) struct Share {
    counter: Option<(LimitKey, Quota)>,
    had: u64,
    taken: u64,
}

/// Nothing is counted where nothing is held before checkout, or where nobody knows from where somebody comes, which is so of nobody who
/// comes over the network.
fn counter(ctx: &Context, by: &Caller) -> Option<(LimitKey, Quota)> {
    if ctx.settings.hold_timing != HoldTiming::Cart {
        return None;
    }
    let (limit, client) = (ctx.settings.units.per_network?, by.client.address?);
    let window = ctx.settings.hold_for.to_std().unwrap_or(Duration::ZERO);
    Some((LimitKey::new("holds", client.network()), Quota::new(limit.get(), window)))
}

impl Share {
    /// Takes the units that a cart is to have more than it `had`. What counts and does not answer keeps nobody from buying.
    pub(super) async fn take(
        ctx: &Context,
        by: &Caller,
        had: u64,
        wanted: u64,
    ) -> Result<Self, TooManyUnits> {
        let counter = counter(ctx, by);
        let grown = wanted.saturating_sub(had);
        let mut taken = 0;
        if grown > 0
            && let Some((key, quota)) = &counter
        {
            match ctx.ports.limiter.take(key, *quota, units(grown)).await {
                Ok(Decision::Allowed { .. }) => taken = grown,
                Ok(Decision::Refused { .. } | Decision::TooMuch) => return Err(TooManyUnits::FromNetwork),
                Err(fault) => tracing::warn!(error = %fault, "units that are held were not counted"),
            }
        }
        Ok(Self { counter, had, taken })
    }

    /// Gives back what the cart has not come to have after all, or no longer has.
    pub(super) async fn settle(self, ctx: &Context, has: u64) {
        let Some((key, quota)) = self.counter else { return };
        let back = (self.had + self.taken).saturating_sub(has);
        if back == 0 {
            return;
        }
        if let Err(fault) = ctx.ports.limiter.give_back(&key, quota, units(back)).await {
            tracing::debug!(error = %fault, "units that are held no longer come back by themselves");
        }
    }
}

fn units(units: u64) -> u32 {
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;
    use stoa_domain::{
        cart::AddLine,
        shared::{CartId, CartLineId, Currency, Timestamp, VariantId},
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
}
