//! Which route goes where, and through what.

use super::{
    answer, compression, cors,
    deadline::deadline,
    edge::edge,
    graphiql, graphql, health,
    landing::{self, Signpost},
    media,
    state::AppState,
    webhooks,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn_with_state,
    routing::{any, get, post},
};
use http::StatusCode;
use tower_http::csrf::{CsrfLayer, ProtectionError};

/// Bytes of a form. GraphQL and webhooks have limits of their own.
const FORM: usize = 256 * 1024;

/// What others serve beside the API, through the same edge.
///
/// Taken by the API: `/`, `/graphql`, `/api/{version}/graphql.json`, `/graphiql`, `/webhooks/stripe`, `/healthz`, `/readyz`,
/// `/media/demo/{name}`.
#[derive(Default)]
pub struct Mounts {
    /// Pages for people: their forms are protected against being sent from other sites, and compressed.
    pub pages: Router,
    /// Interfaces for programs that prove themselves by key or signature, such as the sandbox's `/v1`: no protection
    /// against forged forms, no deadline, no compression.
    pub programs: Router,
}

/// The routes of the API alone.
pub fn router(app: AppState) -> Router {
    router_with(app, Mounts::default())
}

/// The routes of the API and of what is mounted beside it.
pub fn router_with(app: AppState, mounts: Mounts) -> Router {
    let timeout = app.settings().timeout;
    let signpost = Signpost { app: app.clone(), pages: mounts.pages.has_routes() };
    let pages = Router::new()
        .route("/", get(landing::landing).with_state(signpost))
        .merge(graphiql_routes(&app))
        .merge(mounts.pages)
        .layer(compression::layer())
        .layer(CsrfLayer::new().with_rejection_response(|error| forged(&error)))
        .layer(DefaultBodyLimit::max(FORM));
    let others = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/webhooks/stripe", post(webhooks::stripe))
        .route("/media/demo/{name}", get(media::demo_picture));
    Router::new()
        .merge(pages)
        .merge(others.with_state(app.clone()))
        .layer(from_fn_with_state(timeout, deadline))
        .merge(graphql_routes(&app))
        .merge(mounts.programs)
        .fallback(answer::not_found)
        .method_not_allowed_fallback(answer::method_not_allowed)
        .layer(from_fn_with_state(app, edge))
}

fn graphql_routes(app: &AppState) -> Router {
    let routes = Router::new()
        .route("/graphql", any(graphql::serve))
        .route("/api/{version}/graphql.json", any(graphql::serve_version))
        .layer(compression::layer())
        .with_state(app.clone());
    match cors::layer(app.settings()) {
        Some(cors) => routes.layer(cors),
        None => routes,
    }
}

fn graphiql_routes(app: &AppState) -> Router {
    if !app.settings().graphiql {
        return Router::new();
    }
    Router::new().route(graphiql::BASE, get(graphiql::page)).route("/graphiql/{*path}", get(graphiql::file))
}

/// A form that another site has sent in its visitor's name.
fn forged(error: &ProtectionError) -> axum::response::Response {
    tracing::warn!(%error, "a form of another origin was refused");
    let message = "This form was sent from another site. Open the page here and send it again.";
    answer::error(StatusCode::FORBIDDEN, "CROSS_ORIGIN_REQUEST", message)
}
