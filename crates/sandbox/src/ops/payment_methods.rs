//! Payment methods: cards, given by number, by test token, or kept for a customer.

use std::sync::Arc;

use serde_json::json;

use super::{Answer, customers, page};
use crate::{
    cards::{Attempt, CardEntry, Decline, Typed, by_token},
    error::{ApiError, PaymentError},
    form::Params,
    ids,
    model::{BillingDetails, Card, Customer, Metadata, PaymentMethod},
    store::Tx,
    wire::{Object, Show, raw},
};

/// `POST /v1/payment_methods`
pub(crate) fn create(tx: &mut Tx<'_>, params: &Params<'_>) -> Answer {
    params.without(&["customer", "payment_method", "radar_options"])?;
    params.only(&["allow_redisplay", "billing_details", "card", "expand", "metadata", "type"])?;
    let mut metadata = Metadata::default();
    metadata.apply(params)?;
    let method = from_data(tx, params)?;
    Ok(Object::PaymentMethod(tx.put(PaymentMethod { metadata, ..PaymentMethod::clone(&method) })))
}

/// `GET /v1/payment_methods/{id}`
pub(crate) fn retrieve(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["expand"])?;
    if by_token(id).is_some() {
        return named(tx, id, "id").map(Object::PaymentMethod);
    }
    tx.get::<PaymentMethod>(id).map(Object::PaymentMethod)
}

/// `GET /v1/payment_methods?customer=…` and `GET /v1/customers/{id}/payment_methods`
pub(crate) fn list(tx: &Tx<'_>, customer: Option<&str>, params: &Params<'_>) -> Answer {
    page::only(params, &["allow_redisplay", "customer", "type"])?;
    let url =
        customer.map_or("/v1/payment_methods".to_owned(), |id| format!("/v1/customers/{id}/payment_methods"));
    let asked = params.text("customer")?;
    let customer = customer.or(asked);
    if let Some(id) = customer {
        customers::living(tx, id, "customer")?;
    }
    if params.text("type")?.is_some_and(|kind| kind != "card") {
        return Ok(Object::List { data: Vec::new(), has_more: false, url });
    }
    page::page(
        tx,
        params,
        url,
        |method: &PaymentMethod| method.created,
        Object::PaymentMethod,
        |method| customer.is_some() && method.customer.as_deref() == customer,
    )
}

/// `POST /v1/payment_methods/{id}/attach`
pub(crate) fn attach(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["customer", "expand"])?;
    let customer = customers::living(tx, params.required("customer")?, "customer")?;
    let method = if by_token(id).is_some() { named(tx, id, "id")? } else { tx.get::<PaymentMethod>(id)? };
    attach_to(tx, &method, &customer).map(Object::PaymentMethod)
}

/// `POST /v1/payment_methods/{id}/detach`
pub(crate) fn detach(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["expand"])?;
    let method = tx.get::<PaymentMethod>(id)?;
    if method.customer.is_none() {
        return Err(ApiError::wrong_state(
            "payment_method_unexpected_state",
            "The payment method you provided is not attached to a customer so detachment is impossible.",
        ));
    }
    Ok(Object::PaymentMethod(detach_from_customer(tx, &method)))
}

/// The payment method that a confirmation, creation or update chooses: `payment_method` or `payment_method_data`.
pub(super) fn chosen(tx: &mut Tx<'_>, params: &Params<'_>) -> Result<Option<Arc<PaymentMethod>>, ApiError> {
    params.not_both("payment_method", "payment_method_data")?;
    if let Some(data) = params.group("payment_method_data")? {
        data.only(&["allow_redisplay", "billing_details", "card", "metadata", "type"])?;
        return from_data(tx, &data).map(Some);
    }
    params.text("payment_method")?.map(|id| named(tx, id, "payment_method")).transpose()
}

/// A payment method by id; a test token makes a new one every time.
pub(super) fn named(tx: &mut Tx<'_>, id: &str, param: &str) -> Result<Arc<PaymentMethod>, ApiError> {
    match by_token(id) {
        Some(card) => {
            let entry = CardEntry::of_test_card(card, tx.now);
            Ok(keep(tx, &entry, BillingDetails::default()))
        }
        None => tx.named::<PaymentMethod>(id, param),
    }
}

/// A new payment method of a card that was typed in.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    entry: &CardEntry,
    billing_details: BillingDetails,
) -> Arc<PaymentMethod> {
    tx.put(PaymentMethod {
        id: ids::fresh("pm_"),
        created: tx.now,
        customer: None,
        billing_details,
        card: Card::of(entry),
        metadata: Metadata::default(),
        used_up: false,
        set_up: false,
    })
}

/// Keeps a payment method for a customer. The issuer is asked, so a declined card cannot be kept.
pub(super) fn attach_to(
    tx: &mut Tx<'_>,
    method: &Arc<PaymentMethod>,
    customer: &Customer,
) -> Result<Arc<PaymentMethod>, ApiError> {
    if method.customer.as_deref() == Some(customer.id.as_str()) {
        return Ok(Arc::clone(method));
    }
    if method.customer.is_some() {
        return Err(ApiError::wrong_state(
            "payment_method_unexpected_state",
            "The payment method you provided has already been attached to a customer.",
        ));
    }
    if method.used_up {
        return Err(used_up());
    }
    let refused = match method.card.test_card().map(|card| card.behaviour) {
        None => Some(Decline::LiveCard),
        Some(behaviour) if behaviour.attaches => None,
        Some(behaviour) => match behaviour.attempt {
            Attempt::Approve => None,
            Attempt::Decline(decline) => Some(decline),
        },
    };
    if let Some(decline) = refused {
        return Err(ApiError::payment_failed(&PaymentError::declined(decline)));
    }
    let method =
        tx.put(PaymentMethod { customer: Some(customer.id.clone()), ..PaymentMethod::clone(method) });
    tx.emit("payment_method.attached", method.show(tx), None);
    Ok(method)
}

/// Lets a payment method go; it can never be used again.
pub(super) fn detach_from_customer(tx: &mut Tx<'_>, method: &PaymentMethod) -> Arc<PaymentMethod> {
    let previous = raw(&json!({ "customer": method.customer }));
    let method = tx.put(PaymentMethod { customer: None, used_up: true, ..method.clone() });
    tx.emit("payment_method.detached", method.show(tx), Some(previous));
    method
}

/// The error for a card that has paid once and was not kept.
pub(super) fn used_up() -> ApiError {
    ApiError::wrong_state(
        "payment_method_unexpected_state",
        "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was \
         detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach \
         it to a Customer first.",
    )
}

/// The error for somebody else's card.
pub(super) fn not_of_customer(id: &str) -> ApiError {
    ApiError::invalid(format!(
        "The customer does not have a payment method with the ID {id}. The payment method must be attached to the \
         customer."
    ))
    .code("payment_method_invalid_parameter")
}

/// Reads `type`, `card[…]` and `billing_details[…]`.
fn from_data(tx: &mut Tx<'_>, data: &Params<'_>) -> Result<Arc<PaymentMethod>, ApiError> {
    if data.required("type")? != "card" {
        return Err(ApiError::invalid("The sandbox knows the payment method type 'card' only.")
            .code("payment_method_unsupported_type")
            .param(data.full("type")));
    }
    let billing_details = BillingDetails::parse(data)?;
    let card = data.group("card")?.ok_or_else(|| ApiError::missing_parameter(data.full("card")))?;
    card.without(&["networks", "preferred_network"])?;
    card.only(&["cvc", "exp_month", "exp_year", "number", "token"])?;
    card.not_both("token", "number")?;
    let entry = match card.text("token")? {
        Some(token) => {
            let known = token.strip_prefix("tok_").and_then(|name| by_token(&format!("pm_card_{name}")));
            let known = known.ok_or_else(|| ApiError::names_nothing("token", token, &card.full("token")))?;
            CardEntry::of_test_card(known, tx.now)
        }
        None => {
            let number = card.required("number")?;
            let missing = |name: &str| ApiError::missing_parameter(card.full(name));
            let typed = Typed {
                number,
                exp_month: card.integer("exp_month")?.ok_or_else(|| missing("exp_month"))?,
                exp_year: card.integer("exp_year")?.ok_or_else(|| missing("exp_year"))?,
                cvc: card.clearable("cvc")?,
            };
            CardEntry::parse(&typed, card.group_name(), tx.now)?
        }
    };
    Ok(keep(tx, &entry, billing_details))
}
