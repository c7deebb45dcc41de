//! Charges: one attempt to move money, successful or not.

use serde::{Deserialize, Serialize};

use super::{BillingDetails, Card, Metadata, Shipping};
use crate::money::Currency;

/// One attempt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Charge {
    /// `ch_…`.
    pub(crate) id: String,
    /// Seconds.
    pub(crate) created: i64,
    /// What was asked for, in minor units.
    pub(crate) amount: i64,
    /// When it was captured, in seconds; journals of older versions do not say.
    #[serde(default)]
    pub(crate) captured_at: Option<i64>,
    /// What was captured.
    pub(crate) amount_captured: i64,
    /// What was given back or released.
    pub(crate) amount_refunded: i64,
    /// The currency of the amounts.
    pub(crate) currency: Currency,
    /// `pi_…`.
    pub(crate) payment_intent: String,
    /// `pm_…`.
    pub(crate) payment_method: String,
    /// The card as it was then.
    pub(crate) card: Card,
    /// Who paid.
    pub(crate) billing_details: BillingDetails,
    /// `cus_…`.
    pub(crate) customer: Option<String>,
    /// For people.
    pub(crate) description: Option<String>,
    /// For the caller.
    pub(crate) metadata: Metadata,
    /// Where a receipt would go.
    pub(crate) receipt_email: Option<String>,
    /// Where the goods go.
    pub(crate) shipping: Option<Shipping>,
    /// The line on the bank statement.
    pub(crate) statement_descriptor: Option<String>,
    /// Its second half.
    pub(crate) statement_descriptor_suffix: Option<String>,
    /// Whether the cardholder or the issuer disputes it.
    pub(crate) disputed: bool,
    /// Whether the caller reported it as fraud (`fraud_details[user_report]`).
    pub(crate) fraud_report: Option<String>,
    /// Whether the buyer passed 3-D Secure for it.
    pub(crate) authenticated: bool,
    /// How it went.
    pub(crate) outcome: Outcome,
    /// Where it stands.
    pub(crate) state: ChargeState,
}

impl Charge {
    /// What can still be refunded, in minor units.
    pub(crate) fn refundable(&self) -> i64 {
        match self.state {
            ChargeState::Succeeded { captured: true } => self.amount - self.amount_refunded,
            _ => 0,
        }
    }

    /// Whether all of it went back.
    pub(crate) fn refunded(&self) -> bool {
        self.amount_refunded == self.amount
    }
}

/// Where a charge stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChargeState {
    /// The network takes its time.
    Pending,
    /// Authorised, or captured.
    Succeeded {
        /// Whether the money has moved.
        captured: bool,
    },
    /// Refused.
    Failed {
        /// Stripe's error code.
        code: String,
        /// A sentence for people.
        message: String,
    },
}

impl ChargeState {
    /// Stripe's word.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded { .. } => "succeeded",
            Self::Failed { .. } => "failed",
        }
    }
}

/// What the network and the risk check said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// `approved_by_network`, `declined_by_network` or `not_sent_to_network`.
    pub(crate) network_status: String,
    /// The decline code, where there is one.
    pub(crate) reason: Option<String>,
    /// `normal`, `elevated` or `highest`.
    pub(crate) risk_level: String,
    /// A sentence for the merchant.
    pub(crate) seller_message: String,
    /// `authorized`, `issuer_declined`, `blocked` or `invalid`.
    pub(crate) kind: String,
    /// What the network advises.
    pub(crate) advice_code: Option<String>,
    /// The issuer's own code.
    pub(crate) network_decline_code: Option<String>,
}
