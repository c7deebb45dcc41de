//! What a browser needs to pay.

use async_graphql::Object;
use stoa_domain::payment;
use stoa_services::checkout::SessionError;

/// What a browser needs to pay an order.
#[derive(Clone, Debug)]
pub struct PaymentSession(payment::PaymentSession);

impl From<payment::PaymentSession> for PaymentSession {
    fn from(session: payment::PaymentSession) -> Self {
        Self(session)
    }
}

/// What a browser needs to pay an order.
#[Object]
impl PaymentSession {
    /// Lets a browser pay this one order, with the gateway's own form.
    fn client_secret(&self) -> &str {
        &self.0.client_secret
    }

    /// The gateway's name: `stripe`.
    fn gateway(&self) -> &str {
        &self.0.gateway
    }

    /// The gateway's id of the payment.
    fn payment_intent_id(&self) -> &str {
        &self.0.intent
    }

    /// A page where a person can pay by hand; null where the gateway has none.
    fn payment_url(&self) -> Option<&str> {
        self.0.payment_url.as_deref()
    }

    /// The gateway's key for browsers.
    fn publishable_key(&self) -> &str {
        &self.0.publishable_key
    }
}

/// The payment gateway does not answer, or something of ours broke; it is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

/// The session, or that there is none to be had right now. An order stands whether or not it can be paid at this moment, so
/// this ends no request; the reason is logged here.
///
/// # Errors
/// There is none to be had.
pub fn session_or_warning(
    session: Result<Option<payment::PaymentSession>, SessionError>,
) -> Result<Option<PaymentSession>, Unavailable> {
    session.map(|session| session.map(Into::into)).map_err(|error| {
        match error {
            SessionError::Gateway(gateway) => {
                tracing::warn!(error = %gateway, "the payment gateway does not answer");
            }
            SessionError::Fault(fault) => tracing::error!(error = %fault, "a payment could not be prepared"),
        }
        Unavailable
    })
}
