//! `expand`: whole objects in the place of their ids.

use serde_json::{Map, Value, value::RawValue};

use super::{Object, Show, raw};
use crate::{
    error::ApiError,
    model::{Charge, Customer, Dispute, PaymentIntent, PaymentMethod, Refund},
    store::Tx,
};

/// Stripe expands four levels deep.
const MAX_LEVELS: usize = 4;

/// Fields that hold an id, by the object they stand on.
const EXPANDABLE: &[(&str, &[&str])] = &[
    ("payment_intent", &["customer", "latest_charge", "payment_method"]),
    ("charge", &["balance_transaction", "customer", "payment_intent"]),
    ("refund", &["balance_transaction", "charge", "payment_intent", "payment_method"]),
    ("dispute", &["charge", "payment_intent"]),
    ("payment_method", &["customer"]),
    ("balance_transaction", &["source"]),
];

/// Replaces the ids that `paths` (`latest_charge`, `data.customer`) lead to with the objects.
pub(crate) fn expand(shown: Box<RawValue>, paths: &[&str], tx: &Tx<'_>) -> Result<Box<RawValue>, ApiError> {
    if paths.is_empty() {
        return Ok(shown);
    }
    let Ok(mut tree) = serde_json::from_str::<Value>(shown.get()) else { return Ok(shown) };
    for path in paths {
        let steps: Vec<&str> = path.split('.').collect();
        if steps.len() > MAX_LEVELS {
            return Err(ApiError::invalid(format!(
                "You cannot expand more than {MAX_LEVELS} levels of a property. Property: {path}"
            ))
            .param("expand"));
        }
        walk(&mut tree, &steps, tx).map_err(|NotExpandable| {
            ApiError::invalid(format!("This property cannot be expanded ({path}).")).param("expand")
        })?;
    }
    Ok(raw(&tree))
}

struct NotExpandable;

fn walk(at: &mut Value, steps: &[&str], tx: &Tx<'_>) -> Result<(), NotExpandable> {
    let Some((&step, rest)) = steps.split_first() else { return Ok(()) };
    let fields = match at {
        Value::Null => return Ok(()),
        Value::Object(fields) => fields,
        _ => return Err(NotExpandable),
    };
    let kind = fields.get("object").and_then(Value::as_str).unwrap_or_default().to_owned();
    match (kind.as_str(), step) {
        ("list", "data") if !rest.is_empty() => match fields.get_mut("data") {
            Some(Value::Array(items)) => items.iter_mut().try_for_each(|item| walk(item, rest, tx)),
            _ => Err(NotExpandable),
        },
        ("charge", "refunds") => {
            let refunds = refunds_of(fields, tx);
            let refunds = fields.entry("refunds").or_insert(refunds);
            walk(refunds, rest, tx)
        }
        ("customer", "invoice_settings") => match (rest, fields.get_mut("invoice_settings")) {
            (["default_payment_method", rest @ ..], Some(Value::Object(settings))) => {
                replace(settings, "default_payment_method", rest, tx)
            }
            _ => Err(NotExpandable),
        },
        ("event", "data") => Err(NotExpandable),
        _ if EXPANDABLE.iter().any(|(object, names)| *object == kind && names.contains(&step)) => {
            replace(fields, step, rest, tx)
        }
        _ => Err(NotExpandable),
    }
}

fn replace(
    fields: &mut Map<String, Value>,
    name: &str,
    rest: &[&str],
    tx: &Tx<'_>,
) -> Result<(), NotExpandable> {
    let Some(field) = fields.get_mut(name) else { return Err(NotExpandable) };
    if let Some(object) = field.as_str().and_then(|id| find(id, tx)) {
        *field = tree(&object.show(tx));
    }
    walk(field, rest, tx)
}

fn find(id: &str, tx: &Tx<'_>) -> Option<Object> {
    let (prefix, _) = id.split_once('_')?;
    match prefix {
        "txn" => tx.balance_transaction(id).map(Object::BalanceTransaction),
        "pi" => tx.find::<PaymentIntent>(id).map(Object::PaymentIntent),
        "ch" => tx.find::<Charge>(id).map(Object::Charge),
        "re" => tx.find::<Refund>(id).map(Object::Refund),
        "dp" => tx.find::<Dispute>(id).map(Object::Dispute),
        "cus" => tx.find::<Customer>(id).map(Object::Customer),
        "pm" => tx.find::<PaymentMethod>(id).map(Object::PaymentMethod),
        _ => None,
    }
}

/// The first page of a charge's refunds, newest first.
fn refunds_of(charge: &Map<String, Value>, tx: &Tx<'_>) -> Value {
    let id = charge.get("id").and_then(Value::as_str).unwrap_or_default();
    let mut refunds = tx.table::<Refund>().rows().rev().filter(|refund| refund.charge == id).cloned();
    let data: Vec<Object> = refunds.by_ref().take(10).map(Object::Refund).collect();
    let page =
        Object::List { data, has_more: refunds.next().is_some(), url: format!("/v1/charges/{id}/refunds") };
    tree(&page.show(tx))
}

fn tree(shown: &RawValue) -> Value {
    serde_json::from_str(shown.get()).unwrap_or_default()
}
