//! Addresses of staff beside GraphQL, to those who may not: as if nothing were there.

use crate::{
    office::{Hand, Office},
    shop::{Plan, bytes},
};
use axum::body::Body;
use http::{HeaderName, Method, Request, header};
use std::num::NonZeroU32;

const NOTHING: &str = "/admin/nothing";
const HIDDEN: [&str; 6] = [
    "/admin/audit.ndjson",
    "/admin/mail/new_sign_in",
    "/admin/mail/no_such_mail",
    "/admin/mail/%FF",
    "/admin/promotions/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f/codes.csv",
    "/admin/promotions/%FF/codes.csv?batch=%FF",
];

/// All that an answer says, but for what no two answers have in common.
async fn told(office: &Office, method: &Method, address: &str, headers: &[(&str, String)]) -> String {
    let mut request = Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response = office.shop.send(request.body(Body::empty()).unwrap()).await;
    let counted = HeaderName::from_static("ratelimit");
    let mut said: Vec<String> = Vec::new();
    for (name, value) in response.headers() {
        let value = if *name == counted || name == "x-request-id" { "…" } else { value.to_str().unwrap() };
        said.push(format!("{name}: {value}"));
    }
    said.sort();
    let status = response.status();
    format!("{status} {said:?} {}", String::from_utf8_lossy(&bytes(response).await))
}

fn bearer(token: &str) -> (&'static str, String) {
    (header::AUTHORIZATION.as_str(), format!("Bearer {token}"))
}

#[tokio::test]
async fn nothing_tells_them_from_where_nothing_is() {
    let mut plan = Plan::default();
    plan.api.requests_per_minute = NonZeroU32::new(10_000);
    plan.api.key_requests_per_minute = NonZeroU32::new(10_000);
    let office = Office::build(plan).await;
    let owner = office.proven_owner().await;
    let (other, _): (Hand, _) = office.key(&owner, &["products:read"]).await;
    let cookie = ("cookie", "__Host-stoa_session=x".to_owned());
    let shown = [
        vec![],
        vec![bearer("nothing")],
        vec![bearer(&other.token)],
        vec![cookie.clone(), ("sec-fetch-site", "cross-site".to_owned())],
        vec![cookie, ("sec-fetch-site", "same-origin".to_owned())],
        vec![("accept", "text/html".to_owned())],
        vec![bearer("nothing"), ("accept-encoding", "gzip".to_owned())],
    ];
    for headers in &shown {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::DELETE, Method::OPTIONS] {
            let nothing = told(&office, &method, NOTHING, headers).await;
            for address in HIDDEN {
                assert_eq!(
                    told(&office, &method, address, headers).await,
                    nothing,
                    "{method} {address} {headers:?}"
                );
            }
        }
    }
    // By another method there is nothing for whoever may, either.
    let owners = [bearer(&owner.token)];
    let nothing = told(&office, &Method::POST, NOTHING, &owners).await;
    assert_eq!(told(&office, &Method::POST, HIDDEN[0], &owners).await, nothing);
}
