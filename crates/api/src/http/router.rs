//! Which route goes where, and through what.

use super::{
    acting::Door,
    answer, archive, audit_export, codes_export, compression, cors,
    deadline::deadline,
    edge::edge,
    graphiql, graphql, health, jwks,
    landing::{self, Signpost},
    mail_preview, media, media_upload, oidc,
    state::AppState,
    throttle::throttled,
    unknown::Unknown,
    webhooks,
};
use axum::{
    Router,
    extract::Request,
    middleware::from_fn_with_state,
    routing::{any, get, post},
};

/// What others serve beside the API, through the same edge.
///
/// Taken by the API: `/`, `/graphql`, `/api/{version}/graphql.json`, `/graphiql`, `/webhooks/stripe`, `/healthz`, `/readyz`,
/// `/media/demo/{name}`, `/.well-known/jwks.json`, `/account/archive/{token}`, `/auth/oidc/{provider}`, `/auth/oidc/{provider}/callback`,
/// `/admin/audit.ndjson`, `/admin/mail/{kind}`, `/admin/media`.
#[derive(Default)]
pub struct Mounts {
    /// Pages for people: compressed, and with a deadline. Their fallback tells browsers what is not there. They guard their
    /// forms themselves, against other sites and endless bodies, because they know how to say so on a page.
    pub pages: Router,
    /// Interfaces for programs that prove themselves by key or signature, such as the sandbox's `/v1`: with no deadline and no
    /// compression.
    pub programs: Router,
}

/// The routes of the API alone.
pub fn router(app: AppState) -> Router {
    router_with(app, Mounts::default())
}

/// The routes of the API and of what is mounted beside it.
pub fn router_with(app: AppState, mounts: Mounts) -> Router {
    let timeout = app.settings().timeout;
    let unknown = Unknown { pages: mounts.pages.has_routes().then(|| mounts.pages.clone()) };
    let signpost = Signpost { app: app.clone(), pages: unknown.pages.is_some() };
    let door = Door { app: app.clone(), unknown: unknown.clone() };
    let pages = Router::new()
        .route("/", get(landing::landing).with_state(signpost))
        .route("/.well-known/jwks.json", get(jwks::keys).with_state(app.clone()))
        .route("/account/archive/{token}", get(archive::open).with_state(app.clone()))
        .merge(oidc_routes(&app))
        .merge(admin_routes(door.clone()))
        .merge(graphiql_routes(&app))
        .merge(mounts.pages)
        // Here and not around all, so that it is compressed, counted and bounded in time like what stands beside it: what some are told
        // is not there must look like this.
        .fallback(move |request: Request| {
            let unknown = unknown.clone();
            async move { unknown.answer(request).await }
        })
        .layer(compression::layer());
    let others = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/webhooks/stripe", post(webhooks::stripe))
        .route("/media/demo/{name}", get(media::demo_picture));
    Router::new()
        .merge(throttled(pages, &app))
        .merge(others.with_state(app.clone()))
        .layer(from_fn_with_state(timeout, deadline))
        .merge(graphql_routes(&app))
        .merge(upload_routes(door))
        .merge(mounts.programs)
        .method_not_allowed_fallback(answer::method_not_allowed)
        .layer(from_fn_with_state(app, edge))
}

fn graphql_routes(app: &AppState) -> Router {
    let routes = Router::new()
        .route("/graphql", any(graphql::serve))
        .route("/api/{version}/graphql.json", any(graphql::serve_version))
        .layer(compression::layer())
        .with_state(app.clone());
    across_origins(throttled(routes, app), app)
}

/// Files that staff bring. How long they may take is known to whoever reads them.
fn upload_routes(door: Door) -> Router {
    let app = door.app.clone();
    let routes = Router::new().route("/admin/media", any(media_upload::upload)).with_state(door);
    across_origins(throttled(routes, &app), &app)
}

/// Around the limit, so that pages of other origins can read its answer, and what browsers ask beforehand is not counted.
fn across_origins(routes: Router, app: &AppState) -> Router {
    match cors::layer(app.settings()) {
        Some(cors) => routes.layer(cors),
        None => routes,
    }
}

/// The way to the providers that people can sign in with, and back.
fn oidc_routes(app: &AppState) -> Router {
    Router::new()
        .route("/auth/oidc/{provider}", get(oidc::begin))
        .route("/auth/oidc/{provider}/callback", get(oidc::finish).post(oidc::finish))
        .with_state(app.clone())
}

/// What staff and keys ask for beside GraphQL.
fn admin_routes(door: Door) -> Router {
    Router::new()
        .route("/admin/audit.ndjson", any(audit_export::export))
        .route("/admin/mail/{kind}", any(mail_preview::preview))
        .route("/admin/promotions/{id}/codes.csv", any(codes_export::export))
        .with_state(door)
}

fn graphiql_routes(app: &AppState) -> Router {
    if !app.settings().graphiql {
        return Router::new();
    }
    Router::new().route(graphiql::BASE, get(graphiql::page)).route("/graphiql/{*path}", get(graphiql::file))
}
