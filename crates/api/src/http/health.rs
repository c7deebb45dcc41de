//! For whoever watches over the process.
//!
//! `/healthz` says that the process is alive: if it fails, restart it. `/readyz` says that it can serve: if it fails, send
//! requests elsewhere. A process that shuts down is alive and not ready.

use super::{answer, state::AppState};
use axum::{Json, extract::State, response::Response};
use http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn alive() -> Response {
    answer::uncached(Json(json!({ "status": "alive" })))
}

pub(super) async fn ready(State(app): State<AppState>) -> Response {
    if app.is_draining() {
        return not_ready("draining");
    }
    match tokio::time::timeout(PATIENCE, app.services().ready()).await {
        Ok(Ok(())) => answer::uncached(Json(json!({ "status": "ready" }))),
        Ok(Err(fault)) => {
            tracing::error!(error = %fault, "not ready");
            not_ready("database")
        }
        Err(_) => {
            tracing::error!("not ready: the database takes more than {PATIENCE:?} to answer");
            not_ready("database")
        }
    }
}

fn not_ready(because: &str) -> Response {
    let body: Json<Value> = Json(json!({ "status": "not ready", "because": because }));
    answer::uncached((StatusCode::SERVICE_UNAVAILABLE, body))
}
