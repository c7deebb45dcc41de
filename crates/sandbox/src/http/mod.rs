//! The HTTP side: Stripe's API under `/v1`, our own control routes and pages under `/sandbox`.

mod answer;
mod api;
mod auth;
mod control;
mod idempotency;
mod routes;

use std::sync::Arc;

use axum::{
    Router,
    routing::{any, get, post},
};

use crate::{pages, shared::Shared};

/// All routes.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/v1/{*path}", any(api::serve))
        .route("/sandbox/faults", get(control::faults).post(control::add_fault).delete(control::clear_faults))
        .route("/sandbox/webhooks", get(control::webhooks))
        .route("/sandbox/events/{id}/send", post(control::send_event))
        .route("/sandbox/payment_intents/{id}/authenticate", post(control::authenticate))
        .route("/sandbox/payment_intents/{id}/settle", post(control::settle_payment))
        .route("/sandbox/payment_intents/{id}/dispute", post(control::dispute))
        .route("/sandbox/disputes/{id}/close", post(control::close_dispute))
        .route("/sandbox/refunds/{id}/settle", post(control::settle_refund))
        .route("/sandbox/pay/{id}", get(pages::show).post(pages::submit))
        .route("/sandbox/style.css", get(pages::style))
        .with_state(shared)
}
