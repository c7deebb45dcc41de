//! What placing an order comes to.

use super::session::SessionError;
use stoa_domain::{
    checkout::PlaceOrderRefusal,
    order::Order,
    payment::{Payment, PaymentSession},
    shared::Fault,
};
use stoa_persistence::db::MayFault;

/// An order that was placed.
#[derive(Debug)]
pub struct Placed {
    /// The order.
    pub order: Order,
    /// Its payment at the gateway; `None` when there is nothing to charge.
    pub payment: Option<Payment>,
    /// What gift cards and store credit have paid of it, in the order in which they do.
    pub stored: Vec<Payment>,
    /// What a browser needs to pay; `None` when there is nothing left to pay. An error when the gateway does not
    /// answer: the order stands, and the same request again asks the gateway again.
    pub session: Result<Option<PaymentSession>, SessionError>,
}

/// Why no order was placed. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum PlaceOrderError {
    /// For a reason the buyer can do something about.
    #[error("refused")]
    Refused(PlaceOrderRefusal),
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<PlaceOrderRefusal> for PlaceOrderError {
    fn from(refusal: PlaceOrderRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl MayFault for PlaceOrderError {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Refused(_) => None,
        }
    }
}
