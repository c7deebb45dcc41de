//! Which page is where, and what every request goes through.

use crate::{
    WebSettings, assets, cart, catalog, checkout, error,
    http::{Policies, personal, secure},
    order,
    state::Web,
};
use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use std::sync::Arc;
use stoa_services::Services;
use tower_http::csrf::CsrfLayer;

/// The most a form may hold: a note of 5,000 characters takes 60 KiB where each is an emoji, and there is little else.
const FORM_LIMIT: usize = 96 * 1024;

/// All pages. The router answers what nobody else serves with a page that says so; merge it with routers that have no
/// fallback of their own.
pub fn router(services: Arc<Services>, settings: WebSettings) -> Router {
    let web = Web::new(services, settings);
    let policies = Policies::new(&web);
    Router::new()
        .merge(catalogue())
        .merge(purchase())
        .route("/web/shop.css", get(assets::stylesheet))
        .route("/web/icon.svg", get(assets::icon))
        .route("/web/pay.js", get(assets::pay_script))
        .fallback(error::not_found)
        // From here on outwards: what is inside is done later.
        .layer(Extension(Arc::clone(&policies)))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(own_forms(&web))
        .layer(from_fn_with_state(web.clone(), error::dress))
        .layer(from_fn_with_state(policies, secure))
        .with_state(web)
}

fn catalogue() -> Router<Web> {
    Router::new()
        .route("/shop", get(catalog::show_shop))
        .route("/products/{handle}", get(catalog::show_product))
}

fn purchase() -> Router<Web> {
    Router::new()
        .route("/cart", get(cart::show_cart))
        .route("/cart/lines", post(cart::add_line))
        .route("/cart/lines/{line}", post(cart::change_line))
        .route("/cart/note", post(cart::set_note))
        .route("/cart/{items}", get(cart::follow_link))
        .route("/checkout/{cart}", get(checkout::show_checkout).post(checkout::place_order))
        .route("/checkout/{cart}/edit", post(checkout::edit_cart))
        .route("/orders", get(order::show_lookup).post(order::find_order))
        .route("/orders/{token}", get(order::show_order))
        .route("/orders/{token}/pay", get(order::pay_order))
        .layer(from_fn(personal))
}

/// Believes posted forms that come from our own pages: by `Sec-Fetch-Site`, or by `Origin` where a browser does not send
/// that.
fn own_forms(web: &Web) -> CsrfLayer {
    let own = web.shop().public_url.origin().ascii_serialization();
    let layer = CsrfLayer::new();
    // A proxy may rewrite `Host`, which the layer compares with otherwise.
    layer.clone().add_trusted_origin(own).unwrap_or(layer)
}
