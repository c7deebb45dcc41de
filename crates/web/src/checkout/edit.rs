//! `POST /checkout/{cart}/edit`: makes the cart of a checkout the browser's own, and shows it.

use super::gone::gone;
use crate::{
    error::PageError,
    http::{CartCookie, Visitor, path, remember_cart, see_other, with_cookie},
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use stoa_domain::shared::CartId;

/// `POST /checkout/{cart}/edit`
pub(crate) async fn edit_cart(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cookie): CartCookie,
    Path(cart): Path<String>,
) -> Result<Response, PageError> {
    let id: CartId = cart.parse().map_err(|_| PageError::NotFound)?;
    if web.services().read_cart.run(&by.viewer, id).await?.is_none() {
        return gone(&web, &by.viewer, id, cookie).await;
    }
    let response = see_other(&path(&["cart"], &[]))?;
    Ok(with_cookie(response, &remember_cart(&web, id)))
}
