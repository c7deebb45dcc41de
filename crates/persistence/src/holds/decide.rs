//! Who gets what: pure arithmetic over what was read.

use super::{
    rows::Hold,
    standing::{Standing, Standings},
};
use stoa_domain::{
    inventory::{Grant, HoldPolicy, HoldRequest, Reservation},
    shared::{CartId, VariantId},
};

/// What a cart asks for.
#[derive(Debug)]
pub(super) struct Wish<'a> {
    pub(super) cart: CartId,
    pub(super) requests: &'a [HoldRequest],
    pub(super) policy: HoldPolicy,
    /// In microseconds since 1970.
    pub(super) now: i64,
    /// In microseconds since 1970.
    pub(super) expires_at: i64,
}

impl Wish<'_> {
    /// What the cart gets, given where it stands.
    pub(super) fn decide(&self, standings: &Standings) -> Reservation {
        let grants: Vec<Grant> = self.requests.iter().map(|r| self.grant(r, standings)).collect();
        let held = match self.policy {
            HoldPolicy::UpToAvailable => true,
            HoldPolicy::AllOrNothing => grants.iter().all(Grant::is_full),
        };
        Reservation { held, grants }
    }

    /// Everything, as it was asked for.
    pub(super) fn granted_in_full(&self) -> Reservation {
        let grant = |r: &HoldRequest| Grant {
            variant: r.snapshot.variant,
            wanted: r.quantity,
            available: r.quantity,
        };
        Reservation { held: true, grants: self.requests.iter().map(grant).collect() }
    }

    fn grant(&self, request: &HoldRequest, standings: &Standings) -> Grant {
        let variant = request.snapshot.variant;
        let standing = standings.by_variant.get(&variant);
        let newest = request.snapshot.newest(standing.map(|s| s.fence));
        let by_others = standing.map_or(0, |s| s.held_by_others(self.now));
        Grant { variant, wanted: request.quantity, available: newest.grantable(request.quantity, by_others) }
    }

    /// How the cart's rows become the grants.
    pub(super) fn change(&self, grants: &[Grant], standings: &Standings) -> Change {
        let mut wanted: Vec<Hold> = grants
            .iter()
            .filter(|grant| grant.available > 0)
            .map(|grant| Hold { variant: grant.variant, quantity: i64::from(grant.available) })
            .collect();
        wanted.sort_unstable_by_key(|hold| hold.variant);
        let own = |variant: VariantId| standings.by_variant.get(&variant).and_then(|s| s.own);
        let kept = wanted.iter().filter(|hold| own(hold.variant).is_some()).count();
        if standings.own_rows.is_none_or(|rows| usize::try_from(rows) != Ok(kept)) {
            // The cart has rows of things it no longer wants, or may have.
            return Change { clear: true, write: wanted };
        }
        wanted.retain(|hold| own(hold.variant) != Some((hold.quantity, self.expires_at)));
        Change { clear: false, write: wanted }
    }
}

/// What to do to a cart's rows.
#[derive(Debug)]
pub(super) struct Change {
    /// Whether all of them go first.
    pub(super) clear: bool,
    /// What is put in or over, in the order of ids.
    pub(super) write: Vec<Hold>,
}

impl Standing {
    fn held_by_others(&self, now: i64) -> i64 {
        let own = self.own.filter(|(_, until)| *until > now).map_or(0, |(units, _)| units);
        self.held - own
    }
}
