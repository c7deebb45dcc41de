//! `GET /orders/{token}/pay`: where an order is paid.
//!
//! With the sandbox that is the sandbox's own page. With Stripe it is ours, on which Stripe's script puts its form: card
//! numbers never reach us.

use super::{standing::Standing, status::find};
use crate::{
    assets,
    error::PageError,
    http::{Policies, path, see_other, with_policy},
    price::{amount, machine_time, time_of_day},
    state::Web,
};
use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use minijinja::context;
use std::sync::Arc;
use stoa_domain::shared::{Fault, Money};
use stoa_services::checkout::SessionError;

/// `GET /orders/{token}/pay`
pub(crate) async fn pay_order(
    State(web): State<Web>,
    Extension(policies): Extension<Arc<Policies>>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let view = find(&web, &token).await?;
    let status = path(&["orders", &view.order.token], &[]);
    let session = web.services().find_order.payment_session(&view).await.map_err(|error| match error {
        SessionError::Gateway(error) => Fault::unavailable("web.pay", error),
        SessionError::Fault(fault) => fault,
    })?;
    let Some(session) = session else { return Ok(see_other(&status)?) };
    if let Some(page) = &session.payment_url {
        return Ok(see_other(page)?);
    }
    let standing = Standing::of(&view);
    let figures = &view.order.figures;
    let values = context! {
        name => view.order.name(),
        amount => amount(Money::new(figures.total, figures.currency)),
        until => standing.until().map(|at| context! { text => time_of_day(at), machine => machine_time(at) }),
        status_url => &status,
        publishable_key => session.publishable_key,
        client_secret => session.client_secret,
        // Stripe wants the whole address to come back to.
        return_url => web.shop().link(&status),
        stripe_js => &web.settings().stripe_js,
        pay_js => assets::PAY_SCRIPT_URL.as_str(),
    };
    Ok(with_policy(web.page("pay.html", values)?, policies.payment.clone()))
}
