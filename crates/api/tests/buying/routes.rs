//! The routes around GraphQL.

use crate::shop::{Plan, Shop, bytes, read};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
    routing::get as get_route,
};
use serde_json::{Value, json};
use stoa_api::http::{AppSettings, Mounts};

async fn get(shop: &Shop, path: &str) -> Response<Body> {
    shop.send(Request::get(path).body(Body::empty()).unwrap()).await
}

fn post_json(path: &str, body: &Value) -> Request<Body> {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

#[tokio::test]
async fn one_schema_answers_under_every_version() {
    let shop = Shop::open().await;
    let query = json!({ "query": "{ shop { name } }" });
    for path in ["/graphql", "/api/2026-04/graphql.json", "/api/unstable/graphql.json"] {
        let answer = read(shop.send(post_json(path, &query)).await).await;
        assert_eq!(answer["data"]["shop"]["name"], "Test <Shop>", "{path}");
    }
    for path in
        ["/api/2026-13/graphql.json", "/api/latest/graphql.json", "/api/2026-04/rest.json", "/graphql/x"]
    {
        let response = shop.send(post_json(path, &query)).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(read(response).await["errors"][0]["extensions"]["code"], "NOT_FOUND");
    }
}

#[tokio::test]
async fn what_a_get_answers_is_kept_by_no_cache() {
    let shop = Shop::open().await;
    let answer = get(&shop, "/graphql?query={shop{name}}").await;
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(read(answer).await["data"]["shop"]["name"], "Test <Shop>");
    let mutation = get(&shop, "/graphql?query=mutation{cartCreate{cart{id}}}").await;
    assert_eq!(mutation.status(), StatusCode::METHOD_NOT_ALLOWED, "GET changes nothing");
}

#[tokio::test]
async fn a_body_that_is_no_graphql_request_has_a_defined_answer() {
    let shop = Shop::open().await;
    let too_long = format!("{{\"query\":\"{}\"}}", "x".repeat(10 << 20));
    for (body, status) in [("not JSON".to_owned(), 400), ("[1]".to_owned(), 400), (too_long, 413)] {
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        let response = shop.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(response.status(), status);
        assert!(read(response).await["errors"][0]["extensions"]["code"].is_string());
    }
    let unknown_field = shop.gql("{ shop { nmae } }", json!({})).await;
    assert_eq!(unknown_field["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert!(!unknown_field.to_string().contains("\"name\""), "no suggestions");
}

#[tokio::test]
async fn health_is_being_alive_and_readiness_is_being_able_to_serve() {
    let shop = Shop::open().await;
    assert_eq!(get(&shop, "/healthz").await.status(), StatusCode::OK);
    let ready = get(&shop, "/readyz").await;
    assert_eq!(ready.status(), StatusCode::OK);
    assert_eq!(ready.headers()[header::CACHE_CONTROL], "no-store");

    shop.app.begin_drain();
    let draining = get(&shop, "/readyz").await;
    assert_eq!(draining.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(read(draining).await["because"], "draining");
    assert_eq!(get(&shop, "/healthz").await.status(), StatusCode::OK, "alive, so that nobody kills it");
    let name = shop.ask("{ shop { name } }", json!({})).await;
    assert_eq!(name["name"], "Test <Shop>", "what comes all the same is served");
}

#[tokio::test]
async fn without_its_database_a_shop_is_alive_and_not_ready() {
    let shop = Shop::open().await;
    shop.db.clone().close().await.unwrap();
    let response = get(&shop, "/readyz").await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(read(response).await["because"], "database");
    assert_eq!(get(&shop, "/healthz").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_person_and_a_program_find_their_way() {
    let shop = Shop::open().await;
    let program = read(get(&shop, "/").await).await;
    assert_eq!(program["graphql"], "http://shop.test/graphql");
    assert_eq!(
        (&program["graphiql"], &program["pages"]),
        (&json!("http://shop.test/graphiql"), &Value::Null)
    );
    let request = Request::get("/").header(header::ACCEPT, "text/html,application/xhtml+xml");
    let person = shop.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(person.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
    let page = String::from_utf8(bytes(person).await).unwrap();
    assert!(page.contains("Test &lt;Shop&gt;") && page.contains("href=\"/graphiql\""), "{page}");
}

#[tokio::test]
async fn graphiql_is_served_with_its_policy_and_can_be_switched_off() {
    let shop = Shop::open().await;
    let page = get(&shop, "/graphiql").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.headers()[header::CONTENT_SECURITY_POLICY], stoa_graphiql::CSP);

    let file = get(&shop, "/graphiql/boot.js").await;
    assert_eq!(file.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    let etag = file.headers()[header::ETAG].clone();
    let again = Request::get("/graphiql/boot.js").header(header::IF_NONE_MATCH, etag);
    let again = shop.send(again.body(Body::empty()).unwrap()).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(bytes(again).await.is_empty());
    let zipped = Request::get("/graphiql/boot.js").header(header::ACCEPT_ENCODING, "gzip");
    let zipped = shop.send(zipped.body(Body::empty()).unwrap()).await;
    assert_eq!(zipped.headers()[header::CONTENT_ENCODING], "gzip");
    assert_eq!(bytes(zipped).await, stoa_graphiql::asset("boot.js").unwrap().gzip.unwrap());
    assert_eq!(get(&shop, "/graphiql/../Cargo.toml").await.status(), StatusCode::NOT_FOUND);

    let api = AppSettings { graphiql: false, ..AppSettings::default() };
    let shop = Shop::build(Plan { api, ..Plan::default() }).await;
    assert_eq!(get(&shop, "/graphiql").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(read(get(&shop, "/").await).await["graphiql"], Value::Null);
}

#[tokio::test]
async fn the_demo_s_pictures_are_drawn_and_cached() {
    let shop = Shop::open().await;
    let picture = get(&shop, "/media/demo/mug.svg").await;
    assert_eq!(picture.headers()[header::CONTENT_TYPE], "image/svg+xml");
    assert_eq!(picture.headers()[header::CACHE_CONTROL], "public, max-age=86400");
    let etag = picture.headers()[header::ETAG].clone();
    assert!(bytes(picture).await.starts_with(b"<svg"));
    let again = Request::get("/media/demo/mug.svg").header(header::IF_NONE_MATCH, etag);
    assert_eq!(shop.send(again.body(Body::empty()).unwrap()).await.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(get(&shop, "/media/demo/unheard-of.svg").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_page_of_another_origin_may_call_unless_it_is_named() {
    let preflight = |origin: &str| {
        Request::builder()
            .method(Method::OPTIONS)
            .uri("/graphql")
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type,x-shopify-storefront-access-token")
            .body(Body::empty())
            .unwrap()
    };
    let allowed = |headers: &HeaderMap| headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).cloned();
    let closed = Shop::open().await;
    assert_eq!(allowed(closed.send(preflight("https://front.example")).await.headers()), None);

    let api = AppSettings { cors_origins: vec!["https://front.example".into()], ..AppSettings::default() };
    let shop = Shop::build(Plan { api, ..Plan::default() }).await;
    let answer = shop.send(preflight("https://front.example")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(allowed(answer.headers()).unwrap(), "https://front.example");
    let headers = answer.headers()[header::ACCESS_CONTROL_ALLOW_HEADERS].to_str().unwrap();
    assert!(headers.contains("x-shopify-storefront-access-token"));
    assert_eq!(allowed(shop.send(preflight("https://evil.example")).await.headers()), None);
    let mut request = post_json("/graphql", &json!({ "query": "{ shop { name } }" }));
    request.headers_mut().insert(header::ORIGIN, "https://front.example".parse().unwrap());
    let answer = shop.send(request).await;
    assert_eq!(allowed(answer.headers()).unwrap(), "https://front.example");
    assert_eq!(
        answer.headers()[header::ACCESS_CONTROL_EXPOSE_HEADERS],
        "x-request-id,ratelimit,ratelimit-policy,retry-after"
    );
    assert_eq!(allowed(get(&shop, "/readyz").await.headers()), None, "only GraphQL is for other origins");
}

#[tokio::test]
async fn what_is_mounted_beside_the_api_passes_the_same_edge_and_tells_people_what_is_not_there() {
    let hello = || get_route(async || "hello");
    let mounts = Mounts {
        pages: Router::new()
            .route("/shop", hello())
            .fallback(async || (StatusCode::NOT_FOUND, "no such page")),
        programs: Router::new().route("/v1/{*path}", hello()),
    };
    let shop = Shop::build(Plan { mounts, ..Plan::default() }).await;
    for path in ["/shop", "/v1/refunds"] {
        let answer = get(&shop, path).await;
        assert!(answer.headers().contains_key("x-request-id"), "{path}");
        assert_eq!(bytes(answer).await, b"hello", "{path}");
    }
    assert_eq!(read(get(&shop, "/").await).await["pages"], "http://shop.test/shop");
    let browser =
        Request::get("/nowhere").header(header::ACCEPT, "text/html,*/*;q=0.8").body(Body::empty()).unwrap();
    let told = shop.send(browser).await;
    assert_eq!(told.status(), StatusCode::NOT_FOUND);
    assert_eq!(bytes(told).await, b"no such page");
    let program = get(&shop, "/nowhere").await;
    assert_eq!(program.status(), StatusCode::NOT_FOUND);
    assert_eq!(read(program).await["errors"][0]["extensions"]["code"], "NOT_FOUND");
}
