//! Where GraphQL is served: at `/graphql`, and where clients of the Storefront API expect it.

use super::{
    answer,
    caller::{self, Afterwards},
    cookies,
    state::AppState,
    throttle::{self, Standing},
};
use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use http::{HeaderValue, Method, StatusCode, header};
use stoa_domain::shared::Fault;
use tokio::time::{Instant, timeout_at};

/// `/graphql`.
pub(super) async fn serve(State(app): State<AppState>, mut request: Request) -> Response {
    let cacheable = request.method() != Method::POST;
    let deadline = Instant::now() + app.gql().limits().timeout;
    let (mut afterwards, mut standing) = (Afterwards::Nothing, Standing::default());
    // In the handler and not in a layer of its own, which would cost every request an allocation.
    if caller::shows_something(request.headers()) {
        afterwards = match timeout_at(deadline, Box::pin(caller::recognise(&app, &mut request))).await {
            Ok(Ok(afterwards)) => afterwards,
            Ok(Err(refused)) => return *refused,
            Err(_) => {
                return caller::unavailable(&Fault::unavailable("caller.recognise", "it took too long"));
            }
        };
        standing = match Box::pin(throttle::count_caller(&app, request.extensions_mut())).await {
            Ok(standing) => standing,
            Err(refused) => return *refused,
        };
    }
    let Some(gql) = app.gql_of(request.extensions()).await else { return schema_missing() };
    let mut response = gql.serve_until(request, deadline).await;
    standing.tell(response.headers_mut());
    if afterwards == Afterwards::ForgetCookie && !response.headers().contains_key(header::SET_COOKIE) {
        let cookie = HeaderValue::from_str(&cookies::clear(cookies::SESSION));
        response.headers_mut().extend(cookie.ok().map(|cookie| (header::SET_COOKIE, cookie)));
    }
    if cacheable {
        // What a GET answers may be somebody's cart or order: no cache on the way keeps it.
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// The schema of whoever acts for the shop could not be built, which is logged where that was tried.
fn schema_missing() -> Response {
    let message = "The shop cannot answer right now. Try again in a moment.";
    answer::error(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", message)
}

/// `/api/{version}/graphql.json`: one schema answers for every version.
pub(super) async fn serve_version(
    State(app): State<AppState>,
    Path(version): Path<String>,
    request: Request,
) -> Response {
    if is_version(&version) {
        return serve(State(app), request).await;
    }
    let message = "There is no such API version: use one like 2026-04, or unstable.";
    answer::error(StatusCode::NOT_FOUND, "NOT_FOUND", message)
}

/// Whether a text names a version: `20YY-MM`, or `unstable`.
fn is_version(text: &str) -> bool {
    match text.as_bytes() {
        b"unstable" => true,
        [b'2', b'0', y1, y2, b'-', m1, m2] => {
            let month = m1.wrapping_sub(b'0').saturating_mul(10).saturating_add(m2.wrapping_sub(b'0'));
            [y1, y2, m1, m2].iter().all(|digit| digit.is_ascii_digit()) && (1..=12).contains(&month)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_a_month_of_this_century_or_unstable() {
        for version in ["2026-04", "2019-12", "2099-01", "unstable"] {
            assert!(is_version(version), "{version}");
        }
        for nonsense in
            ["", "2026-00", "2026-13", "1999-01", "2026-4", "2026-04-01", "latest", "20a6-04", "2026/04"]
        {
            assert!(!is_version(nonsense), "{nonsense}");
        }
    }
}
