//! `GET /admin/promotions/{id}/codes.csv`: the codes of a promotion, taken out of the house.

use super::{
    acting::{Door, LetIn, READING},
    answer, request_id,
};
use crate::graphql::scalars::gid;
use axum::{
    body::Body,
    extract::{Path, Request, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, Method, StatusCode, header};
use stoa_domain::{
    access::grants::PromotionsRead,
    shared::{CodeBatchId, PromotionId},
};
use stoa_persistence::promotion::CodesListing;
use stoa_services::admin::CodesError;

const CSV: HeaderValue = HeaderValue::from_static("text/csv; charset=utf-8");
const FILE: HeaderValue = HeaderValue::from_static("attachment; filename=\"codes.csv\"");

/// Comma-separated values, a code a line behind one that names the columns. Promotion and batch are named by their global ids, with their
/// slashes escaped, or by the UUIDs in them. That codes were taken out is an entry of the audit log.
///
/// Before each part it is asked again whether whoever takes them out may: it breaks off where their sign-in or key ends.
pub(super) async fn export(
    State(door): State<Door>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let LetIn { by, standing, request } =
        match Box::pin(door.permitted::<PromotionsRead>(&READING, request)).await {
            Ok(let_in) => let_in,
            Err(refused) => return *refused,
        };
    let wanted = id.ok().and_then(|Path(id)| listing(&id, request.uri().query().unwrap_or_default()));
    let Some(wanted) = wanted else { return no_codes() };
    let headers = [(header::CONTENT_TYPE, CSV), (header::CONTENT_DISPOSITION, FILE)];
    if request.method() == Method::HEAD {
        // Nothing is taken out.
        let mut response = answer::uncached(headers.into_response());
        standing.tell(response.headers_mut());
        return response;
    }
    let begun = match door.app.services().admin.promotion_codes.export(&by, wanted).await {
        Ok(begun) => begun,
        Err(CodesError::NotFound | CodesError::NoBatch) => return no_codes(),
        Err(error) => {
            tracing::error!(%error, "codes cannot be taken out");
            return answer::internal(request_id::of(request.headers()));
        }
    };
    let (parts, _) = request.into_parts();
    let lines = stream::try_unfold((begun, door, parts), |(mut export, door, parts)| async move {
        let part = async {
            door.still_permitted::<PromotionsRead>(&parts).await?;
            export.next().await
        };
        match part.await {
            Ok(lines) => Ok(lines.map(|lines| (Bytes::from(lines), (export, door, parts)))),
            Err(fault) => {
                tracing::error!(error = %fault, "codes were not taken out to their end");
                Err(fault)
            }
        }
    });
    let mut response = answer::uncached((headers, Body::from_stream(lines)).into_response());
    standing.tell(response.headers_mut());
    response
}

/// To whoever may see codes, where none are.
fn no_codes() -> Response {
    answer::uncached(answer::error(StatusCode::NOT_FOUND, "NOT_FOUND", "There are no such codes."))
}

/// What is asked for; `None`: nothing of ours.
fn listing(promotion: &str, query: &str) -> Option<CodesListing> {
    let promotion = gid::decode::<PromotionId>(promotion).ok()??;
    let batch = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "batch");
    let batch = match batch {
        None => None,
        Some((_, batch)) => Some(gid::decode::<CodeBatchId>(&batch).ok()??),
    };
    Some(CodesListing { promotion, batch, beginning: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promotion_is_named_by_its_global_id_or_its_uuid() {
        let uuid = "0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";
        let named = listing(&format!("gid://stoa/Promotion/{uuid}"), "").unwrap();
        assert_eq!(listing(uuid, "other=1"), Some(named.clone()));
        let batch = listing(uuid, &format!("batch=gid%3A%2F%2Fstoa%2FPromotionCodeBatch%2F{uuid}")).unwrap();
        assert_eq!((batch.promotion, batch.batch.is_some()), (named.promotion, true));
        for (promotion, query) in
            [("x", ""), ("gid://stoa/Product/1", ""), (uuid, "batch="), (uuid, "batch=x")]
        {
            assert_eq!(listing(promotion, query), None, "{promotion} {query}");
        }
    }
}
