//! Receiving the body: bounded in size and in time.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::{error_code::ErrorCode, limits::Limits, refusal::Refusal};

/// Reads a whole body.
///
/// # Errors
/// `PAYLOAD_TOO_LARGE`, `REQUEST_TIMEOUT`, or `BAD_REQUEST` if the connection broke.
pub(super) async fn read(body: Body, headers: &HeaderMap, limits: &Limits) -> Result<Bytes, Refusal> {
    let announced: Option<usize> =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes| bytes > limits.body_bytes) {
        return Err(too_large(limits));
    }
    let collect = Limited::new(body, limits.body_bytes).collect();
    match tokio::time::timeout(limits.timeout, collect).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large(limits)),
        Ok(Err(_)) => Err(Refusal::new(ErrorCode::BadRequest, "The body did not arrive in full.")),
        Err(_) => Err(Refusal::new(ErrorCode::RequestTimeout, "The body did not arrive in time.")),
    }
}

fn too_large(limits: &Limits) -> Refusal {
    let message = format!("The body has more than {} bytes.", limits.body_bytes);
    Refusal::new(ErrorCode::PayloadTooLarge, message)
}
