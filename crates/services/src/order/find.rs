//! A buyer looks an order up: by the token they got at checkout, or by its number and their address.

use crate::{Context, checkout::SessionError, checkout::open_session};
use std::sync::Arc;
use stoa_domain::{
    order::{FinancialStatus, Order, OrderState, financial_status},
    payment::{Payment, PaymentSession},
    shared::Fault,
};
use stoa_persistence::{
    order::{self, OrderLookup},
    payment,
};

/// An order with its payment.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// The order.
    pub order: Order,
    /// Its payment; `None` when it cost nothing.
    pub payment: Option<Payment>,
}

impl OrderView {
    /// How much of its money is here.
    pub fn financial_status(&self) -> FinancialStatus {
        financial_status(&self.order.state, self.payment.as_ref())
    }
}

/// Finds orders for their buyers.
pub struct FindOrder(pub(crate) Arc<Context>);

impl FindOrder {
    /// The order, if the caller knows enough to see it. Unknown and not allowed look the same.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn run(&self, lookup: &OrderLookup) -> Result<Option<OrderView>, Fault> {
        let read = self.0.db().read();
        let found = match lookup {
            OrderLookup::Token(token) => order::find_by_token(read, token).await?,
            OrderLookup::Contact(number, email) => order::find_by_contact(read, *number, email).await?,
        };
        let Some(order) = found else { return Ok(None) };
        let payment = payment::find_by_order(read, order.id).await?;
        Ok(Some(OrderView { order, payment }))
    }

    /// What a browser needs to pay the order; `None` when there is nothing left to pay.
    ///
    /// # Errors
    /// The gateway or the database does not answer.
    pub async fn payment_session(&self, view: &OrderView) -> Result<Option<PaymentSession>, SessionError> {
        match (&view.order.state, &view.payment) {
            (OrderState::AwaitingPayment { .. }, Some(payment)) => {
                open_session(&self.0, &view.order, payment).await.map(Some)
            }
            _ => Ok(None),
        }
    }
}
