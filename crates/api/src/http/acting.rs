//! The door of what staff and keys ask for at addresses of its own, beside GraphQL.

use super::{
    answer, caller,
    state::AppState,
    throttle::{self, Standing},
};
use axum::{extract::Request, response::Response};
use http::StatusCode;
use std::sync::Arc;
use stoa_domain::access::{Denied, Grant, Permit};
use stoa_services::account::Caller;

/// The permit of whoever has sent a request, and how they stand. To whoever may not, there is nothing at the address.
///
/// # Errors
/// The answer to send instead.
pub(super) async fn permitted<G: Grant>(
    app: &AppState,
    request: &mut Request,
) -> Result<(Permit<G>, Standing), Box<Response>> {
    if !caller::shows_something(request.headers()) {
        return Err(Box::new(answer::not_found().await));
    }
    caller::recognise(app, request).await?;
    let standing = throttle::count_caller(app, request.extensions_mut()).await?;
    let actor = request.extensions().get::<Arc<Caller>>().and_then(|caller| caller.actor.as_ref());
    let services = app.services();
    let rules = &services.context().settings().accounts.staff_access;
    match actor.map(|actor| actor.permit(rules, services.now())) {
        Some(Ok(permit)) => Ok((permit, standing)),
        None | Some(Err(Denied::NotAllowed)) => Err(Box::new(answer::not_found().await)),
        Some(Err(Denied::StepUp)) => {
            let message = "This takes a recent proof of who you are: use staffStepUp, and ask again.";
            Err(Box::new(answer::error(StatusCode::FORBIDDEN, "STEP_UP_REQUIRED", message)))
        }
        Some(Err(Denied::EnrolTotp)) => {
            let message = "This shop wants a second factor of its staff.";
            Err(Box::new(answer::error(StatusCode::FORBIDDEN, "TOTP_ENROLLMENT_REQUIRED", message)))
        }
    }
}
