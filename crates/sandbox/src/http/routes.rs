//! The table of endpoints.

use axum::http::Method;

use super::auth::secret_key_required;
use crate::{
    error::ApiError,
    form::Params,
    ops::{
        Answer, Caller, balance_transactions, charges, customers, disputes, events,
        payment_intents::{self as intents},
        payment_methods, refunds,
    },
    store::Tx,
};

/// Does what a request asks for.
pub(super) fn dispatch(
    tx: &mut Tx<'_>,
    method: &Method,
    path: &str,
    params: &Params<'_>,
    caller: Caller,
) -> Answer {
    let parts: Vec<&str> = path.trim_start_matches("/v1/").trim_end_matches('/').split('/').collect();
    let parts = parts.as_slice();
    let (get, post) = (*method == Method::GET, *method == Method::POST);
    let for_browsers = match parts {
        ["payment_intents", _] => get,
        ["payment_intents", _, "confirm"] | ["payment_methods"] => post,
        _ => false,
    };
    if caller == Caller::Browser && !for_browsers {
        return Err(secret_key_required());
    }
    match (method.as_str(), parts) {
        // Stripe's search language is not spoken here; without this line "search" would be taken for an id.
        ("GET", ["charges" | "customers" | "payment_intents", "search"]) => {
            Err(ApiError::unrecognized_url(method.as_str(), path))
        }

        ("POST", ["payment_intents"]) => intents::create(tx, params),
        ("GET", ["payment_intents"]) => intents::list(tx, params),
        ("GET", ["payment_intents", id]) => intents::retrieve(tx, id, params, caller),
        ("POST", ["payment_intents", id]) => intents::update(tx, id, params),
        ("POST", ["payment_intents", id, "confirm"]) => intents::confirm(tx, id, params, caller),
        ("POST", ["payment_intents", id, "capture"]) => intents::capture(tx, id, params),
        ("POST", ["payment_intents", id, "cancel"]) => intents::cancel(tx, id, params),

        ("GET", ["charges"]) => charges::list(tx, params),
        ("GET", ["charges", id]) => charges::retrieve(tx, id, params),
        ("POST", ["charges", id]) => charges::update(tx, id, params),
        ("GET", ["charges", id, "refunds"]) => refunds::list(tx, Some(id), params),

        ("GET", ["balance_transactions", id]) => balance_transactions::retrieve(tx, id, params),

        ("POST", ["refunds"]) => refunds::create(tx, params),
        ("GET", ["refunds"]) => refunds::list(tx, None, params),
        ("GET", ["refunds", id]) => refunds::retrieve(tx, id, params),
        ("POST", ["refunds", id]) => refunds::update(tx, id, params),
        ("POST", ["refunds", id, "cancel"]) => refunds::cancel(tx, id, params),

        ("POST", ["customers"]) => customers::create(tx, params),
        ("GET", ["customers"]) => customers::list(tx, params),
        ("GET", ["customers", id]) => customers::retrieve(tx, id, params),
        ("POST", ["customers", id]) => customers::update(tx, id, params),
        ("DELETE", ["customers", id]) => customers::delete(tx, id, params),
        ("GET", ["customers", id, "payment_methods"]) => payment_methods::list(tx, Some(id), params),

        ("POST", ["payment_methods"]) => payment_methods::create(tx, params),
        ("GET", ["payment_methods"]) => payment_methods::list(tx, None, params),
        ("GET", ["payment_methods", id]) => payment_methods::retrieve(tx, id, params),
        ("POST", ["payment_methods", id, "attach"]) => payment_methods::attach(tx, id, params),
        ("POST", ["payment_methods", id, "detach"]) => payment_methods::detach(tx, id, params),

        ("GET", ["disputes"]) => disputes::list(tx, params),
        ("GET", ["disputes", id]) => disputes::retrieve(tx, id, params),
        ("POST", ["disputes", id]) => disputes::update(tx, id, params),
        ("POST", ["disputes", id, "close"]) => disputes::close(tx, id, params),

        ("GET", ["events"]) => events::list(tx, params),
        ("GET", ["events", id]) => events::retrieve(tx, id, params),

        (method, _) => Err(ApiError::unrecognized_url(method, path)),
    }
}
