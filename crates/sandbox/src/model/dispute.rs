//! Disputes: the cardholder asks the issuer for the money back.

use serde::{Deserialize, Serialize};

use super::Metadata;
use crate::{cards::Brand, money::Currency, words::words};

/// A dispute, or the issuer's inquiry before one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dispute {
    /// `dp_…`.
    pub(crate) id: String,
    /// Seconds.
    pub(crate) created: i64,
    /// Minor units.
    pub(crate) amount: i64,
    /// The currency of `amount`.
    pub(crate) currency: Currency,
    /// `ch_…`.
    pub(crate) charge: String,
    /// `pi_…`.
    pub(crate) payment_intent: String,
    /// The card's network.
    pub(crate) brand: Brand,
    /// The cardholder's reason, such as `fraudulent`.
    pub(crate) reason: String,
    /// For the caller.
    pub(crate) metadata: Metadata,
    /// What the merchant says to it (`evidence[uncategorized_text]`).
    pub(crate) evidence_text: Option<String>,
    /// How often evidence was handed in.
    pub(crate) submissions: u32,
    /// Whether it is an inquiry: no money has moved.
    pub(crate) inquiry: bool,
    /// Where it stands.
    pub(crate) status: DisputeStatus,
}

impl Dispute {
    /// Whether it has been decided.
    pub(crate) fn is_closed(&self) -> bool {
        matches!(self.status, DisputeStatus::Won | DisputeStatus::Lost | DisputeStatus::WarningClosed)
    }

    /// Whether the disputed money has left the merchant's balance.
    pub(crate) fn money_withdrawn(&self) -> bool {
        !self.inquiry && self.status != DisputeStatus::Won
    }
}

words! {
    /// Where a dispute stands.
    DisputeStatus {
        /// An inquiry waits for an answer.
        WarningNeedsResponse = "warning_needs_response",
        /// An inquiry is over.
        WarningClosed = "warning_closed",
        /// A dispute waits for evidence.
        NeedsResponse = "needs_response",
        /// The issuer looks at it.
        UnderReview = "under_review",
        /// The merchant keeps the money.
        Won = "won",
        /// The cardholder has it.
        Lost = "lost",
    }
}
