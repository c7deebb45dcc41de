//! A [`ReservationStore`](stoa_domain::inventory::ReservationStore) in its simplest form.

use std::collections::HashMap;
use stoa_domain::{
    inventory::{Grant, HoldPolicy, HoldRequest, Reservation, StockSnapshot},
    shared::{CartId, Timestamp, VariantId},
};

/// Holds and the newest snapshots, in maps.
#[derive(Clone, Debug, Default)]
pub struct HoldModel {
    fences: HashMap<VariantId, StockSnapshot>,
    holds: HashMap<(CartId, VariantId), (u32, Timestamp)>,
}

impl HoldModel {
    /// As [`ReservationStore::hold`](stoa_domain::inventory::ReservationStore::hold).
    pub fn hold(
        &mut self,
        cart: CartId,
        requests: &[HoldRequest],
        policy: HoldPolicy,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Reservation {
        let grants: Vec<Grant> = requests.iter().map(|r| self.grant(cart, *r, now)).collect();
        let held = policy == HoldPolicy::UpToAvailable || grants.iter().all(Grant::is_full);
        if held {
            self.holds.retain(|(holder, _), _| *holder != cart);
            for grant in grants.iter().filter(|g| g.available > 0) {
                self.holds.insert((cart, grant.variant), (grant.available, expires_at));
            }
        }
        Reservation { held, grants }
    }

    fn grant(&mut self, cart: CartId, request: HoldRequest, now: Timestamp) -> Grant {
        self.learn(&[request.snapshot]);
        let variant = request.snapshot.variant;
        let others = self.live(now).filter(|((holder, held), _)| *held == variant && *holder != cart);
        let held_by_others = others.map(|(_, units)| i64::from(units)).sum();
        let available = self.fences[&variant].grantable(request.quantity, held_by_others);
        Grant { variant, wanted: request.quantity, available }
    }

    fn live(&self, now: Timestamp) -> impl Iterator<Item = ((CartId, VariantId), u32)> {
        self.holds.iter().filter(move |(_, (_, until))| *until > now).map(|(of, (units, _))| (*of, *units))
    }

    /// As [`ReservationStore::extend`](stoa_domain::inventory::ReservationStore::extend).
    pub fn extend(&mut self, cart: CartId, now: Timestamp, expires_at: Timestamp) {
        for ((holder, _), (_, until)) in &mut self.holds {
            if *holder == cart && *until > now {
                *until = expires_at;
            }
        }
    }

    /// As [`ReservationStore::release`](stoa_domain::inventory::ReservationStore::release).
    pub fn release(&mut self, cart: CartId, handed_over: &[StockSnapshot]) {
        self.holds.retain(|(holder, _), _| *holder != cart);
        self.learn(handed_over);
    }

    /// As [`ReservationStore::learn`](stoa_domain::inventory::ReservationStore::learn).
    pub fn learn(&mut self, snapshots: &[StockSnapshot]) {
        for snapshot in snapshots {
            let known = self.fences.get(&snapshot.variant).copied();
            self.fences.insert(snapshot.variant, snapshot.newest(known));
        }
    }

    /// As [`ReservationStore::held_by`](stoa_domain::inventory::ReservationStore::held_by).
    pub fn held_by(&self, cart: CartId, now: Timestamp) -> HashMap<VariantId, (u32, Timestamp)> {
        let own = self.holds.iter().filter(|((holder, _), (_, until))| *holder == cart && *until > now);
        own.map(|((_, variant), hold)| (*variant, *hold)).collect()
    }

    /// As [`ReservationStore::held_until`](stoa_domain::inventory::ReservationStore::held_until).
    pub fn held_until(&self, variants: &[VariantId], now: Timestamp) -> HashMap<VariantId, (i64, Timestamp)> {
        let mut held = HashMap::new();
        let live = self.holds.iter().filter(|(_, (_, until))| *until > now);
        for ((_, variant), (units, until)) in live.filter(|((_, v), _)| variants.contains(v)) {
            let (sum, first_end) = held.entry(*variant).or_insert((0, *until));
            *sum += i64::from(*units);
            *first_end = (*until).min(*first_end);
        }
        held
    }

    /// As [`ReservationStore::held`](stoa_domain::inventory::ReservationStore::held).
    pub fn held(&self, variants: &[VariantId], now: Timestamp) -> HashMap<VariantId, i64> {
        let held = self.held_until(variants, now);
        held.into_iter().map(|(variant, (units, _))| (variant, units)).collect()
    }
}
