//! `GET /orders/{token}`: thank you, or what is missing.
//!
//! A buyer who comes back from paying may be here before the gateway's webhook, so the gateway is asked once; while the
//! money is still on its way the page looks again by itself, a few times.

use super::{standing::Standing, view::values};
use crate::{error::PageError, http::path, state::Web};
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use minijinja::context;
use serde::Deserialize;
use std::time::Duration;
use stoa_domain::shared::OrderId;
use stoa_persistence::order::OrderLookup;
use stoa_services::order::OrderView;
use tracing::Instrument;

/// How often the page looks again by itself.
const LOOKS: u8 = 10;
/// Seconds between two looks.
const LOOK_EVERY: u8 = 3;

/// How long a buyer waits for the gateway before the page shows what is known.
const PATIENCE: Duration = Duration::from_secs(3);

/// How often it has looked.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct LookQuery {
    #[serde(default)]
    look: String,
}

/// `GET /orders/{token}`
pub(crate) async fn show_order(
    State(web): State<Web>,
    Path(token): Path<String>,
    Query(query): Query<LookQuery>,
) -> Result<Response, PageError> {
    let mut view = find(&web, &token).await?;
    if may_have_moved(&view) {
        ask_gateway(&web, view.order.id).await;
        view = find(&web, &token).await?;
    }
    let standing = Standing::of(&view);
    let looked: u8 = query.look.parse().unwrap_or(0);
    let refresh = (standing == Standing::Processing && looked < LOOKS).then(|| {
        let next = (looked + 1).to_string();
        context! { seconds => LOOK_EVERY, url => path(&["orders", &view.order.token], &[("look", &next)]) }
    });
    let here = path(&["orders", &view.order.token], &[]);
    let order = values(&view, standing);
    web.page("order.html", context! { order, looked_up => false, refresh, here, own => false })
}

/// Asks the gateway how the payment stands. What it says is applied even if it takes longer than the buyer should wait; what is
/// known is shown, and the webhook will tell the rest.
async fn ask_gateway(web: &Web, order: OrderId) {
    let services = web.clone();
    let asking = async move {
        if let Err(fault) = services.services().sync_payment.run(order).await {
            tracing::warn!(error = %fault, order.id = %order, "the gateway was not asked");
        }
    };
    let asking = tokio::spawn(asking.in_current_span());
    if tokio::time::timeout(PATIENCE, asking).await.is_err() {
        tracing::info!(order.id = %order, "the gateway takes its time");
    }
}

/// The order, by its token. Unknown and malformed tokens look the same.
pub(super) async fn find(web: &Web, token: &str) -> Result<OrderView, PageError> {
    /// Ours have 43 letters; nothing longer is worth asking the database for.
    const LONGEST: usize = 100;
    if token.len() > LONGEST {
        return Err(PageError::NotFound);
    }
    let lookup = OrderLookup::Token(token.to_owned());
    web.services().find_order.run(&lookup, None).await?.ok_or(PageError::NotFound)
}

/// Whether the gateway may know more than we do.
fn may_have_moved(view: &OrderView) -> bool {
    !matches!(Standing::of(view), Standing::Paid | Standing::Refunded | Standing::PartlyRefunded)
        && view.payment.as_ref().is_some_and(|payment| !payment.state.is_final())
}
