//! `GET /cart`: the cart of the browser's cookie.

use super::{NoticeQuery, Notices, figure_values, line_values};
use crate::{
    error::PageError,
    http::{CartCookie, Visitor, forget_cart, path, with_cookie},
    price::{amount, machine_time, time_of_day},
    state::Web,
};
use axum::{
    extract::{Query, State},
    response::Response,
};
use http::StatusCode;
use minijinja::{Value, context};
use stoa_domain::cart::cart_limits as limits;
use stoa_domain::pricing::CodeOutcome;
use stoa_services::cart::{CartView, ViewCard};

/// `GET /cart`
pub(crate) async fn show_cart(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cookie): CartCookie,
    Query(query): Query<NoticeQuery>,
) -> Result<Response, PageError> {
    let notices = Notices::from(&query);
    let cart = match cookie {
        Some(id) => web.services().read_cart.run(&by.viewer, id).await?,
        None => None,
    };
    let page = render(&web, StatusCode::OK, cart.as_ref(), &notices, None)?;
    // A cart that is gone does not come back.
    Ok(if cart.is_none() && cookie.is_some() { with_cookie(page, &forget_cart()) } else { page })
}

/// The page; `note` is what was written where it could not be saved.
pub(super) fn render(
    web: &Web,
    status: StatusCode,
    cart: Option<&CartView>,
    notices: &Notices,
    note: Option<&str>,
) -> Result<Response, PageError> {
    let values = context! {
        notices => notices.values(cart),
        cart => cart.map(|cart| values(web, cart, note)),
    };
    web.page_as(status, "cart.html", values)
}

fn values(web: &Web, cart: &CartView, note: Option<&str>) -> Value {
    let now = web.services().now();
    let held = cart.held_until.map(|until| {
        context! {
            until => time_of_day(until),
            machine => machine_time(until),
            // Rounded up: a hold that ends in 30 seconds has not ended.
            minutes => ((until - now).num_seconds() + 59) / 60,
        }
    });
    let cards: Vec<_> = cart.cards().collect();
    context! {
        lines => line_values(cart),
        // Lines whose variant no longer exists cannot be shown, but they must be taken out.
        gone => cart.cart.lines.iter()
            .filter(|line| cart.lines.iter().all(|shown| shown.line.id != line.id))
            .map(|line| line.id.to_string())
            .collect::<Vec<_>>(),
        quantity => cart.cart.total_quantity(),
        most => limits::QUANTITY,
        note => note.or(cart.cart.note.as_deref()),
        note_length => limits::NOTE,
        ships => cart.ships(),
        figures => figure_values(&cart.priced, &cards),
        codes => cart.codes().iter().map(code_value).collect::<Vec<_>>(),
        cards => cards.iter().filter_map(card_value(cart)).collect::<Vec<_>>(),
        held => held,
        checkout_url => path(&["checkout", &cart.cart.id.to_string()], &[]),
    }
}

/// A code that was entered, and whether it takes anything off.
fn code_value(outcome: &CodeOutcome) -> Value {
    context! { text => &*outcome.code.text, counts => outcome.why.is_none() }
}

/// A gift card that pays; store credit is nobody's to take off here.
fn card_value(cart: &CartView) -> impl Fn(&ViewCard) -> Option<Value> {
    move |card| {
        let last = card.last?.to_string();
        let money = |minor| amount(cart.priced.money(minor));
        Some(
            context! { id => card.id.to_string(), last => last, balance => money(card.balance), usable => card.usable },
        )
    }
}
