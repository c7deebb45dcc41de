//! Calls of the scripts on one variant's ledger.

use super::index::Turn;
use crate::{
    keys::{Keys, figure_ttl, stock_ttl},
    script::{Call, Lua, STOCK_DROP, STOCK_EXTEND, STOCK_HOLD, STOCK_LEARN, STOCK_SETTLE},
};
use std::collections::BTreeMap;
use stoa_domain::{
    inventory::{HoldRequest, StockSnapshot},
    shared::{CartId, Timestamp, VariantId},
};

/// Beyond this a figure is as good as this: it is exact as a number of Lua's, and no sum of holds reaches it.
const LIMIT: i64 = 1 << 52;

/// From when until when something is held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    pub(super) now: Timestamp,
    pub(super) expires_at: Timestamp,
}

impl Term {
    fn ttl(self) -> i64 {
        stock_ttl(self.now, self.expires_at)
    }
}

/// How a hold is to be taken.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    /// What there is.
    Most,
    /// All of it, or leave the hold as it was.
    All,
    /// All of it, beside what is held, until it is settled.
    Reserve,
}

/// How a reservation ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum Settle {
    Commit,
    Cancel,
}

pub(super) fn hold(keys: &Keys, turn: &Turn, request: &HoldRequest, mode: Mode, term: Term) -> Call {
    let mode = match mode {
        Mode::Most => "most",
        Mode::All => "all",
        Mode::Reserve => "reserve",
    };
    let call = by_turn(&STOCK_HOLD, keys, turn, request.snapshot.variant)
        .arg(request.quantity)
        .arg(mode)
        .arg(term.now.timestamp_micros())
        .arg(term.expires_at.timestamp_micros());
    figure(call, Some(&request.snapshot)).arg(term.ttl())
}

pub(super) fn settle(keys: &Keys, turn: &Turn, request: &HoldRequest, how: Settle, term: Term) -> Call {
    let how = match how {
        Settle::Commit => "commit",
        Settle::Cancel => "cancel",
    };
    by_turn(&STOCK_SETTLE, keys, turn, request.snapshot.variant)
        .arg(request.quantity)
        .arg(how)
        .arg(term.expires_at.timestamp_micros())
        .arg(term.ttl())
}

pub(super) fn drop(
    keys: &Keys,
    turn: &Turn,
    variant: VariantId,
    handed_over: Option<&StockSnapshot>,
) -> Call {
    let call = by_turn(&STOCK_DROP, keys, turn, variant).arg(turn.until);
    figure(call, handed_over).arg(figure_ttl())
}

pub(super) fn extend(keys: &Keys, turn: &Turn, variant: VariantId, term: Term) -> Call {
    by_turn(&STOCK_EXTEND, keys, turn, variant)
        .arg(term.now.timestamp_micros())
        .arg(term.expires_at.timestamp_micros())
        .arg(term.ttl())
}

pub(super) fn learn(keys: &Keys, snapshot: &StockSnapshot) -> Call {
    figure(on_stock(&STOCK_LEARN, keys, snapshot.variant), Some(snapshot)).arg(figure_ttl())
}

/// The field of a cart in a variant's ledger.
pub(super) fn field(cart: CartId) -> String {
    cart.uuid().simple().to_string()
}

/// Units and expiry out of a cart's record, if it still counts.
pub(super) fn live(record: &str, now: Timestamp) -> Option<(u32, Timestamp)> {
    let mut words = record.split(' ');
    let units = words.next()?.parse().ok().filter(|units| *units > 0)?;
    let expires_at = Timestamp::from_timestamp_micros(words.next()?.parse().ok()?)?;
    (expires_at > now).then_some((units, expires_at))
}

/// The newest figure of each variant.
pub(super) fn newest(snapshots: &[StockSnapshot]) -> BTreeMap<VariantId, StockSnapshot> {
    let mut newest = BTreeMap::new();
    for snapshot in snapshots {
        let known = newest.get(&snapshot.variant).copied();
        newest.insert(snapshot.variant, snapshot.newest(known));
    }
    newest
}

fn on_stock(lua: &'static Lua, keys: &Keys, variant: VariantId) -> Call {
    Call::new(lua, [keys.stock(variant), keys.ends(variant)])
}

fn by_turn(lua: &'static Lua, keys: &Keys, turn: &Turn, variant: VariantId) -> Call {
    on_stock(lua, keys, variant).arg(field(turn.cart)).arg(turn.ticket).arg(i64::from(turn.alone))
}

fn figure(call: Call, snapshot: Option<&StockSnapshot>) -> Call {
    let Some(snapshot) = snapshot else { return call.arg("-").arg("*") };
    // Shifted to be positive and padded, so that text compares as the numbers do.
    let version = i128::from(snapshot.version) - i128::from(i64::MIN);
    let sellable = snapshot.sellable.map_or_else(|| "*".into(), |s| s.clamp(-LIMIT, LIMIT).to_string());
    call.arg(format!("{version:020}")).arg(sellable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_record_counts_until_its_expiry() {
        let end = Timestamp::UNIX_EPOCH + TimeDelta::microseconds(50);
        let instant = TimeDelta::microseconds(1);
        assert_eq!(live("3 50 7 0 0 0 0", end - instant), Some((3, end)));
        assert_eq!(live("3 50 7 0 0 0 0", end), None);
        assert_eq!(live("0 50 7 0 4 90 8", end - instant), None);
        assert_eq!(live("", end), None);
    }
}
