//! Where an order stands.

use crate::payment::{Payment, PaymentState};
use crate::shared::{InvalidTransition, PaymentId, Timestamp};

/// Where an order stands; each state carries only the facts that are true in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// Stock is allocated; the buyer has until `expires_at` to pay.
    AwaitingPayment {
        /// When the order is given up.
        expires_at: Timestamp,
    },
    /// Paid in full.
    Paid {
        /// By which payment; `None` when there was nothing to pay.
        payment: Option<PaymentId>,
        /// When.
        paid_at: Timestamp,
    },
    /// Given up; its stock is back.
    Cancelled {
        /// Why.
        reason: CancelReason,
        /// When.
        at: Timestamp,
    },
}

/// Why an order was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelReason {
    /// It was not paid in time.
    Expired,
    /// The buyer or the gateway cancelled the payment.
    PaymentCancelled,
    /// Staff cancelled it.
    Staff,
    /// The buyer asked for it.
    Customer,
    /// It was not the buyer who ordered.
    Fraud,
    /// What was sold is not there.
    Inventory,
    /// The bank would not pay.
    Declined,
    /// Something else.
    Other,
}

impl CancelReason {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Expired,
        Self::PaymentCancelled,
        Self::Staff,
        Self::Customer,
        Self::Fraud,
        Self::Inventory,
        Self::Declined,
        Self::Other,
    ];

    /// The name it is stored and shown under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::PaymentCancelled => "payment_cancelled",
            Self::Staff => "staff",
            Self::Customer => "customer",
            Self::Fraud => "fraud",
            Self::Inventory => "inventory",
            Self::Declined => "declined",
            Self::Other => "other",
        }
    }

    /// Reads [`name`](Self::name) back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.name() == name)
    }
}

/// Why a person should look at an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// The gateway took another amount or currency than the order's.
    AmountDiffers,
    /// Money came for an order that was given up; it is being refunded.
    PaidAfterCancel,
    /// The buyer's bank disputes the payment.
    Disputed,
    /// A refund could not be made by itself.
    RefundFailed,
}

impl Attention {
    const ALL: [Self; 4] = [Self::AmountDiffers, Self::PaidAfterCancel, Self::Disputed, Self::RefundFailed];

    /// The name it is stored and shown under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AmountDiffers => "amount_differs",
            Self::PaidAfterCancel => "paid_after_cancel",
            Self::Disputed => "disputed",
            Self::RefundFailed => "refund_failed",
        }
    }

    /// Reads [`name`](Self::name) back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.name() == name)
    }
}

impl OrderState {
    /// The name the state is stored and shown under.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AwaitingPayment { .. } => "awaiting_payment",
            Self::Paid { .. } => "paid",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    /// The names of the states that can follow.
    pub const fn legal(&self) -> &'static [&'static str] {
        match self {
            Self::AwaitingPayment { .. } => &["paid", "cancelled"],
            Self::Paid { .. } => &["cancelled"],
            Self::Cancelled { .. } => &[],
        }
    }

    /// Applies a payment. The same payment again changes nothing. A payment that comes after `expires_at` but before
    /// the order was given up still counts: its stock is still allocated.
    ///
    /// # Errors
    /// The order was given up, or another payment has paid it.
    pub fn pay(self, payment: Option<PaymentId>, now: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::AwaitingPayment { .. } => Ok(Self::Paid { payment, paid_at: now }),
            Self::Paid { payment: known, .. } if known == payment => Ok(self),
            from => Err(from.refuse("paid")),
        }
    }

    /// Gives up an unpaid order. Again changes nothing.
    ///
    /// # Errors
    /// The order is paid: that takes a refund first.
    pub fn give_up(self, reason: CancelReason, now: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::AwaitingPayment { .. } => Ok(Self::Cancelled { reason, at: now }),
            Self::Cancelled { .. } => Ok(self),
            from @ Self::Paid { .. } => Err(from.refuse("cancelled")),
        }
    }

    /// Cancels a paid order; what was taken for it is given back by a refund of its own. Again changes nothing.
    ///
    /// # Errors
    /// The order is not paid: it is given up, and its payment with it.
    pub fn cancel_paid(self, reason: CancelReason, now: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Paid { .. } => Ok(Self::Cancelled { reason, at: now }),
            Self::Cancelled { .. } => Ok(self),
            from @ Self::AwaitingPayment { .. } => Err(from.refuse("cancelled after payment")),
        }
    }

    /// Whether what was bought may leave the house.
    ///
    /// # Errors
    /// The order is not paid, or was cancelled.
    pub const fn sendable(&self) -> Result<(), InvalidTransition> {
        match self {
            Self::Paid { .. } => Ok(()),
            Self::AwaitingPayment { .. } | Self::Cancelled { .. } => Err(self.refuse("fulfilled")),
        }
    }

    const fn refuse(&self, to: &'static str) -> InvalidTransition {
        InvalidTransition { what: "an order", from: self.name(), to, legal: self.legal() }
    }
}

/// How much of an order's money is here, in the words of the Shopify Storefront API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinancialStatus {
    /// Nothing yet.
    Pending,
    /// Reserved on the buyer's card.
    Authorized,
    /// All of it.
    Paid,
    /// Some was given back.
    PartiallyRefunded,
    /// All was given back.
    Refunded,
    /// It will never come.
    Voided,
}

/// How much of an order has left the house, in the words of the Shopify Storefront API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FulfillmentStatus {
    /// Nothing yet.
    #[default]
    Unfulfilled,
    /// Some lines.
    PartiallyFulfilled,
    /// All lines.
    Fulfilled,
}

/// What an order's state and its payments say together: that at the gateway, and what gift cards have paid.
pub fn financial_status<'p>(
    state: &OrderState,
    payments: impl IntoIterator<Item = &'p Payment>,
) -> FinancialStatus {
    let (mut received, mut refunded, mut authorized) = (0_i64, 0_i64, false);
    for payment in payments {
        received = received.saturating_add(payment.amount_received.max(0));
        refunded = refunded.saturating_add(payment.amount_refunded.max(0));
        authorized |= payment.state == PaymentState::RequiresCapture;
    }
    // Money that is not the order's price, or that came when the order was given up, makes no order paid; nor does what gift cards have
    // paid of one whose rest nobody has.
    let settled = !matches!(state, OrderState::AwaitingPayment { .. });
    if received > 0 && settled {
        return match refunded {
            0 if matches!(state, OrderState::Cancelled { .. }) => FinancialStatus::Voided,
            0 => FinancialStatus::Paid,
            part if part < received => FinancialStatus::PartiallyRefunded,
            _ => FinancialStatus::Refunded,
        };
    }
    match state {
        OrderState::Cancelled { .. } => FinancialStatus::Voided,
        _ if authorized => FinancialStatus::Authorized,
        OrderState::Paid { .. } => FinancialStatus::Paid,
        OrderState::AwaitingPayment { .. } => FinancialStatus::Pending,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use uuid::Uuid;

    const NOW: Timestamp = DateTime::UNIX_EPOCH;

    fn payment(n: u128) -> Option<PaymentId> {
        Some(PaymentId::new(Uuid::from_u128(n)))
    }

    #[test]
    fn paying_twice_with_the_same_payment_changes_nothing() {
        let waiting = OrderState::AwaitingPayment { expires_at: NOW };
        let paid = waiting.pay(payment(1), NOW).unwrap();
        assert_eq!(paid.clone().pay(payment(1), NOW + chrono::TimeDelta::hours(1)), Ok(paid.clone()));
        assert_eq!(paid.clone().pay(payment(2), NOW).unwrap_err().from, "paid");
        assert_eq!(paid.give_up(CancelReason::Expired, NOW).unwrap_err().to, "cancelled");
    }

    #[test]
    fn a_cancelled_order_is_not_paid_and_the_refusal_lists_what_is_legal() {
        let waiting = OrderState::AwaitingPayment { expires_at: NOW };
        let cancelled = waiting.clone().give_up(CancelReason::Expired, NOW).unwrap();
        assert_eq!(cancelled.clone().give_up(CancelReason::Staff, NOW), Ok(cancelled.clone()));
        let refused = cancelled.pay(payment(1), NOW).unwrap_err();
        assert_eq!((refused.from, refused.to, refused.legal), ("cancelled", "paid", &[][..]));
        assert_eq!(waiting.legal(), ["paid", "cancelled"]);
    }

    #[test]
    fn a_paid_order_is_cancelled_once_and_keeps_its_first_reason() {
        let waiting = OrderState::AwaitingPayment { expires_at: NOW };
        let refused = waiting.clone().cancel_paid(CancelReason::Customer, NOW).unwrap_err();
        assert_eq!((refused.from, refused.legal), ("awaiting_payment", &["paid", "cancelled"][..]));
        let paid = waiting.pay(payment(1), NOW).unwrap();
        let cancelled = paid.cancel_paid(CancelReason::Customer, NOW).unwrap();
        assert_eq!(cancelled, OrderState::Cancelled { reason: CancelReason::Customer, at: NOW });
        let later = NOW + chrono::TimeDelta::hours(1);
        assert_eq!(cancelled.clone().cancel_paid(CancelReason::Fraud, later), Ok(cancelled));
    }

    #[test]
    fn names_of_reasons_are_read_back_and_fit_their_column() {
        for reason in CancelReason::ALL {
            assert_eq!(CancelReason::from_name(reason.name()), Some(reason));
            assert!(reason.name().len() <= 32);
        }
        assert_eq!(CancelReason::from_name("whim"), None);
    }
}
