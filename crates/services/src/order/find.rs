//! A buyer looks an order up: by the token they got at checkout, or by its number and their address.

use super::guesses;
use crate::{
    Context,
    checkout::{SessionError, open_session},
    limits::{Guesses, TooMany},
};
use chrono::TimeDelta;
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    access::Viewer,
    limits::ClientAddress,
    order::{FinancialStatus, Order, OrderState, financial_status},
    payment::{Payment, PaymentSession},
    shared::{CartId, Fault, OrderId},
};
use stoa_persistence::{
    order::{self, OrderLookup},
    payment,
};

/// An order with its payments.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// The order.
    pub order: Order,
    /// Its payment at the gateway; `None` when there was nothing to charge.
    pub payment: Option<Payment>,
    /// What gift cards and store credit paid of it, in the order in which they did.
    pub stored: Vec<Payment>,
}

impl OrderView {
    /// An order with all of its payments, in any order.
    pub fn new(order: Order, payments: impl IntoIterator<Item = Payment>) -> Self {
        let (mut stored, mut at_gateway): (Vec<_>, Vec<_>) =
            payments.into_iter().partition(Payment::is_stored_value);
        // Ids are in the order of their making.
        stored.sort_by_key(|payment| payment.id);
        Self { order, payment: at_gateway.pop(), stored }
    }

    /// All of its payments: that at the gateway first.
    pub fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.payment.iter().chain(&self.stored)
    }

    /// How much of its money is here.
    pub fn financial_status(&self) -> FinancialStatus {
        financial_status(&self.order.state, self.payments())
    }

    /// What has gone back of it, to cards of the gateway and to gift cards, in minor units of its currency.
    pub fn refunded(&self) -> i64 {
        self.payments().fold(0, |sum, payment| sum.saturating_add(payment.amount_refunded))
    }
}

/// For how long a cart's id still leads to the order it has become: for a buyer who goes back, not for a link that is passed
/// on later.
const CART_LEADS_FOR: TimeDelta = TimeDelta::hours(24);

/// Why an order is not looked for.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// From there, or at this number or this address, was guessed too often.
    #[error("too many guesses")]
    TooManyGuesses {
        /// When it is worth asking again.
        retry_after: Duration,
    },
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Finds orders for their buyers.
pub struct FindOrder {
    pub(super) ctx: Arc<Context>,
    guesses: Guesses,
}

impl FindOrder {
    pub(crate) fn new(ctx: Arc<Context>) -> Self {
        let guesses = Guesses::new(Arc::clone(ctx.limiter()));
        Self { ctx, guesses }
    }

    /// The order, if the caller knows enough to see it. Unknown and not allowed look the same. `client` is who asks, if that is
    /// known: their wrong guesses are counted.
    ///
    /// # Errors
    /// Too many guesses, or the database does not answer.
    pub async fn run(
        &self,
        lookup: &OrderLookup,
        client: Option<ClientAddress>,
    ) -> Result<Option<OrderView>, LookupError> {
        let read = self.ctx.db().read();
        let found = match lookup {
            OrderLookup::Token(token) => order::find_by_token(read, token).await?,
            OrderLookup::Contact(number, email) => {
                // Counted before it is looked for, or of many at once all would be.
                let guess = match guesses::begin(&self.guesses, client, *number, email).await? {
                    Ok(guess) => guess,
                    Err(TooMany(retry_after)) => return Err(LookupError::TooManyGuesses { retry_after }),
                };
                let found = order::find_by_contact(read, *number, email).await;
                if !matches!(found, Ok(None)) {
                    self.guesses.forgive(guess).await;
                }
                found?
            }
        };
        Ok(self.view(found).await?)
    }

    /// The order that a cart has become, for whoever has the cart's id, which nobody can guess; for a day. A customer's order is theirs
    /// alone: the id stays in the history of a browser that the next one sits down at.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of_cart(&self, viewer: &Viewer, cart: CartId) -> Result<Option<OrderView>, Fault> {
        let found = order::find_by_cart(self.ctx.db().read(), cart).await?;
        let now = self.ctx.now();
        let is_theirs = |order: &Order| order.customer.is_none() || order.customer == viewer.customer();
        self.view(found.filter(|order| now < order.placed_at + CART_LEADS_FOR && is_theirs(order))).await
    }

    async fn view(&self, order: Option<Order>) -> Result<Option<OrderView>, Fault> {
        with_payment(&self.ctx, order).await
    }

    /// What a browser needs to pay the order; `None` when there is nothing left to pay.
    ///
    /// # Errors
    /// The gateway or the database does not answer.
    pub async fn payment_session(&self, view: &OrderView) -> Result<Option<PaymentSession>, SessionError> {
        match (&view.order.state, &view.payment) {
            (OrderState::AwaitingPayment { .. }, Some(payment)) => {
                open_session(&self.ctx, &view.order, payment).await.map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// An order that was found before by somebody who may see it.
pub(crate) async fn view_of(ctx: &Context, id: OrderId) -> Result<Option<OrderView>, Fault> {
    let found = order::find(ctx.db().read(), id).await?;
    with_payment(ctx, found).await
}

async fn with_payment(ctx: &Context, order: Option<Order>) -> Result<Option<OrderView>, Fault> {
    let Some(order) = order else { return Ok(None) };
    let payments = payment::find_by_orders(ctx.db().read(), &[order.id]).await?;
    Ok(Some(OrderView::new(order, payments)))
}
