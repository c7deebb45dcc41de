//! Refunds.

use serde::{Deserialize, Serialize};

use super::Metadata;
use crate::{money::Currency, words::words};

/// Money on its way back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Refund {
    /// `re_…`.
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
    /// `pm_…`.
    pub(crate) payment_method: String,
    /// For the caller.
    pub(crate) metadata: Metadata,
    /// The caller's reason.
    pub(crate) reason: Option<RefundReason>,
    /// `txn_…` once the money has left the balance: held money that is released never was on it.
    #[serde(default)]
    pub(crate) balance_transaction: Option<String>,
    /// Where it stands.
    pub(crate) status: RefundStatus,
}

words! {
    /// Where a refund stands.
    RefundStatus {
        /// On its way.
        Pending = "pending",
        /// Done.
        Succeeded = "succeeded",
        /// Came back: the charge counts as not refunded by it.
        Failed = "failed",
    }
}

words! {
    /// Why a caller refunds.
    RefundReason {
        /// Paid twice.
        Duplicate = "duplicate",
        /// It was a fraud.
        Fraudulent = "fraudulent",
        /// The buyer wants it back.
        RequestedByCustomer = "requested_by_customer",
    }
}
