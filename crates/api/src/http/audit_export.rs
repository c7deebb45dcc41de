//! `GET /admin/audit.ndjson`: the audit log, taken out of the house.

use super::{
    acting::{Door, LetIn, READING},
    answer, request_id,
};
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, Method, header};
use stoa_domain::access::grants::AuditExport;

/// Newline-delimited JSON has no registered media type; this is what everybody calls it.
const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");
const FILE: HeaderValue = HeaderValue::from_static("attachment; filename=\"audit.ndjson\"");

/// One JSON object a line, the oldest entry first; the last line holds the log's end, without which a copy is not whole. That the log was
/// taken out is an entry of it.
///
/// Before each part it is asked again whether whoever takes it out may: it breaks off where their sign-in or key ends.
pub(super) async fn export(State(door): State<Door>, request: Request) -> Response {
    let LetIn { by, standing, request } =
        match Box::pin(door.permitted::<AuditExport>(&READING, request)).await {
            Ok(let_in) => let_in,
            Err(refused) => return *refused,
        };
    let headers = [(header::CONTENT_TYPE, NDJSON), (header::CONTENT_DISPOSITION, FILE)];
    if request.method() == Method::HEAD {
        // Nothing is taken out.
        let mut response = answer::uncached(headers.into_response());
        standing.tell(response.headers_mut());
        return response;
    }
    let begun = match door.app.services().export_audit_log.begin(&by).await {
        Ok(begun) => begun,
        Err(fault) => {
            tracing::error!(error = %fault, "the audit log cannot be taken out");
            return answer::internal(request_id::of(request.headers()));
        }
    };
    let (parts, _) = request.into_parts();
    let lines = stream::try_unfold((begun, door, parts), |(mut export, door, parts)| async move {
        let part = async {
            door.still_permitted::<AuditExport>(&parts).await?;
            export.next().await
        };
        match part.await {
            Ok(lines) => Ok(lines.map(|lines| (Bytes::from(lines), (export, door, parts)))),
            Err(fault) => {
                // The answer breaks off: there is no last line that would say that this was all.
                tracing::error!(error = %fault, "the audit log was not taken out to its end");
                Err(fault)
            }
        }
    });
    let mut response = answer::uncached((headers, Body::from_stream(lines)).into_response());
    standing.tell(response.headers_mut());
    response
}
