//! Balance transactions: what a charge or a refund moves on the merchant's balance.
//!
//! They are read off the charge or refund and kept nowhere: its id tells theirs, and theirs tells it.

use super::{Charge, ChargeState, Refund};
use crate::money::Currency;

const DAY: i64 = 24 * 60 * 60;

/// The money can be paid out two days later, as in the United States.
const SETTLES_AFTER_DAYS: i64 = 2;

/// One movement.
#[derive(Clone, Debug)]
pub(crate) struct BalanceTransaction {
    /// `txn_…`.
    pub(crate) id: String,
    /// Seconds.
    pub(crate) created: i64,
    /// Minor units; negative for money that leaves.
    pub(crate) amount: i64,
    /// What Stripe keeps of it, in minor units.
    pub(crate) fee: i64,
    /// The currency of the amounts.
    pub(crate) currency: Currency,
    /// For people.
    pub(crate) description: Option<String>,
    /// The charge or refund.
    pub(crate) source: String,
    /// What it is.
    pub(crate) kind: BalanceTransactionKind,
}

/// What moves money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BalanceTransactionKind {
    /// A captured charge.
    Charge,
    /// A refund.
    Refund,
}

impl BalanceTransaction {
    /// The movement of a captured charge.
    pub(crate) fn of_charge(charge: &Charge) -> Option<Self> {
        Some(Self {
            id: charge.balance_transaction()?,
            created: charge.captured_at.unwrap_or(charge.created),
            amount: charge.amount_captured,
            fee: fee(charge.amount_captured),
            currency: charge.currency,
            description: charge.description.clone(),
            source: charge.id.clone(),
            kind: BalanceTransactionKind::Charge,
        })
    }

    /// The movement of a refund of `charge`. Stripe does not give its fee back.
    pub(crate) fn of_refund(refund: &Refund, charge: &Charge) -> Option<Self> {
        let description = match &charge.description {
            Some(description) => format!("REFUND FOR CHARGE ({description})"),
            None => "REFUND FOR CHARGE".to_owned(),
        };
        Some(Self {
            id: refund.balance_transaction.clone()?,
            created: refund.created,
            amount: -refund.amount,
            fee: 0,
            currency: refund.currency,
            description: Some(description),
            source: refund.id.clone(),
            kind: BalanceTransactionKind::Refund,
        })
    }

    /// The ids of the charge and of the refund that the movement with this id could belong to.
    pub(crate) fn sources(id: &str) -> Option<[String; 2]> {
        let chance = id.strip_prefix("txn_")?;
        Some(["ch_", "re_"].map(|prefix| format!("{prefix}{chance}")))
    }

    /// When the money can be paid out: midnight UTC, in seconds.
    pub(crate) fn available_on(&self) -> i64 {
        (self.created.div_euclid(DAY) + SETTLES_AFTER_DAYS) * DAY
    }
}

impl Charge {
    /// The id of what it moves; money that is only held has not moved.
    pub(crate) fn balance_transaction(&self) -> Option<String> {
        (self.state == ChargeState::Succeeded { captured: true }).then(|| id_after(&self.id))
    }
}

impl Refund {
    /// It as money that has left the balance.
    pub(crate) fn moved(mut self) -> Self {
        self.balance_transaction = Some(id_after(&self.id));
        self
    }
}

fn id_after(source: &str) -> String {
    let chance = source.split_once('_').map_or(source, |(_, chance)| chance);
    format!("txn_{chance}")
}

/// Stripe's list price in the United States, in minor units: 2.9 % rounded half up, and 30.
fn fee(amount: i64) -> i64 {
    (amount * 29 + 500) / 1000 + 30
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fee_is_a_share_rounded_half_up_and_a_fixed_part() {
        assert_eq!([2000, 500, 17, 18, 0].map(fee), [88, 45, 30, 31, 30]);
        assert_eq!(fee(999_999_999_999), 29_000_000_030);
    }
}
