//! What most rules need: a store, a moment, and holds of fifteen minutes.

use super::Store;
use crate::sample::{minutes, start, variant_id};
use chrono::TimeDelta;
use std::sync::Arc;
use stoa_domain::{
    inventory::{Grant, HoldPolicy, HoldRequest, Reservation, StockSnapshot},
    shared::{CartId, Timestamp, VariantId},
};

/// How long a hold lasts here.
pub(super) const HOLD: TimeDelta = minutes(15);

/// The shop's counter at one moment.
#[derive(Clone)]
pub(super) struct Counter {
    pub(super) store: Store,
    pub(super) now: Timestamp,
}

impl Counter {
    pub(super) fn open(store: Store) -> Self {
        Self { store, now: start() }
    }

    /// The same counter after a while.
    pub(super) fn after(&self, span: TimeDelta) -> Self {
        Self { store: Arc::clone(&self.store), now: self.now + span }
    }

    pub(super) async fn hold(
        &self,
        cart: CartId,
        requests: &[HoldRequest],
        policy: HoldPolicy,
    ) -> Reservation {
        self.store.hold(cart, requests, policy, self.now, self.now + HOLD).await.unwrap()
    }

    /// Makes the cart hold up to `quantity` of one thing and nothing else; gives the units it got.
    pub(super) async fn take(&self, cart: CartId, stock: StockSnapshot, quantity: u32) -> u32 {
        let reservation = self.hold(cart, &[want(stock, quantity)], HoldPolicy::UpToAvailable).await;
        assert!(reservation.held, "what there is, is always held");
        let [Grant { variant, wanted, available }] = reservation.grants[..] else {
            panic!("one request, {} grants", reservation.grants.len());
        };
        assert_eq!((variant, wanted), (stock.variant, quantity));
        assert!(available <= wanted);
        available
    }

    pub(super) async fn learn(&self, snapshots: &[StockSnapshot]) {
        self.store.learn(snapshots).await.unwrap();
    }

    pub(super) async fn release(&self, cart: CartId, handed_over: &[StockSnapshot]) {
        self.store.release(cart, handed_over).await.unwrap();
    }

    /// Moves the expiry of the cart's holds to a whole term from now.
    pub(super) async fn extend(&self, cart: CartId) {
        self.store.extend(cart, self.now, self.now + HOLD).await.unwrap();
    }

    /// Units all carts hold of a variant; 0 where the store has no figure.
    pub(super) async fn held(&self, variant: VariantId) -> i64 {
        self.store.held(&[variant], self.now).await.unwrap().get(&variant).copied().unwrap_or(0)
    }

    /// What the cart holds, in variant order, with the expiry of each.
    pub(super) async fn holds_of(&self, cart: CartId) -> Vec<(VariantId, u32, Timestamp)> {
        let holds = self.store.held_by(cart, self.now).await.unwrap();
        let mut holds: Vec<_> = holds.into_iter().map(|(v, (units, until))| (v, units, until)).collect();
        holds.sort_unstable();
        holds
    }

    /// Units the cart holds of a variant.
    pub(super) async fn held_by(&self, cart: CartId, variant: VariantId) -> u32 {
        self.store.held_by(cart, self.now).await.unwrap().get(&variant).map_or(0, |(units, _)| *units)
    }
}

/// A new variant of which so much can be sold, as of version 1.
pub(super) fn stock(sellable: i64) -> StockSnapshot {
    StockSnapshot { variant: variant_id(), sellable: Some(sellable), version: 1 }
}

/// A new variant whose stock is not tracked.
pub(super) fn untracked() -> StockSnapshot {
    StockSnapshot { variant: variant_id(), sellable: None, version: 1 }
}

/// The variant after one more change of its stock.
pub(super) fn changed(stock: StockSnapshot, sellable: impl Into<Option<i64>>) -> StockSnapshot {
    StockSnapshot { sellable: sellable.into(), version: stock.version + 1, ..stock }
}

/// A request for so many units.
pub(super) const fn want(snapshot: StockSnapshot, quantity: u32) -> HoldRequest {
    HoldRequest { quantity, snapshot }
}
