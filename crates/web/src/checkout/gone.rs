//! What is said when there is no such cart (any more).

use crate::{
    error::PageError,
    http::{forget_cart, path, see_other, with_cookie},
    state::Web,
};
use axum::response::Response;
use http::StatusCode;
use minijinja::context;
use stoa_domain::{access::Viewer, shared::CartId};

/// The order that the cart has become, if the viewer may see it, or else a page that says there is no such cart. A cookie that remembers this very
/// cart is dropped: the next thing put into a cart begins a new one.
pub(super) async fn gone(
    web: &Web,
    viewer: &Viewer,
    cart: CartId,
    cookie: Option<CartId>,
) -> Result<Response, PageError> {
    let page = match web.services().find_order.of_cart(viewer, cart).await? {
        Some(view) => see_other(&path(&["orders", &view.order.token], &[]))?,
        None => web.page_as(StatusCode::NOT_FOUND, "checkout_gone.html", context! { empty => false })?,
    };
    Ok(if cookie == Some(cart) { with_cookie(page, &forget_cart()) } else { page })
}

/// The page of a cart that has nothing in it.
pub(super) fn empty(web: &Web) -> Result<Response, PageError> {
    web.page_as(StatusCode::UNPROCESSABLE_ENTITY, "checkout_gone.html", context! { empty => true })
}
