//! `GET /account`: all that is a customer's.

use super::{WORDING, addresses, identities, notice::NoteQuery};
use crate::{
    error::PageError,
    http::{Owner, path},
    order::Standing,
    price::{amount, date_and_time, machine_time},
    state::Web,
};
use axum::{
    extract::{Query, State},
    response::Response,
};
use minijinja::{Value, context};
use serde::Deserialize;
use stoa_domain::{
    access::SignedIn,
    account::Session,
    shared::{
        Money, Timestamp,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    db::ListError,
    order::{OrderSort, OrdersListing},
};
use stoa_services::{account::SessionHolder, order::OrderView};

/// Orders on a page.
const ORDERS: u32 = 10;
/// Sign-ins that are shown; whoever has more ends them all.
const SESSIONS: u32 = 50;

/// Which orders: what lies behind or before a position that another page gave.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OrdersQuery {
    after: Option<String>,
    before: Option<String>,
}

impl OrdersQuery {
    fn request(&self) -> Option<PageRequest> {
        let size = i32::try_from(ORDERS).ok()?;
        let (first, last) = if self.before.is_some() { (None, Some(size)) } else { (Some(size), None) };
        PageRequest::try_new(first, last, self.after.as_deref(), self.before.as_deref()).ok()
    }
}

/// `GET /account`
pub(crate) async fn show_account(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Query(query): Query<OrdersQuery>,
    Query(note): Query<NoteQuery>,
) -> Result<Response, PageError> {
    let services = web.services();
    let customer = services.read_customer.run(who).await?.ok_or(PageError::SignInFirst)?;
    let request = query.request().ok_or(PageError::Malformed)?;
    // The latest first.
    let listing = OrdersListing { sort: OrderSort::Number, reverse: true, ..OrdersListing::default() };
    let orders = services.read_customer.orders(who, listing, &request).await.map_err(of_list)?;
    let book = services.read_customer.address_book(&customer).await?;
    let of = SessionHolder::from(who);
    let sessions = services.sessions.list(of, &PageRequest::first(SESSIONS)).await.map_err(of_list)?;
    let theirs = services.identities.list(who).await?;
    let values = context! {
        notices => note.values(),
        name => customer.display_name(),
        email => customer.email.as_str(),
        phone => &customer.phone,
        orders => orders.nodes().map(order_value).collect::<Vec<_>>(),
        earlier => neighbour(&orders, orders.info.has_next, "after"),
        later => neighbour(&orders, orders.info.has_previous, "before"),
        addresses => addresses::values(&book),
        sessions => sessions.nodes().map(|session| session_value(session, who)).collect::<Vec<_>>(),
        identities => identities::values(&theirs),
        providers => identities::to_connect(&web),
        marketing => customer.accepts_marketing,
        wording => WORDING,
    };
    web.page("account.html", values)
}

pub(super) fn of_list(error: ListError) -> PageError {
    match error {
        ListError::Cursor(_) => PageError::Malformed,
        ListError::Fault(fault) => fault.into(),
    }
}

/// The address of the page before or behind this one, if there is one.
fn neighbour(page: &Page<OrderView>, exists: bool, side: &str) -> Option<String> {
    let edge = if side == "after" { page.rows.last() } else { page.rows.first() };
    let cursor = edge.filter(|_| exists)?.cursor.encode();
    Some(path(&["account"], &[(side, &cursor)]))
}

fn order_value(view: &OrderView) -> Value {
    let order = &view.order;
    context! {
        // Not by its token: whoever finds the browser open does not take along what opens the order for ever.
        url => path(&["account", "orders", &order.id.to_string()], &[]),
        name => order.name(),
        placed_at => moment(order.placed_at),
        total => amount(Money::new(order.figures.total, order.figures.currency)),
        standing => Standing::of(view).words(),
    }
}

fn session_value(session: &Session, asks: SignedIn) -> Value {
    context! {
        current => session.id == asks.session,
        end_url => path(&["account", "sessions", &session.id.to_string()], &[]),
        agent => &session.user_agent,
        network => &session.network,
        since => moment(session.created_at),
        used => moment(session.used_at),
    }
}

/// `{ text, machine }`.
fn moment(at: Timestamp) -> Value {
    context! { text => date_and_time(at), machine => machine_time(at) }
}
