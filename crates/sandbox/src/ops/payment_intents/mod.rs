//! PaymentIntents: one file for each thing that can be done to them.

mod attempt;
mod authenticate;
mod cancel;
mod capture;
mod confirm;
mod create;
mod settle;
mod update;

use std::sync::Arc;

use serde_json::value::RawValue;
use subtle::ConstantTimeEq;

use super::{Answer, Caller, page};
use crate::{
    error::ApiError,
    form::Params,
    model::PaymentIntent,
    store::{Row, Tx},
    wire::{Object, Show},
};

pub(crate) use authenticate::authenticate;
pub(crate) use cancel::cancel;
pub(crate) use capture::capture;
pub(crate) use confirm::{confirm, pay};
pub(crate) use create::create;
pub(crate) use settle::settle;
pub(crate) use update::update;

/// Parameters of the real API that have no meaning in a fake network of cards.
const UNMODELLED: &[&str] = &[
    "allowed_payment_method_types",
    "amount_details",
    "amount_to_confirm",
    "application_fee_amount",
    "confirmation_token",
    "customer_account",
    "excluded_payment_method_types",
    "hooks",
    "mandate",
    "mandate_data",
    "on_behalf_of",
    "payment_details",
    "payment_method_configuration",
    "radar_options",
    "transfer_data",
    "transfer_group",
];

/// `GET /v1/payment_intents/{id}`
pub(crate) fn retrieve(tx: &Tx<'_>, id: &str, params: &Params<'_>, caller: Caller) -> Answer {
    params.only(&["client_secret", "expand"])?;
    allowed(tx, id, params, caller).map(Object::PaymentIntent)
}

/// `GET /v1/payment_intents`
pub(crate) fn list(tx: &Tx<'_>, params: &Params<'_>) -> Answer {
    page::only(params, &["customer"])?;
    let customer = page::customer(tx, params)?;
    page::page(
        tx,
        params,
        "/v1/payment_intents",
        |intent: &PaymentIntent| intent.created,
        Object::PaymentIntent,
        |intent| customer.is_none_or(|id| intent.customer.as_deref() == Some(id)),
    )
}

/// The PaymentIntent in the path, if the caller may see it: a browser must know its client secret.
fn allowed(
    tx: &Tx<'_>,
    id: &str,
    params: &Params<'_>,
    caller: Caller,
) -> Result<Arc<PaymentIntent>, ApiError> {
    match (caller, params.text("client_secret")?) {
        (Caller::Server, None) => existing(tx, id),
        (Caller::Browser, None) => Err(ApiError::missing_parameter("client_secret".to_owned())),
        (_, Some(secret)) => by_secret(tx, id, secret),
    }
}

/// The PaymentIntent in the path.
fn existing(tx: &Tx<'_>, id: &str) -> Result<Arc<PaymentIntent>, ApiError> {
    tx.find(id).ok_or_else(|| no_such(id))
}

fn no_such(id: &str) -> ApiError {
    ApiError::no_such(PaymentIntent::NAME, id, "intent")
}

/// The PaymentIntent with this id and client secret. A wrong secret and a wrong id look the same.
pub(crate) fn by_secret(tx: &Tx<'_>, id: &str, secret: &str) -> Result<Arc<PaymentIntent>, ApiError> {
    tx.find::<PaymentIntent>(id)
        .filter(|intent| bool::from(intent.client_secret.as_bytes().ct_eq(secret.as_bytes())))
        .ok_or_else(|| no_such(id))
}

/// Records that something happened to a PaymentIntent.
fn emit(tx: &mut Tx<'_>, kind: &str, intent: &PaymentIntent) {
    let shown = intent.show(tx);
    tx.emit(kind, shown, None);
}

/// The error for an operation that the state of the PaymentIntent does not allow; it shows the PaymentIntent.
fn unexpected_state(tx: &Tx<'_>, intent: &PaymentIntent, message: impl Into<String>) -> ApiError {
    ApiError::wrong_state("payment_intent_unexpected_state", message).payment_intent(shown(tx, intent))
}

fn shown(tx: &Tx<'_>, intent: &PaymentIntent) -> Box<RawValue> {
    intent.show(tx)
}
