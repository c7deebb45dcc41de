//! `GET /checkout/{cart}`, and the same page again when something was wrong.

use super::{
    form::{CheckoutForm, delivery_field},
    gone::{empty, gone},
    quote::Quote,
};
use crate::{
    cart::{NoticeQuery, Notices, line_values},
    countries,
    error::PageError,
    forms::FieldErrors,
    http::{CartCookie, Visitor, path},
    price::amount,
    state::Web,
};
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use http::StatusCode;
use minijinja::{Value, context};
use stoa_domain::{
    access::SignedIn,
    delivery::{DeliveryOffer, MethodKind},
    pricing::PricedGroup,
    shared::{CartId, Fault, Money},
};
use stoa_services::cart::CartView;

/// What stands above the form.
#[derive(Clone, Debug, Default)]
pub(super) struct Alert {
    /// What is the matter.
    pub(super) text: Option<String>,
    /// Whether it is mended in the cart.
    pub(super) mend_in_cart: bool,
}

/// `GET /checkout/{cart}`
pub(crate) async fn show_checkout(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cookie): CartCookie,
    Path(cart): Path<String>,
    Query(query): Query<NoticeQuery>,
) -> Result<Response, PageError> {
    let id: CartId = cart.parse().map_err(|_| PageError::NotFound)?;
    let Some(cart) = web.services().read_cart.with_carrier_rates(&by.viewer, id).await? else {
        return gone(&web, &by.viewer, id, cookie).await;
    };
    if cart.cart.lines.is_empty() {
        return empty(&web);
    }
    let mut form = CheckoutForm::of_cart(&cart.cart, web.shop());
    if let Some(who) = by.signed_in() {
        form = known(&web, who, form).await?;
    }
    let shown = Shown {
        cart: &cart,
        form: &form,
        errors: &FieldErrors::default(),
        alert: Alert::default(),
        notices: Notices::from(&query),
        cookie,
        signed_in: by.signed_in().is_some(),
    };
    shown.render(&web, StatusCode::OK)
}

/// What a customer need not type.
async fn known(web: &Web, who: SignedIn, form: CheckoutForm) -> Result<CheckoutForm, Fault> {
    let Some(account) = web.services().read_customer.run(who).await? else { return Ok(form) };
    let book = web.services().read_customer.address_book(&account).await?;
    Ok(form.or_of(&account, book.default_address().map(|known| &known.address)))
}

/// A checkout page to be.
pub(super) struct Shown<'a> {
    pub(super) cart: &'a CartView,
    pub(super) form: &'a CheckoutForm,
    pub(super) errors: &'a FieldErrors,
    pub(super) alert: Alert,
    pub(super) notices: Notices,
    pub(super) cookie: Option<CartId>,
    pub(super) signed_in: bool,
}

impl Shown<'_> {
    /// The page, with a key of its own: whoever sends it has seen these figures.
    ///
    /// # Errors
    /// The template does not fit.
    pub(super) fn render(&self, web: &Web, status: StatusCode) -> Result<Response, PageError> {
        let cart = self.cart;
        let quote = Quote::new(cart)?;
        let id = cart.cart.id.to_string();
        let mine = self.cookie == Some(cart.cart.id);
        let values = context! {
            notices => self.notices.values(Some(cart)),
            alert => context! { text => &self.alert.text, mend_in_cart => self.alert.mend_in_cart },
            problems => self.form.summary(self.errors),
            fields => self.form.values(self.errors),
            ships => cart.ships(),
            offers_pick_up => offers_pick_up(&quote),
            countries => countries::choices(&self.form.country, |code| web.shop().delivers_to(code)),
            // A cart that is not the browser's own would not be found again after signing in.
            sign_in_url => (mine && !self.signed_in).then(|| path(&["account", "sign-in"], &[("next", "checkout")])),
            deliveries => deliveries(cart, &quote, self.form),
            lines => line_values(cart),
            figures => quote.values(),
            expected_total => written(quote.total()),
            nothing_to_pay => quote.charge().minor == 0,
            idempotency_key => web.settings().ids.token(),
            action => path(&["checkout", &id], &[]),
            // The cart's page shows the browser's own cart; another one becomes it by asking for it.
            cart_url => mine.then(|| path(&["cart"], &[])),
            edit_url => path(&["checkout", &id, "edit"], &[]),
        };
        web.page_as(status, "checkout.html", values)
    }
}

/// A total as the form sends it back.
fn written(total: Money) -> String {
    format!("{} {}", total.to_decimal(), total.currency.code())
}

/// The ways of delivering each group: what the cart is offered, or what it will be offered once it says where to.
fn deliveries(cart: &CartView, quote: &Quote, form: &CheckoutForm) -> Vec<Value> {
    // While nobody has said where to, what can be picked up is all there is, and not all there will be.
    let asks_where =
        |group: &PricedGroup| cart.cart.selected_address().is_none() && group.offers.iter().all(is_pick_up);
    let options = |at: usize, group: &PricedGroup| -> Vec<Value> {
        // What was typed counts before what the cart knows.
        let wanted = match (form.delivery_of(at), group.chosen()) {
            ("", Some(chosen)) if !asks_where(group) => &*chosen.handle,
            (typed, _) => typed,
        };
        let only = group.offers.len() == 1 && !asks_where(group);
        let option = |offer: &DeliveryOffer| {
            context! {
                handle => &*offer.handle,
                title => &*offer.title,
                price => amount(quote.money(offer.price)),
                selected => only || *offer.handle == *wanted,
            }
        };
        group.offers.iter().map(option).collect()
    };
    let groups = quote.groups().iter().enumerate();
    groups
        .map(|(at, group)| {
            let (options, asks_where) = (options(at, group), asks_where(group));
            context! { field => delivery_field(at), goods => goods(cart, at), options, asks_where }
        })
        .collect()
}

/// Whether something of it can be picked up.
fn offers_pick_up(quote: &Quote) -> bool {
    quote.groups().iter().flat_map(|group| &group.offers).any(is_pick_up)
}

/// Whether the buyer comes for it.
pub(super) const fn is_pick_up(offer: &DeliveryOffer) -> bool {
    matches!(offer.kind, MethodKind::PickUp { .. })
}

/// What comes with a group. That is known once it is known where to.
fn goods(cart: &CartView, group: usize) -> Vec<String> {
    let of = cart.groups.get(group).map_or(&[][..], |group| &group.lines);
    let lines = cart.lines.iter().filter(|shown| of.contains(&shown.line.id));
    lines.map(|shown| shown.merchandise.product_title.to_string()).collect()
}
