//! What a gateway tells us, in our own words.

use super::PaymentState;
use crate::shared::{PaymentId, Timestamp};

/// What is known of the gateway's payment object at some moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntentFacts {
    /// Its state; `None` if the gateway used a word we do not know (then the object must be fetched by somebody who does).
    pub state: Option<PaymentState>,
    /// The amount asked for, in minor units.
    pub amount: i64,
    /// What has come.
    pub amount_received: i64,
    /// The currency's ISO code in upper case, as the gateway spelt it; not parsed, because it may differ from ours.
    pub currency: String,
    /// The gateway's code for why the last attempt failed.
    pub last_error: Option<String>,
}

/// How a dispute ended, or that it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeStatus {
    /// Open.
    Open,
    /// Closed in our favour, or withdrawn.
    Won,
    /// Closed in the buyer's favour: the money is gone.
    Lost,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatewayFact {
    /// The payment object moved; these were its facts when the event was made.
    Intent(IntentFacts),
    /// Money went back: the total refunded of the charge, in minor units, when the event was made.
    Refunded {
        /// Refunded so far, over all refunds.
        total: i64,
    },
    /// One of its refunds moved: it came through, or failed after all.
    RefundMoved,
    /// A dispute was opened or closed.
    Dispute {
        /// How it stands.
        status: DisputeStatus,
    },
    /// Something we do not act on.
    Ignored,
}

/// One event of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayEvent {
    /// The gateway's id of the event (`evt_…`): applied at most once.
    pub id: String,
    /// The gateway's name for what happened (`payment_intent.succeeded`).
    pub kind: String,
    /// The gateway's id of the payment object (`pi_…`), if it is about one.
    pub intent: Option<String>,
    /// Our payment, where the gateway's object carries it in its metadata.
    pub payment: Option<PaymentId>,
    /// When it happened, by the gateway's clock (whole seconds).
    pub occurred_at: Timestamp,
    /// What happened.
    pub fact: GatewayFact,
}
