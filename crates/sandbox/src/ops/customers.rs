//! Customers.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Answer, page, payment_methods};
use crate::{
    error::ApiError,
    form::Params,
    ids,
    model::{Address, Customer, Metadata, PaymentMethod, Shipping},
    store::{Row, Tx},
    wire::{Object, Show, raw},
};

const PARAMS: &[&str] = &[
    "address",
    "description",
    "email",
    "expand",
    "invoice_settings",
    "metadata",
    "name",
    "payment_method",
    "phone",
    "preferred_locales",
    "shipping",
];

const UNMODELLED: &[&str] = &[
    "balance",
    "business_name",
    "cash_balance",
    "coupon",
    "default_source",
    "individual_name",
    "invoice_prefix",
    "next_invoice_sequence",
    "promotion_code",
    "source",
    "tax",
    "tax_exempt",
    "tax_id_data",
    "test_clock",
    "validate",
];

/// A customer that a parameter names and that has not been deleted.
pub(super) fn living(tx: &Tx<'_>, id: &str, param: &str) -> Result<Arc<Customer>, ApiError> {
    let customer = tx.named::<Customer>(id, param)?;
    if customer.deleted { Err(ApiError::names_nothing(Customer::NAME, id, param)) } else { Ok(customer) }
}

/// `POST /v1/customers`
pub(crate) fn create(tx: &mut Tx<'_>, params: &Params<'_>) -> Answer {
    params.without(UNMODELLED)?;
    params.only(PARAMS)?;
    let mut customer = Customer {
        id: ids::random_after("cus_", 14),
        created: tx.now,
        deleted: false,
        address: None,
        description: None,
        email: None,
        metadata: Metadata::default(),
        name: None,
        phone: None,
        preferred_locales: Vec::new(),
        shipping: None,
        default_payment_method: None,
    };
    fill(&mut customer, params)?;
    let mut customer = tx.put(customer);
    if let Some(token) = params.text("payment_method")? {
        let method = payment_methods::named(tx, token, "payment_method")?;
        payment_methods::attach_to(tx, &method, &customer)?;
    }
    if let Some(changed) = with_default_method(tx, &customer, params)? {
        customer = tx.put(changed);
    }
    tx.emit("customer.created", customer.show(tx), None);
    Ok(Object::Customer(customer))
}

/// `GET /v1/customers/{id}`
pub(crate) fn retrieve(tx: &Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["expand"])?;
    tx.get::<Customer>(id).map(Object::Customer)
}

/// `GET /v1/customers`
pub(crate) fn list(tx: &Tx<'_>, params: &Params<'_>) -> Answer {
    page::only(params, &["email"])?;
    let email = params.text("email")?;
    page::page(
        tx,
        params,
        "/v1/customers",
        |customer: &Customer| customer.created,
        Object::Customer,
        |customer| !customer.deleted && email.is_none_or(|email| customer.email.as_deref() == Some(email)),
    )
}

/// `POST /v1/customers/{id}`
pub(crate) fn update(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.without(UNMODELLED)?;
    params.only(PARAMS)?;
    if params.has("payment_method") {
        return Err(ApiError::unknown_parameters(&["payment_method".to_owned()]));
    }
    let old = not_deleted(tx, id)?;
    let mut customer = Customer::clone(&old);
    fill(&mut customer, params)?;
    if let Some(changed) = with_default_method(tx, &customer, params)? {
        customer = changed;
    }
    let before = old.show(tx);
    let customer = tx.put(customer);
    let after = customer.show(tx);
    if let Some(previous) = changed_fields(before.get(), after.get()) {
        tx.emit("customer.updated", after, Some(raw(&previous)));
    }
    Ok(Object::Customer(customer))
}

/// `DELETE /v1/customers/{id}`: payment methods are detached with it.
pub(crate) fn delete(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&[])?;
    let customer = not_deleted(tx, id)?;
    tx.emit("customer.deleted", customer.show(tx), None);
    let kept: Vec<Arc<PaymentMethod>> = tx
        .table::<PaymentMethod>()
        .rows()
        .filter(|method| method.customer.as_deref() == Some(id))
        .cloned()
        .collect();
    for method in kept {
        payment_methods::detach_from_customer(tx, &method);
    }
    Ok(Object::Customer(tx.put(Customer { deleted: true, ..Customer::clone(&customer) })))
}

fn not_deleted(tx: &Tx<'_>, id: &str) -> Result<Arc<Customer>, ApiError> {
    let customer = tx.get::<Customer>(id)?;
    if customer.deleted { Err(ApiError::no_such(Customer::NAME, id, "id")) } else { Ok(customer) }
}

fn fill(customer: &mut Customer, params: &Params<'_>) -> Result<(), ApiError> {
    Address::assign(params, &mut customer.address)?;
    params.assign("description", &mut customer.description)?;
    params.assign("email", &mut customer.email)?;
    params.assign("name", &mut customer.name)?;
    params.assign("phone", &mut customer.phone)?;
    customer.metadata.apply(params)?;
    Shipping::assign(params, &mut customer.shipping)?;
    if customer.email.as_deref().is_some_and(|email| !email.contains('@') || email.len() > 512) {
        let email = customer.email.as_deref().unwrap_or_default();
        return Err(ApiError::invalid(format!("Invalid email address: {email}"))
            .code("email_invalid")
            .param("email"));
    }
    if let Some(locales) = params.list("preferred_locales")? {
        customer.preferred_locales = locales.into_iter().map(str::to_owned).collect();
    }
    Ok(())
}

/// The customer with `invoice_settings[default_payment_method]`, when that was sent.
fn with_default_method(
    tx: &Tx<'_>,
    customer: &Customer,
    params: &Params<'_>,
) -> Result<Option<Customer>, ApiError> {
    let Some(settings) = params.group("invoice_settings")? else { return Ok(None) };
    settings.only(&["default_payment_method"])?;
    let Some(id) = settings.clearable("default_payment_method")? else { return Ok(None) };
    let mut changed = customer.clone();
    changed.default_payment_method = None;
    if !id.is_empty() {
        let param = settings.full("default_payment_method");
        let method = tx.named::<PaymentMethod>(id, &param)?;
        if method.customer.as_deref() != Some(customer.id.as_str()) {
            return Err(payment_methods::not_of_customer(id).param(param));
        }
        changed.default_payment_method = Some(method.id.clone());
    }
    Ok(Some(changed))
}

/// The former values of the top-level fields that differ.
fn changed_fields(before: &str, after: &str) -> Option<Map<String, Value>> {
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let after = read(after);
    let mut changed = read(before);
    changed.retain(|name, value| after.get(name) != Some(value));
    (!changed.is_empty()).then_some(changed)
}
