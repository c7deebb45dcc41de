//! `POST /v1/payment_intents/{id}`

use super::{
    UNMODELLED,
    create::{currency, describe, three_d_secure},
    existing, unexpected_state,
};
use crate::{
    error::ApiError,
    form::Params,
    model::{PaymentIntent, State},
    ops::{Answer, customers, payment_methods},
    store::Tx,
    wire::Object,
};

/// What can only change while nothing has been charged.
const ONLY_WHILE_OPEN: &[&str] = &[
    "amount",
    "capture_method",
    "currency",
    "customer",
    "payment_method",
    "payment_method_data",
    "payment_method_options",
    "setup_future_usage",
];

/// Changes a PaymentIntent; a new amount or payment method must be confirmed anew.
pub(crate) fn update(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.without(UNMODELLED)?;
    let mut known = vec![
        "description",
        "expand",
        "metadata",
        "receipt_email",
        "shipping",
        "statement_descriptor",
        "statement_descriptor_suffix",
    ];
    known.extend(ONLY_WHILE_OPEN);
    params.only(&known)?;
    let old = existing(tx, id)?;
    if !old.state.is_open()
        && let Some(name) = ONLY_WHILE_OPEN.iter().find(|name| params.has(name))
    {
        let message = format!(
            "This PaymentIntent's {name} could not be updated because it has a status of {}. You may only update \
             the {name} of a PaymentIntent with one of the following statuses: requires_payment_method, \
             requires_confirmation, requires_action.",
            old.state.name()
        );
        return Err(unexpected_state(tx, &old, message));
    }
    let mut intent = PaymentIntent::clone(&old);
    change(tx, &mut intent, params)?;
    Ok(Object::PaymentIntent(tx.put(intent)))
}

fn change(tx: &mut Tx<'_>, intent: &mut PaymentIntent, params: &Params<'_>) -> Result<(), ApiError> {
    describe(intent, params)?;
    let before = (intent.amount, intent.currency);
    if let Some(code) = params.text("currency")? {
        intent.currency = currency(code)?;
    }
    if let Some(amount) = params.integer("amount")? {
        intent.amount = amount;
    }
    if before != (intent.amount, intent.currency) {
        intent.currency.check_charge(intent.amount)?;
    }
    if let Some(method) = params.choice("capture_method")? {
        intent.capture_method = method;
    }
    if let Some(id) = params.text("customer")? {
        intent.customer = Some(customers::living(tx, id, "customer")?.id.clone());
    }
    if params.has("setup_future_usage") {
        intent.setup_future_usage = match params.clearable("setup_future_usage")? {
            Some("") => None,
            _ => params.choice("setup_future_usage")?,
        };
    }
    if let Some(wish) = three_d_secure(params)? {
        intent.three_d_secure = wish;
    }
    let method = payment_methods::chosen(tx, params)?;
    let chosen_anew = method.is_some();
    if let Some(method) = method {
        intent.payment_method = Some(method.id.clone());
    }
    let amount_changed = before != (intent.amount, intent.currency);
    // An authentication stands for one amount and one card.
    if intent.state.is_open() && (chosen_anew || amount_changed) && intent.payment_method.is_some() {
        intent.state = State::RequiresConfirmation { authenticated: false };
    }
    Ok(())
}
