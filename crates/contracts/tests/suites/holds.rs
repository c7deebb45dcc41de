//! Reservation stores, sound and broken.

use crate::catches;
use async_trait::async_trait;
use chrono::TimeDelta;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use stoa_contracts::{model::HoldModel, reservation_store as rules};
use stoa_domain::{
    inventory::{
        Grant, HeldBefore, HoldPolicy, HoldRequest, HoldTicket, Reservation, ReservationStore, StockSnapshot,
    },
    shared::{CartId, Fault, Timestamp, VariantId},
};

/// What a store may get wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    None,
    BelievesEveryCaller,
    CountsItsOwn,
    HoldsAPart,
    Accumulates,
    NeverExpires,
    ExpiresLate,
    RaisesTheDead,
    ForgetsTheHandOver,
    DecidesThenWrites,
    BelievesEveryTicket,
}

#[derive(Debug)]
struct Shelf {
    flaw: Flaw,
    model: Mutex<HoldModel>,
    lies: AtomicI64,
}

impl Shelf {
    fn with(flaw: Flaw) -> Arc<Self> {
        Arc::new(Self { flaw, model: Mutex::default(), lies: AtomicI64::new(0) })
    }

    fn model(&self) -> MutexGuard<'_, HoldModel> {
        self.model.lock().unwrap()
    }

    /// The request, or a forged one whose snapshot passes for the newest.
    fn heard(&self, mut request: HoldRequest) -> HoldRequest {
        if self.flaw == Flaw::BelievesEveryCaller {
            request.snapshot.version = 1_000_000 + self.lies.fetch_add(1, Ordering::Relaxed);
        }
        request
    }

    fn clock(&self, now: Timestamp) -> Timestamp {
        match self.flaw {
            Flaw::NeverExpires => now - TimeDelta::days(1),
            Flaw::ExpiresLate => now - TimeDelta::microseconds(1),
            _ => now,
        }
    }
}

#[async_trait]
impl ReservationStore for Shelf {
    async fn hold(
        &self,
        cart: CartId,
        requests: &[HoldRequest],
        policy: HoldPolicy,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Reservation, Fault> {
        let mut requests: Vec<_> = requests.iter().map(|r| self.heard(*r)).collect();
        let now = self.clock(now);
        if self.flaw == Flaw::DecidesThenWrites {
            let mut decided = self.model().clone();
            let reservation = decided.hold(cart, &requests, policy, now, expires_at);
            tokio::time::sleep(Duration::from_millis(2)).await;
            if reservation.held {
                for (request, grant) in requests.iter_mut().zip(&reservation.grants) {
                    *request = HoldRequest {
                        quantity: grant.available,
                        snapshot: StockSnapshot { sellable: None, version: i64::MAX, ..request.snapshot },
                    };
                }
                self.model().hold(cart, &requests, policy, now, expires_at);
            }
            return Ok(reservation);
        }
        let mut model = self.model();
        if self.flaw == Flaw::Accumulates {
            for (variant, (quantity, _)) in model.held_by(cart, now) {
                if requests.iter().all(|r| r.snapshot.variant != variant) {
                    let snapshot = StockSnapshot { variant, sellable: None, version: 0 };
                    requests.push(HoldRequest { quantity, snapshot });
                }
            }
        }
        if self.flaw == Flaw::CountsItsOwn {
            for request in &mut requests {
                let own = model.held_by(cart, now).get(&request.snapshot.variant).map_or(0, |(q, _)| *q);
                let sellable = request.snapshot.sellable.map(|s| s.saturating_sub(i64::from(own)));
                request.snapshot = StockSnapshot { sellable, version: i64::MAX, ..request.snapshot };
            }
        }
        let reservation = model.hold(cart, &requests, policy, now, expires_at);
        if self.flaw == Flaw::HoldsAPart && !reservation.held {
            model.hold(cart, &requests, HoldPolicy::UpToAvailable, now, expires_at);
        }
        Ok(reservation)
    }

    async fn rehold(
        &self,
        cart: CartId,
        requests: &[HoldRequest],
        before: Option<HeldBefore<'_>>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(Reservation, Option<HoldTicket>), Fault> {
        let ticket = Some(HoldTicket::new(1));
        let Some(before) = before.filter(|_| self.flaw == Flaw::BelievesEveryTicket) else {
            let held = self.hold(cart, requests, HoldPolicy::UpToAvailable, now, expires_at).await?;
            return Ok((held, ticket));
        };
        // As the caller says it is: what is held of the rest stays, more or less as it may be.
        let standing = self.held_by(cart, now).await?;
        let as_believed = |r: &HoldRequest| {
            let believed = before.units.contains(&(r.snapshot.variant, u64::from(r.quantity)));
            let held = standing.get(&r.snapshot.variant).map_or(0, |(units, _)| *units);
            HoldRequest { quantity: if believed { held } else { r.quantity }, ..*r }
        };
        let believed: Vec<_> = requests.iter().map(as_believed).collect();
        self.hold(cart, &believed, HoldPolicy::UpToAvailable, now, expires_at).await?;
        let grant = |r: &HoldRequest| Grant {
            variant: r.snapshot.variant,
            wanted: r.quantity,
            available: r.quantity,
        };
        Ok((Reservation { held: true, grants: requests.iter().map(grant).collect() }, ticket))
    }

    async fn extend(&self, cart: CartId, now: Timestamp, expires_at: Timestamp) -> Result<(), Fault> {
        let dead_since =
            if self.flaw == Flaw::RaisesTheDead { TimeDelta::days(1) } else { TimeDelta::zero() };
        self.model().extend(cart, self.clock(now) - dead_since, expires_at);
        Ok(())
    }

    async fn release(&self, cart: CartId, handed_over: &[StockSnapshot]) -> Result<(), Fault> {
        let heard = if self.flaw == Flaw::ForgetsTheHandOver { &[] } else { handed_over };
        self.model().release(cart, heard);
        Ok(())
    }

    async fn learn(&self, snapshots: &[StockSnapshot]) -> Result<(), Fault> {
        self.model().learn(snapshots);
        Ok(())
    }

    async fn held_by(
        &self,
        cart: CartId,
        now: Timestamp,
    ) -> Result<HashMap<VariantId, (u32, Timestamp)>, Fault> {
        Ok(self.model().held_by(cart, self.clock(now)))
    }

    async fn held_until(
        &self,
        variants: &[VariantId],
        now: Timestamp,
    ) -> Result<HashMap<VariantId, (i64, Timestamp)>, Fault> {
        Ok(self.model().held_until(variants, self.clock(now)))
    }
}

mod a_sound_store_passes {
    use super::{Flaw, Shelf};

    async fn open() -> (std::sync::Arc<Shelf>, ()) {
        (Shelf::with(Flaw::None), ())
    }
    stoa_contracts::reservation_store_contract!(open);
}

#[tokio::test]
async fn believing_a_stale_reader_is_caught() {
    let shelf = || Shelf::with(Flaw::BelievesEveryCaller);
    assert!(catches(rules::an_older_snapshot_is_ignored(shelf())).await);
    assert!(catches(rules::a_hold_teaches_the_store_its_snapshot(shelf())).await);
    assert!(catches(rules::no_hold_outruns_a_newer_figure(shelf())).await);
    assert!(catches(rules::releasing_hands_the_unit_over_to_the_order(shelf())).await);
}

#[tokio::test]
async fn standing_in_ones_own_way_is_caught() {
    let shelf = || Shelf::with(Flaw::CountsItsOwn);
    assert!(catches(rules::a_carts_own_holds_never_stand_in_its_way(shelf())).await);
    assert!(catches(rules::the_same_hold_twice_is_one_hold(shelf())).await);
}

#[tokio::test]
async fn holding_a_part_of_all_or_nothing_is_caught() {
    let shelf = || Shelf::with(Flaw::HoldsAPart);
    assert!(catches(rules::all_or_nothing_short_of_one_leaves_the_holds_as_they_were(shelf())).await);
    assert!(catches(rules::carts_that_want_the_same_things_in_different_orders_do_not_block(shelf())).await);
}

#[tokio::test]
async fn keeping_what_was_let_go_is_caught() {
    let shelf = || Shelf::with(Flaw::Accumulates);
    assert!(catches(rules::what_is_not_asked_for_again_is_let_go(shelf())).await);
    assert!(catches(rules::an_empty_list_lets_go_of_everything(shelf())).await);
}

#[tokio::test]
async fn believing_every_ticket_is_caught() {
    let shelf = || Shelf::with(Flaw::BelievesEveryTicket);
    assert!(catches(rules::a_call_in_between_is_made_good(shelf())).await);
}

#[tokio::test]
async fn holds_that_wait_for_a_sweeper_are_caught() {
    for flaw in [Flaw::NeverExpires, Flaw::ExpiresLate] {
        assert!(catches(rules::an_expired_hold_frees_its_units_at_that_moment(Shelf::with(flaw))).await);
        assert!(catches(rules::an_expired_hold_is_in_no_figure(Shelf::with(flaw))).await);
    }
    assert!(catches(rules::extending_does_not_raise_the_dead(Shelf::with(Flaw::RaisesTheDead))).await);
}

#[tokio::test]
async fn forgetting_the_hand_over_is_caught() {
    let shelf = || Shelf::with(Flaw::ForgetsTheHandOver);
    assert!(catches(rules::releasing_hands_the_unit_over_to_the_order(shelf())).await);
    assert!(catches(rules::a_unit_handed_over_is_never_granted_again(shelf())).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deciding_first_and_writing_later_is_caught() {
    let shelf = || Shelf::with(Flaw::DecidesThenWrites);
    assert!(catches(rules::two_carts_race_for_the_last_unit(shelf())).await);
    assert!(catches(rules::two_carts_race_for_the_last_unit_all_or_nothing(shelf())).await);
    assert!(catches(rules::two_hundred_carts_race_for_fifty_units(shelf())).await);
}
