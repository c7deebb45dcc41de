//! The link in the mail that leads customers to everything that is known of them.

use super::{answer, state::AppState};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use stoa_services::customer::ArchiveError;

/// The link is the key to the file: whoever the browser goes to next is not told it.
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

/// `/account/archive/{token}`: on to the file, for a quarter of an hour.
pub(super) async fn open(State(app): State<AppState>, Path(token): Path<String>) -> Response {
    let mut response = match Box::pin(app.services().archive.fetch(&token)).await {
        Ok(address) => match HeaderValue::from_str(&address) {
            Ok(address) => (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response(),
            Err(error) => unavailable(&error),
        },
        Err(ArchiveError::Invalid) => {
            let message = "The link does not work, or no longer. Sign in and ask for another.";
            answer::error(StatusCode::NOT_FOUND, "NOT_FOUND", message)
        }
        Err(ArchiveError::Fault(fault)) => unavailable(&fault),
    };
    response.headers_mut().insert(header::REFERRER_POLICY, NO_REFERRER);
    answer::uncached(response)
}

fn unavailable(error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, "an archive cannot be given out");
    let message = "The file cannot be given out right now. Try again in a moment.";
    answer::error(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", message)
}
