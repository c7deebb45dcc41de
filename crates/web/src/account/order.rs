//! `GET /account/orders/{order}`: one of a customer's orders.

use crate::{
    error::PageError,
    http::Owner,
    order::{Standing, order_values},
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use minijinja::context;
use stoa_domain::shared::OrderId;

/// `GET /account/orders/{order}`. Somebody else's is not there. As in the API, a sign-in gives no key that outlives it: it is paid on
/// the page one came to when it was placed.
pub(crate) async fn show_own_order(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Path(order): Path<String>,
) -> Result<Response, PageError> {
    let id: OrderId = order.parse().map_err(|_| PageError::NotFound)?;
    let view = web.services().read_customer.order(who, id).await?.ok_or(PageError::NotFound)?;
    let order = context! { pay_url => (), ..order_values(&view, Standing::of(&view)) };
    let values = context! { order, looked_up => true, refresh => (), here => (), own => true };
    web.page("order.html", values)
}
