//! Charges: made by PaymentIntents; a caller reads them and corrects what is written on them.

use serde_json::json;

use super::{Answer, page};
use crate::{
    error::ApiError,
    form::Params,
    model::{Charge, Shipping},
    store::Tx,
    wire::{Object, Show, raw},
};

/// `GET /v1/charges/{id}`
pub(crate) fn retrieve(tx: &Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["expand"])?;
    tx.get::<Charge>(id).map(Object::Charge)
}

/// `GET /v1/charges`
pub(crate) fn list(tx: &Tx<'_>, params: &Params<'_>) -> Answer {
    page::only(params, &["customer", "payment_intent"])?;
    let customer = page::customer(tx, params)?;
    let intent = params.text("payment_intent")?;
    page::page(
        tx,
        params,
        "/v1/charges",
        |charge: &Charge| charge.created,
        Object::Charge,
        |charge| {
            customer.is_none_or(|id| charge.customer.as_deref() == Some(id))
                && intent.is_none_or(|id| charge.payment_intent == id)
        },
    )
}

/// `POST /v1/charges/{id}`
pub(crate) fn update(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["description", "expand", "fraud_details", "metadata", "receipt_email", "shipping"])?;
    let old = tx.get::<Charge>(id)?;
    let mut charge = Charge::clone(&old);
    params.assign("description", &mut charge.description)?;
    params.assign("receipt_email", &mut charge.receipt_email)?;
    charge.metadata.apply(params)?;
    Shipping::assign(params, &mut charge.shipping)?;
    if let Some(details) = params.group("fraud_details")? {
        details.only(&["user_report"])?;
        charge.fraud_report = match details.clearable("user_report")? {
            None | Some("") => None,
            Some(report @ ("fraudulent" | "safe")) => Some(report.to_owned()),
            Some(_) => {
                return Err(ApiError::invalid("Invalid user_report: must be one of fraudulent or safe")
                    .param("fraud_details[user_report]"));
            }
        };
    }
    let previous = json!({
        "description": old.description,
        "metadata": old.metadata,
        "receipt_email": old.receipt_email,
        "shipping": old.shipping,
    });
    let charge = tx.put(charge);
    tx.emit("charge.updated", charge.show(tx), Some(raw(&previous)));
    Ok(Object::Charge(charge))
}
