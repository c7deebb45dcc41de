//! Which page is where, and what every request goes through.

use crate::{
    WebSettings, account, assets, cart, catalog, checkout, error,
    http::{Policies, personal, secure},
    order, staff,
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
        .merge(doors())
        .merge(own_account())
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
        .route("/cart/codes", post(cart::change_codes))
        .route("/cart/gift-cards", post(cart::change_cards))
        .route("/cart/{items}", get(cart::follow_link))
        .route("/checkout/{cart}", get(checkout::show_checkout).post(checkout::place_order))
        .route("/checkout/{cart}/edit", post(checkout::edit_cart))
        .route("/orders", get(order::show_lookup).post(order::find_order))
        .route("/orders/{token}", get(order::show_order))
        .route("/orders/{token}/pay", get(order::pay_order))
        .layer(from_fn(personal))
}

/// Where accounts begin, are entered, and entered again.
fn doors() -> Router<Web> {
    Router::new()
        .route("/account/sign-in", get(account::show_sign_in).post(account::sign_in))
        .route("/account/sign-out", post(account::sign_out))
        .route("/account/register", get(account::show_register).post(account::register))
        .route("/account/activate/{token}", get(account::show_activate))
        .route("/account/activate", post(account::activate))
        .route("/account/recover", get(account::show_recover).post(account::recover))
        .route("/account/mailed", get(account::show_mailed))
        .route("/account/reset/{token}", get(account::show_reset))
        .route("/account/reset", post(account::reset))
        .route("/account/signed-in", get(account::show_signed_in))
        .route("/account/link/{token}", get(account::show_confirm_link))
        .route("/account/link", post(account::confirm_link))
        .route("/account/email/{token}", get(account::show_confirm_email))
        .route("/account/email/confirm", post(account::confirm_email))
        .route("/staff/accept/{token}", get(staff::show_accept))
        .route("/staff/accept", post(staff::accept))
        .route("/staff/recover", get(staff::show_recover).post(staff::recover))
        .route("/staff/mailed", get(account::show_mailed))
        .route("/staff/reset/{token}", get(staff::show_reset))
        .route("/staff/reset", post(staff::reset))
        .layer(from_fn(personal))
}

/// What is in a customer's own hands.
fn own_account() -> Router<Web> {
    let address = get(account::show_address).post(account::change_address);
    Router::new()
        .route("/account", get(account::show_account))
        .route("/account/orders/{order}", get(account::show_own_order))
        .route("/account/addresses/new", get(account::show_new_address).post(account::create_address))
        .route("/account/addresses/{address}", address)
        .route("/account/addresses/{address}/delete", post(account::delete_address))
        .route("/account/addresses/{address}/default", post(account::make_default))
        .route("/account/details", get(account::show_details).post(account::change_details))
        .route("/account/email", get(account::show_change_email).post(account::change_email))
        .route("/account/password", get(account::show_change_password).post(account::change_password))
        .route("/account/connect/{provider}", get(account::show_connect).post(account::connect))
        .route("/account/identities/{linked}", get(account::show_disconnect).post(account::disconnect))
        .route("/account/sessions/{session}", post(account::end_session))
        .route("/account/sign-out-everywhere", post(account::sign_out_everywhere))
        .route("/account/consent", post(account::save_consent))
        .route("/account/archive", post(account::ask_for_archive))
        .route("/account/erase", get(account::show_erase).post(account::erase))
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
