//! Stripe's JSON: how each object is written, lists, and what `expand` puts in the place of ids.
//!
//! Fields and their order are those of API version [`API_VERSION`]; a field that the sandbox has nothing to say
//! about is `null`, as it would be for a plain card payment at Stripe.

mod balance_transaction;
mod charge;
mod customer;
mod dispute;
mod event;
mod expand;
mod list;
mod payment_intent;
mod payment_method;
mod refund;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;

pub(crate) use event::delivered_body;
pub(crate) use expand::expand;
pub(crate) use payment_intent::for_browsers;

use crate::{
    model::{BalanceTransaction, Charge, Customer, Dispute, Event, PaymentIntent, PaymentMethod, Refund},
    store::Tx,
};

/// The version of Stripe's API whose shapes are written; events carry it.
pub const API_VERSION: &str = "2026-09-30.endive";

/// Something that has a form on the wire.
pub(crate) trait Show {
    /// Its JSON.
    fn show(&self, tx: &Tx<'_>) -> Box<RawValue>;
}

/// An answer before it is written.
#[derive(Clone, Debug)]
pub(crate) enum Object {
    /// A PaymentIntent.
    PaymentIntent(Arc<PaymentIntent>),
    /// A balance transaction.
    BalanceTransaction(BalanceTransaction),
    /// A charge.
    Charge(Arc<Charge>),
    /// A refund.
    Refund(Arc<Refund>),
    /// A dispute.
    Dispute(Arc<Dispute>),
    /// A customer.
    Customer(Arc<Customer>),
    /// A payment method.
    PaymentMethod(Arc<PaymentMethod>),
    /// An event.
    Event(Arc<Event>),
    /// A page of a list.
    List {
        /// The objects, newest first.
        data: Vec<Object>,
        /// Whether there are more in the direction of paging.
        has_more: bool,
        /// The path of the list.
        url: String,
    },
}

impl Show for Object {
    fn show(&self, tx: &Tx<'_>) -> Box<RawValue> {
        match self {
            Self::PaymentIntent(row) => row.show(tx),
            Self::BalanceTransaction(moved) => moved.show(tx),
            Self::Charge(row) => row.show(tx),
            Self::Refund(row) => row.show(tx),
            Self::Dispute(row) => row.show(tx),
            Self::Customer(row) => row.show(tx),
            Self::PaymentMethod(row) => row.show(tx),
            Self::Event(row) => row.show(tx),
            Self::List { data, has_more, url } => list::show(data, *has_more, url, tx),
        }
    }
}

/// Writes JSON.
pub(crate) fn raw(value: &impl Serialize) -> Box<RawValue> {
    #[expect(
        clippy::expect_used,
        reason = "views have string keys and derived Serialize: nothing in them can fail"
    )]
    serde_json::value::to_raw_value(value).expect("a view of an object is always valid JSON")
}

/// An object without fields.
#[derive(Serialize)]
struct Nothing {}

/// A field that is always null.
type Null = ();
