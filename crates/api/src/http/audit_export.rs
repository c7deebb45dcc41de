//! `GET /admin/audit.ndjson`: the audit log, taken out of the house.

use super::{acting, answer, request_id, state::AppState};
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, header};
use stoa_domain::access::grants::AuditExport;

/// Newline-delimited JSON has no registered media type; this is what everybody calls it.
const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");
const FILE: HeaderValue = HeaderValue::from_static("attachment; filename=\"audit.ndjson\"");

/// One JSON object a line, the oldest entry first; the last line holds the log's end, without which a copy is not whole. That the log was
/// taken out is an entry of it.
pub(super) async fn export(State(app): State<AppState>, mut request: Request) -> Response {
    let (by, standing) = match acting::permitted::<AuditExport>(&app, &mut request).await {
        Ok(permitted) => permitted,
        Err(refused) => return *refused,
    };
    let begun = match app.services().export_audit_log.begin(&by).await {
        Ok(begun) => begun,
        Err(fault) => {
            tracing::error!(error = %fault, "the audit log cannot be taken out");
            return answer::internal(request_id::of(request.headers()));
        }
    };
    let lines = stream::try_unfold(begun, |mut export| async move {
        match export.next().await {
            Ok(lines) => Ok(lines.map(|lines| (Bytes::from(lines), export))),
            Err(fault) => {
                // The answer breaks off: there is no last line that would say that this was all.
                tracing::error!(error = %fault, "the audit log was not taken out to its end");
                Err(fault)
            }
        }
    });
    let headers = [(header::CONTENT_TYPE, NDJSON), (header::CONTENT_DISPOSITION, FILE)];
    let mut response = answer::uncached((headers, Body::from_stream(lines)).into_response());
    standing.tell(response.headers_mut());
    response
}
