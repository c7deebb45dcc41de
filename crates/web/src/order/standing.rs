//! How an order stands, in the words of a thank-you page.

use stoa_domain::{
    order::{Attention, CancelReason, FinancialStatus, OrderState},
    payment::PaymentState,
    shared::Timestamp,
};
use stoa_services::order::OrderView;

/// What the page has to say first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// All is well.
    Paid,
    /// Paid, and some of it given back.
    PartlyRefunded,
    /// Paid, and all of it given back.
    Refunded,
    /// Money is on its way: the page looks again by itself.
    Processing,
    /// Nobody has paid yet.
    Unpaid {
        /// Until when the order waits.
        until: Timestamp,
    },
    /// The last attempt to pay failed; another one is welcome.
    Failed {
        /// Until when the order waits.
        until: Timestamp,
    },
    /// The bank wants to hear from the buyer.
    NeedsAction {
        /// Until when the order waits.
        until: Timestamp,
    },
    /// The shop has to look at it.
    InReview,
    /// It was not paid in time.
    Expired,
    /// Somebody cancelled it.
    Cancelled,
}

impl Standing {
    /// Reads it off an order and its payment.
    pub(crate) fn of(view: &OrderView) -> Self {
        match &view.order.state {
            OrderState::Paid { .. } => match view.financial_status() {
                FinancialStatus::Refunded => Self::Refunded,
                FinancialStatus::PartiallyRefunded => Self::PartlyRefunded,
                _ => Self::Paid,
            },
            OrderState::Cancelled { reason, .. } => match reason {
                CancelReason::Expired => Self::Expired,
                CancelReason::PaymentCancelled
                | CancelReason::Staff
                | CancelReason::Customer
                | CancelReason::Fraud
                | CancelReason::Inventory
                | CancelReason::Declined
                | CancelReason::Other => Self::Cancelled,
            },
            // Money came, but not what was asked for.
            OrderState::AwaitingPayment { .. } if view.order.attention == Some(Attention::AmountDiffers) => {
                Self::InReview
            }
            OrderState::AwaitingPayment { expires_at: until } => awaiting(view, *until),
        }
    }

    /// Whether the buyer can pay (again).
    pub(super) const fn can_pay(self) -> bool {
        matches!(self, Self::Unpaid { .. } | Self::Failed { .. } | Self::NeedsAction { .. })
    }

    /// The name by which the template tells them apart.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::PartlyRefunded => "partly_refunded",
            Self::Refunded => "refunded",
            Self::Processing => "processing",
            Self::Unpaid { .. } => "unpaid",
            Self::Failed { .. } => "failed",
            Self::NeedsAction { .. } => "needs_action",
            Self::InReview => "in_review",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// How it stands, in a list of orders.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Paid => "Paid",
            Self::PartlyRefunded => "Partly refunded",
            Self::Refunded => "Refunded",
            Self::Processing => "Payment on its way",
            Self::Unpaid { .. } => "Waiting for its payment",
            Self::Failed { .. } => "Payment failed",
            Self::NeedsAction { .. } => "Waiting for your bank",
            Self::InReview => "Payment being looked at",
            Self::Expired => "Not paid in time",
            Self::Cancelled => "Cancelled",
        }
    }

    /// Until when it can be paid.
    pub(super) const fn until(self) -> Option<Timestamp> {
        match self {
            Self::Unpaid { until } | Self::Failed { until } | Self::NeedsAction { until } => Some(until),
            _ => None,
        }
    }
}

fn awaiting(view: &OrderView, until: Timestamp) -> Standing {
    let Some(payment) = &view.payment else { return Standing::Processing };
    match payment.state {
        PaymentState::RequiresPaymentMethod if payment.last_error.is_some() => Standing::Failed { until },
        PaymentState::RequiresPaymentMethod | PaymentState::RequiresConfirmation => {
            Standing::Unpaid { until }
        }
        PaymentState::RequiresAction => Standing::NeedsAction { until },
        // Whatever is final at the gateway reaches the order in a moment.
        PaymentState::Processing
        | PaymentState::RequiresCapture
        | PaymentState::Succeeded
        | PaymentState::Canceled => Standing::Processing,
    }
}

/// What a buyer is told of a failed payment, by the gateway's code (Stripe's error and decline codes). Codes that tell a
/// thief something, such as `stolen_card`, are told as any other decline.
pub(super) fn failure(code: &str) -> &'static str {
    match code {
        "insufficient_funds" => "There is not enough money on the card.",
        "expired_card" => "The card has expired.",
        "incorrect_cvc" | "invalid_cvc" => "The card’s security code is not right.",
        "incorrect_number" | "invalid_number" => "The card’s number is not right.",
        "processing_error" => "The bank could not process the payment.",
        "authentication_required" | "payment_intent_authentication_failure" => {
            "Your bank could not confirm that it is you who pays."
        }
        _ => "The card was declined.",
    }
}
