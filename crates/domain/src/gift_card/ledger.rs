//! What has gone onto a gift card and off it: entries that are never changed, and sum to what is on it.

use crate::shared::{OrderId, RefundId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Why an amount has gone onto a card or off it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// It was made with so much on it.
    Issued,
    /// It paid for an order.
    Spent(OrderId),
    /// The order it had paid for came to nothing.
    GivenBack(OrderId),
    /// Something it had paid for was refunded.
    Refunded(RefundId),
    /// Staff said so.
    Adjusted,
    /// It was over, and what was on it with it.
    Expired,
}

impl EntryKind {
    /// Its name, as it is kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Spent(_) => "spent",
            Self::GivenBack(_) => "given_back",
            Self::Refunded(_) => "refunded",
            Self::Adjusted => "adjusted",
            Self::Expired => "expired",
        }
    }
}

/// One line of a card's ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Why.
    pub kind: EntryKind,
    /// How much has gone onto the card, in minor units of its currency; negative: off it.
    pub delta: i64,
    /// When.
    pub at: Timestamp,
}

/// What is wrong with a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFault {
    /// It does not begin with what was on the card when it was made, or says that twice.
    #[error("entry {entry}: a ledger has one entry of what was on the card at first, before all others")]
    NotIssued {
        /// Which, counted from 0.
        entry: usize,
    },
    /// Something that adds takes off, or the other way round.
    #[error("entry {entry}: the amount is on the wrong side")]
    WrongSign {
        /// Which, counted from 0.
        entry: usize,
    },
    /// More was taken off than there was, or more was put on than 64 bits hold.
    #[error("entry {entry}: there was not so much on the card")]
    Overdrawn {
        /// Which, counted from 0.
        entry: usize,
    },
    /// The same order was paid, or came to nothing, or the same refund was given twice.
    #[error("entry {entry}: this has happened before")]
    Twice {
        /// Which, counted from 0.
        entry: usize,
    },
    /// What came back of an order is not what was spent on it.
    #[error("entry {entry}: this is not what was spent on the order")]
    NotWhatWasSpent {
        /// Which, counted from 0.
        entry: usize,
    },
}

/// A card's entries, in the order in which they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    balance: i64,
    entries: Vec<LedgerEntry>,
    /// What each order took, as long as it has not come back.
    spent: BTreeMap<OrderId, i64>,
    /// What happens once.
    seen: BTreeSet<EntryKind>,
}

impl Ledger {
    /// A ledger from the first entry to the last.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn replay(entries: impl IntoIterator<Item = LedgerEntry>) -> Result<Self, LedgerFault> {
        let mut ledger = Self::default();
        for entry in entries {
            ledger.push(entry)?;
        }
        Ok(ledger)
    }

    /// One more entry.
    ///
    /// # Errors
    /// It cannot be; the ledger is as it was.
    pub fn push(&mut self, new: LedgerEntry) -> Result<(), LedgerFault> {
        let entry = self.entries.len();
        let is_issue = new.kind == EntryKind::Issued;
        if is_issue != (entry == 0) {
            return Err(LedgerFault::NotIssued { entry });
        }
        let is_right = match new.kind {
            EntryKind::Issued => new.delta >= 0,
            EntryKind::Spent(_) | EntryKind::Expired => new.delta < 0,
            EntryKind::GivenBack(_) | EntryKind::Refunded(_) => new.delta > 0,
            EntryKind::Adjusted => new.delta != 0,
        };
        if !is_right {
            return Err(LedgerFault::WrongSign { entry });
        }
        let happens_once = !matches!(new.kind, EntryKind::Adjusted | EntryKind::Expired);
        if happens_once && self.seen.contains(&new.kind) {
            return Err(LedgerFault::Twice { entry });
        }
        let balance = self.balance.checked_add(new.delta).filter(|balance| *balance >= 0);
        let balance = balance.ok_or(LedgerFault::Overdrawn { entry })?;
        match new.kind {
            EntryKind::Spent(order) => _ = self.spent.insert(order, -new.delta),
            EntryKind::GivenBack(order) if self.spent.get(&order) != Some(&new.delta) => {
                return Err(LedgerFault::NotWhatWasSpent { entry });
            }
            _ => {}
        }
        if happens_once {
            self.seen.insert(new.kind);
        }
        self.balance = balance;
        self.entries.push(new);
        Ok(())
    }

    /// What is on the card: the sum of all entries.
    pub const fn balance(&self) -> i64 {
        self.balance
    }

    /// All entries, in order.
    pub fn entries(&self) -> &[LedgerEntry] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use uuid::Uuid;

    fn entry(kind: EntryKind, delta: i64) -> LedgerEntry {
        LedgerEntry { kind, delta, at: DateTime::UNIX_EPOCH }
    }

    fn order(n: u128) -> OrderId {
        OrderId::new(Uuid::from_u128(n))
    }

    fn ledger(entries: &[(EntryKind, i64)]) -> Result<i64, LedgerFault> {
        let entries = entries.iter().map(|(kind, delta)| entry(*kind, *delta));
        Ledger::replay(entries).map(|ledger| ledger.balance())
    }

    #[test]
    fn a_ledger_sums_to_what_is_on_the_card() {
        use EntryKind::*;
        let refund = RefundId::new(Uuid::from_u128(9));
        let entries = [
            (Issued, 5_000),
            (Spent(order(1)), -2_000),
            (Spent(order(2)), -3_000),
            (GivenBack(order(2)), 3_000),
            (Refunded(refund), 500),
            (Adjusted, -100),
            (Expired, -3_400),
            (Adjusted, 7),
        ];
        assert_eq!(ledger(&entries), Ok(7));
        assert_eq!(ledger(&entries[..4]), Ok(3_000));
        assert_eq!(ledger(&[]), Ok(0));
        assert_eq!(ledger(&[(Issued, 0)]), Ok(0), "store credit begins with nothing");
    }

    #[test]
    fn what_cannot_be_is_found() {
        use EntryKind::*;
        use LedgerFault::*;
        let refund = RefundId::new(Uuid::from_u128(9));
        assert_eq!(ledger(&[(Adjusted, 5)]), Err(NotIssued { entry: 0 }));
        assert_eq!(ledger(&[(Issued, 5), (Issued, 5)]), Err(NotIssued { entry: 1 }));
        assert_eq!(ledger(&[(Issued, -5)]), Err(WrongSign { entry: 0 }));
        for (kind, delta) in [
            (Spent(order(1)), 1),
            (GivenBack(order(1)), -1),
            (Refunded(refund), 0),
            (Adjusted, 0),
            (Expired, 0),
        ] {
            assert_eq!(ledger(&[(Issued, 5), (kind, delta)]), Err(WrongSign { entry: 1 }), "{kind:?}");
        }
        assert_eq!(ledger(&[(Issued, 5), (Spent(order(1)), -6)]), Err(Overdrawn { entry: 1 }));
        assert_eq!(ledger(&[(Issued, i64::MAX), (Adjusted, 1)]), Err(Overdrawn { entry: 1 }));
        let twice = [(Issued, 9), (Spent(order(1)), -2), (Spent(order(1)), -2)];
        assert_eq!(ledger(&twice), Err(Twice { entry: 2 }));
        let back = [(Issued, 9), (Spent(order(1)), -2), (GivenBack(order(1)), 2), (GivenBack(order(1)), 2)];
        assert_eq!(ledger(&back), Err(Twice { entry: 3 }));
        assert_eq!(
            ledger(&[(Issued, 9), (Refunded(refund), 1), (Refunded(refund), 1)]),
            Err(Twice { entry: 2 })
        );
        let more = [(Issued, 9), (Spent(order(1)), -2), (GivenBack(order(1)), 3)];
        assert_eq!(ledger(&more), Err(NotWhatWasSpent { entry: 2 }));
        assert_eq!(ledger(&[(Issued, 9), (GivenBack(order(1)), 2)]), Err(NotWhatWasSpent { entry: 1 }));
    }

    #[test]
    fn a_refused_entry_changes_nothing() {
        let mut ledger = Ledger::replay([entry(EntryKind::Issued, 5)]).unwrap();
        let before = ledger.clone();
        assert!(ledger.push(entry(EntryKind::Spent(order(1)), -6)).is_err());
        assert!(ledger.push(entry(EntryKind::GivenBack(order(1)), 6)).is_err());
        assert_eq!(ledger, before);
        assert_eq!(ledger.entries().len(), 1);
    }
}
