//! PaymentIntents: one purchase's way from "nothing chosen" to "paid" or "canceled".
//!
//! ```text
//! requires_payment_method ⇄ requires_confirmation ─confirm→ requires_action ─┐
//!          ↑                        │                            │ (3-D Secure) │ fails
//!          └──────── declined ──────┴──────── declined ──────────┘←────────────┘
//!                                   ├→ processing ─→ succeeded | requires_payment_method
//!                                   ├→ requires_capture ─capture→ succeeded
//!                                   └→ succeeded            (canceled: from all but succeeded)
//! ```

use serde::{Deserialize, Serialize};

use super::{Metadata, Shipping};
use crate::{error::PaymentError, money::Currency, words::words};

/// An intent to collect a payment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PaymentIntent {
    /// `pi_…`.
    pub(crate) id: String,
    /// The capability of a browser: id, `_secret_`, 25 characters.
    pub(crate) client_secret: String,
    /// Seconds.
    pub(crate) created: i64,
    /// Minor units.
    pub(crate) amount: i64,
    /// The currency of `amount`.
    pub(crate) currency: Currency,
    /// When money moves.
    pub(crate) capture_method: CaptureMethod,
    /// Who finishes a payment that needed an action.
    pub(crate) confirmation_method: ConfirmationMethod,
    /// Which payment methods it takes.
    pub(crate) methods: AcceptedMethods,
    /// `cus_…`.
    pub(crate) customer: Option<String>,
    /// For people.
    pub(crate) description: Option<String>,
    /// For the caller.
    pub(crate) metadata: Metadata,
    /// Where a receipt would go.
    pub(crate) receipt_email: Option<String>,
    /// Whether the payment method shall be kept for later.
    pub(crate) setup_future_usage: Option<FutureUsage>,
    /// Where the goods go.
    pub(crate) shipping: Option<Shipping>,
    /// The line on the bank statement.
    pub(crate) statement_descriptor: Option<String>,
    /// Its second half.
    pub(crate) statement_descriptor_suffix: Option<String>,
    /// Whether to ask for 3-D Secure where the card leaves the choice.
    pub(crate) three_d_secure: ThreeDSecureWish,
    /// `pm_…`: chosen, being tried, or paid with.
    pub(crate) payment_method: Option<String>,
    /// `ch_…` of the last attempt.
    pub(crate) latest_charge: Option<String>,
    /// Why the last attempt failed.
    pub(crate) last_payment_error: Option<PaymentError>,
    /// Where it stands.
    pub(crate) state: State,
}

/// Where a PaymentIntent stands; each state carries only what is true in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// New, or declined.
    RequiresPaymentMethod,
    /// A payment method is chosen. `authenticated`: the buyer has passed 3-D Secure and the server confirms again
    /// (`confirmation_method` manual).
    RequiresConfirmation {
        /// Whether 3-D Secure is done.
        authenticated: bool,
    },
    /// The buyer must act.
    RequiresAction(NextAction),
    /// The network takes its time.
    Processing,
    /// The money is held.
    RequiresCapture {
        /// How much can be captured, in minor units.
        capturable: i64,
    },
    /// Paid.
    Succeeded {
        /// How much was captured, in minor units.
        received: i64,
    },
    /// Given up.
    Canceled {
        /// Seconds.
        at: i64,
        /// The caller's reason.
        reason: Option<CancellationReason>,
    },
}

impl State {
    /// Stripe's word.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresConfirmation { .. } => "requires_confirmation",
            Self::RequiresAction(_) => "requires_action",
            Self::Processing => "processing",
            Self::RequiresCapture { .. } => "requires_capture",
            Self::Succeeded { .. } => "succeeded",
            Self::Canceled { .. } => "canceled",
        }
    }

    /// Whether nothing has been charged yet, so that amount, payment method and the rest may still change.
    pub(crate) fn is_open(&self) -> bool {
        matches!(
            self,
            Self::RequiresPaymentMethod | Self::RequiresConfirmation { .. } | Self::RequiresAction(_)
        )
    }
}

/// What the buyer must do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NextAction {
    /// Visit a page and come back to `return_url`.
    RedirectToUrl {
        /// Where to come back to.
        return_url: String,
    },
    /// Let Stripe's own script show the challenge.
    UseStripeSdk,
}

words! {
    /// When money moves.
    CaptureMethod {
        /// At once, in step with the answer.
        Automatic = "automatic",
        /// At once, and seen from outside the same; Stripe's default since 2024.
        AutomaticAsync = "automatic_async",
        /// When the caller says so.
        Manual = "manual",
    }
}

words! {
    /// Who finishes a payment that needed an action.
    ConfirmationMethod {
        /// It goes on by itself.
        Automatic = "automatic",
        /// The server confirms again.
        Manual = "manual",
    }
}

/// Which payment methods a PaymentIntent takes. The sandbox knows cards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AcceptedMethods {
    /// Those switched on in the account; some may send the buyer to another page.
    Automatic {
        /// Whether they may.
        redirects: bool,
    },
    /// Those listed by the caller, `card` among them.
    Listed(Vec<String>),
}

words! {
    /// For what the payment method shall be kept.
    FutureUsage {
        /// For payments without the buyer.
        OffSession = "off_session",
        /// For payments with the buyer present.
        OnSession = "on_session",
    }
}

words! {
    /// How much the caller wants 3-D Secure (`payment_method_options[card][request_three_d_secure]`).
    ThreeDSecureWish {
        /// Whenever possible.
        Any = "any",
        /// As the card requires.
        Automatic = "automatic",
        /// Whenever possible, with a challenge.
        Challenge = "challenge",
    }
}

words! {
    /// Why a caller cancels.
    CancellationReason {
        /// Another payment does the same.
        Duplicate = "duplicate",
        /// It is a fraud.
        Fraudulent = "fraudulent",
        /// The buyer wants no more.
        RequestedByCustomer = "requested_by_customer",
        /// The buyer went away.
        Abandoned = "abandoned",
    }
}
