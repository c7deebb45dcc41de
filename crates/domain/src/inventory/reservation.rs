//! Holds on stock for a cart, and the port of the store that keeps them.

use super::StockSnapshot;
use crate::shared::{CartId, Fault, Timestamp, VariantId};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// When a shop holds stock for a buyer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldTiming {
    /// When something is put into the cart.
    #[default]
    Cart,
    /// Only when the order is placed: carts promise nothing.
    Checkout,
}

/// One variant a cart wants held, with what SQL last said of its stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldRequest {
    /// Units wanted in all, over every line of the cart.
    pub quantity: u32,
    /// The variant, and the figure the caller has read from SQL.
    pub snapshot: StockSnapshot,
}

/// What to do where less than wanted is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldPolicy {
    /// Hold as much as there is.
    UpToAvailable,
    /// Hold all of everything, or leave the cart's holds as they were.
    AllOrNothing,
}

/// What was held of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The variant.
    pub variant: VariantId,
    /// Units wanted.
    pub wanted: u32,
    /// Units held under [`HoldPolicy::UpToAvailable`]; under [`HoldPolicy::AllOrNothing`] what could have been held.
    pub available: u32,
}

impl Grant {
    /// Whether all that was wanted is there.
    pub const fn is_full(&self) -> bool {
        self.available >= self.wanted
    }
}

/// The outcome of a hold: one grant a request, in the order of the requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Whether the holds were written. False only when [`HoldPolicy::AllOrNothing`] met a shortage.
    pub held: bool,
    /// What each request got.
    pub grants: Vec<Grant>,
}

/// One call for a cart's holds. Only the store that gave it can tell what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HoldTicket(i64);

impl HoldTicket {
    /// A ticket of this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// What a cart's last call for holds has held: all that was wanted, and all of it until the same moment.
#[derive(Clone, Copy, Debug)]
pub struct HeldBefore<'a> {
    /// That call.
    pub ticket: HoldTicket,
    /// Units by variant.
    pub units: &'a [(VariantId, u64)],
}

/// Keeps holds. Losing all of them may annoy but can never oversell: placing an order decides by SQL alone.
///
/// Every method may be called twice with the same arguments to the same effect. A hold whose time is up stops
/// counting at that moment, whether or not anything has swept it.
#[async_trait]
pub trait ReservationStore: Send + Sync {
    /// Makes the cart's holds exactly `requests` (each variant at most once; quantity 0 or absence lets go), until
    /// `expires_at`. A cart's own holds never stand in its way. Decided atomically per variant against the newest
    /// snapshot the store has seen.
    ///
    /// # Errors
    /// The store cannot be reached; holds are then as before, or as requested.
    async fn hold(
        &self,
        cart: CartId,
        requests: &[HoldRequest],
        policy: HoldPolicy,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Reservation, Fault>;

    /// Makes the cart's holds exactly `requests`, of each as much as there is, as [`hold`](Self::hold) does. `before` is what the cart's
    /// last call has held until the same `expires_at`: where nobody has called for the cart since, a store need not decide again
    /// about what is wanted as it was, so that one line more costs the same in a long cart as in a short one. Gives the ticket to
    /// show next time; none from a store that has no use for it.
    ///
    /// # Errors
    /// As [`hold`](Self::hold).
    async fn rehold(
        &self,
        cart: CartId,
        requests: &[HoldRequest],
        _before: Option<HeldBefore<'_>>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(Reservation, Option<HoldTicket>), Fault> {
        let held = self.hold(cart, requests, HoldPolicy::UpToAvailable, now, expires_at).await?;
        Ok((held, None))
    }

    /// Moves the expiry of the cart's live holds. Holds that are already over stay over.
    ///
    /// # Errors
    /// The store cannot be reached.
    async fn extend(&self, cart: CartId, now: Timestamp, expires_at: Timestamp) -> Result<(), Fault>;

    /// Lets go of all the cart holds and learns the stock as it is after the order that took it over.
    ///
    /// # Errors
    /// The store cannot be reached; the holds then end by themselves.
    async fn release(&self, cart: CartId, handed_over: &[StockSnapshot]) -> Result<(), Fault>;

    /// Learns newer stock figures, so that no hold is granted against an older one.
    ///
    /// # Errors
    /// The store cannot be reached.
    async fn learn(&self, snapshots: &[StockSnapshot]) -> Result<(), Fault>;

    /// What the cart holds now: units by variant, and until when.
    ///
    /// # Errors
    /// The store cannot be reached.
    async fn held_by(
        &self,
        cart: CartId,
        now: Timestamp,
    ) -> Result<HashMap<VariantId, (u32, Timestamp)>, Fault>;

    /// Whether the cart holds all of this still at `then`, as things are.
    ///
    /// # Errors
    /// The store cannot be reached.
    async fn holds(&self, cart: CartId, wanted: &[(VariantId, u64)], then: Timestamp) -> Result<bool, Fault> {
        let held = self.held_by(cart, then).await?;
        let enough = |(variant, units): &(VariantId, u64)| {
            held.get(variant).is_some_and(|(held, _)| u64::from(*held) >= *units)
        };
        Ok(wanted.iter().all(enough))
    }

    /// Units held by all carts together, for showing availability. Variants that nobody holds are absent.
    ///
    /// # Errors
    /// The store cannot be reached.
    async fn held(&self, variants: &[VariantId], now: Timestamp) -> Result<HashMap<VariantId, i64>, Fault> {
        let held = self.held_until(variants, now).await?;
        Ok(held.into_iter().map(|(variant, (units, _))| (variant, units)).collect())
    }

    /// The same, and a moment until which these units stay held if nobody calls: no later than the end of the first of the holds on
    /// the variant.
    ///
    /// # Errors
    /// The store cannot be reached.
    async fn held_until(
        &self,
        variants: &[VariantId],
        now: Timestamp,
    ) -> Result<HashMap<VariantId, (i64, Timestamp)>, Fault>;

    /// The same of every variant that anybody holds; `None` from a store that would have to ask for each.
    ///
    /// # Errors
    /// The store cannot be reached.
    async fn all_held(&self, _now: Timestamp) -> Result<Option<HashMap<VariantId, i64>>, Fault> {
        Ok(None)
    }

    /// Whether the store looks at the stock itself when it decides. Then the figure that comes with a request need not be
    /// the newest.
    fn reads_stock(&self) -> bool {
        false
    }

    /// Whether the store has to be told of stock that has changed. Not where it decides by the stock itself, in the same moment: one
    /// that looks at it a moment before would grant by what it saw then.
    fn wants_news(&self) -> bool {
        true
    }

    /// Carts that hold anything, `most` of them at most; `None` from a store that cannot tell. May read all that is stored:
    /// for examinations, not for requests.
    ///
    /// # Errors
    /// The store cannot be reached.
    async fn holders(&self, _now: Timestamp, _most: u32) -> Result<Option<Vec<CartId>>, Fault> {
        Ok(None)
    }
}
