//! `/`: where a person or a program finds its way.

use super::{graphiql, state::AppState};
use axum::{
    Json,
    extract::State,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};
use serde_json::json;

/// Only its own inline style, and nothing else.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");

/// Where the pages that are mounted beside the API begin.
const PAGES: &str = "/shop";

/// What there is to find.
#[derive(Clone)]
pub(super) struct Signpost {
    pub(super) app: AppState,
    /// Whether pages are mounted beside the API.
    pub(super) pages: bool,
}

/// A page for browsers, the same as JSON for everything else.
pub(super) async fn landing(State(signpost): State<Signpost>, headers: HeaderMap) -> Response {
    let mut response = if wants_a_page(&headers) { page(&signpost) } else { json(&signpost) };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// Whether the answer is for a person: browsers name HTML among what they accept, programs do not.
pub(super) fn wants_a_page(headers: &HeaderMap) -> bool {
    let mut accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepts.any(|value| value.contains("text/html"))
}

fn json(Signpost { app, pages }: &Signpost) -> Response {
    let settings = app.services().context().settings();
    Json(json!({
        "shop": settings.shop_name,
        "pages": pages.then(|| settings.link(PAGES)),
        "graphql": settings.link("/graphql"),
        "graphiql": app.settings().graphiql.then(|| settings.link(graphiql::BASE)),
        "health": settings.link("/readyz"),
    }))
    .into_response()
}

fn page(Signpost { app, pages }: &Signpost) -> Response {
    let shop = escape(&app.services().context().settings().shop_name);
    let pages = match pages {
        true => format!("<li><a href=\"{PAGES}\">The shop</a>, in your browser.</li>\n"),
        false => String::new(),
    };
    let graphiql = match app.settings().graphiql {
        true => format!(
            "<li><a href=\"{}\">GraphiQL</a>: try the API here; its first tab buys something.</li>\n",
            graphiql::BASE
        ),
        false => String::new(),
    };
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{shop}</title>\n\
         <style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}}</style>\n\
         </head>\n<body>\n<h1>{shop}</h1>\n<p>A shop that is spoken to in GraphQL.</p>\n<ul>\n{pages}{graphiql}\
         <li><code>/graphql</code>: the endpoint for programs (POST, <code>application/json</code>).</li>\n\
         <li><a href=\"/readyz\">/readyz</a>: whether the shop can serve.</li>\n</ul>\n</body>\n</html>\n"
    );
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
