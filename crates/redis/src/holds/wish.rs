//! What one call for holds asks for.

use super::{index::Turn, stock::Term};
use std::collections::BTreeSet;
use stoa_domain::{
    inventory::{Grant, HeldBefore, HoldRequest, Reservation},
    shared::VariantId,
};

/// The requests of one call, its turn and its time.
pub(super) struct Wish<'a> {
    pub(super) requests: &'a [HoldRequest],
    pub(super) turn: Turn,
    pub(super) term: Term,
}

impl Wish<'_> {
    /// What the cart may still hold though it no longer asks for it.
    pub(super) fn unwanted(&self) -> Vec<VariantId> {
        let asked: BTreeSet<VariantId> = self.requests.iter().map(|r| r.snapshot.variant).collect();
        self.turn.known.iter().filter(|v| !asked.contains(v)).copied().collect()
    }

    /// Whether the cart's last call has held this just so, and nobody has called since: whatever older call came later has found that
    /// one's ticket, or had ended before it began.
    pub(super) fn is_held_already(&self, request: &HoldRequest, before: Option<HeldBefore<'_>>) -> bool {
        let (variant, units) = (request.snapshot.variant, u64::from(request.quantity));
        before.is_some_and(|b| b.ticket.number() == self.turn.before && b.units.contains(&(variant, units)))
    }

    /// Places of the requests in the order of their variants' ids.
    pub(super) fn in_id_order(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.requests.len()).collect();
        places.sort_unstable_by_key(|place| self.requests[*place].snapshot.variant);
        places
    }

    /// The answer, given what can be had of each request.
    pub(super) fn answer(&self, held: bool, available: impl IntoIterator<Item = u32>) -> Reservation {
        let grants = self.requests.iter().zip(available).map(|(request, available)| Grant {
            variant: request.snapshot.variant,
            wanted: request.quantity,
            available,
        });
        Reservation { held, grants: grants.collect() }
    }
}

/// The variants asked for; `None` when one stands there twice.
pub(super) fn variants_once(requests: &[HoldRequest]) -> Option<BTreeSet<VariantId>> {
    let variants: BTreeSet<VariantId> = requests.iter().map(|r| r.snapshot.variant).collect();
    (variants.len() == requests.len()).then_some(variants)
}
