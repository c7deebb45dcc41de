//! `POST /checkout/{cart}`: writes what was typed into the cart and places the order.
//!
//! The form carries the total it showed and a key that was made with it. The total makes sure that nobody is charged
//! what they have not seen; the key, that a double click places one order.

use super::{
    form::CheckoutForm,
    gone::{empty, gone},
    page::{Alert, Shown, is_pick_up},
    refusal::{Consequence, consequence, detail_error},
};
use crate::{
    cart::Notices,
    error::PageError,
    forms::FieldErrors,
    http::{CartCookie, Submitted, Visitor, forget_cart, path, see_other, with_cookie},
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use stoa_domain::{
    checkout::PlaceOrder,
    pricing::PricedGroup,
    shared::{CartId, Fault},
};
use stoa_services::{
    account::Caller,
    cart::{AddressRefusal, CartError, CartView, IdentityChange, NewAddress},
    checkout::{PlaceOrderError, Placed},
};
use tracing::Instrument;

/// How often the delivery is written while the same form is being sent several times at once.
const TRIES: u32 = 3;

/// `POST /checkout/{cart}`
pub(crate) async fn place_order(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cookie): CartCookie,
    Path(cart): Path<String>,
    Submitted(form): Submitted<CheckoutForm>,
) -> Result<Response, PageError> {
    let id: CartId = cart.parse().map_err(|_| PageError::NotFound)?;
    // Nobody's own browser leaves it out.
    let expected = form.expected().ok_or(PageError::Malformed)?;
    let again = Again { web: &web, by: &by, id, cookie, form: &form };
    // A cart that is gone may have become an order by this very form: the key knows.
    if let Some(cart) = web.services().read_cart.run(&by.viewer, id).await? {
        let errors = form.check(cart.ships() && !is_picked_up(&cart, &form), web.shop());
        if !errors.is_empty() {
            return again.show(StatusCode::UNPROCESSABLE_ENTITY, &errors, Alert::default()).await;
        }
        if let Err(errors) = write_details(&web, &by, &cart, &form).await? {
            return again.show(StatusCode::UNPROCESSABLE_ENTITY, &errors, Alert::default()).await;
        }
    }
    let request = PlaceOrder {
        cart: id,
        idempotency_key: form.idempotency_key.clone(),
        expected_total: Some(expected),
        expected_charge: None,
    };
    match in_a_task(&web, &by, request).await? {
        Ok(placed) => {
            let response = see_other(&next_stop(&placed))?;
            Ok(if cookie == Some(id) { with_cookie(response, &forget_cart()) } else { response })
        }
        Err(PlaceOrderError::Refused(refusal)) => match consequence(&refusal) {
            Consequence::Gone => gone(&web, &by.viewer, id, cookie).await,
            Consequence::Empty => empty(&web),
            Consequence::Again { status, errors, alert } => again.show(status, &errors, alert).await,
        },
        Err(PlaceOrderError::Fault(fault)) => Err(fault.into()),
    }
}

/// Places the order in a task of its own, so that it comes to its end though the buyer's browser goes away or the request
/// has lasted long enough: between the order and its payment nobody is to be cut off.
async fn in_a_task(
    web: &Web,
    by: &Caller,
    request: PlaceOrder,
) -> Result<Result<Placed, PlaceOrderError>, Fault> {
    let (services, by) = (web.clone(), by.clone());
    let task = async move { services.services().place_order.run(&by, request).await };
    tokio::spawn(task.in_current_span()).await.map_err(|e| Fault::internal("placing an order", e))
}

/// Everything it takes to show the form again as it was typed.
struct Again<'a> {
    web: &'a Web,
    by: &'a Caller,
    id: CartId,
    cookie: Option<CartId>,
    form: &'a CheckoutForm,
}

impl Again<'_> {
    /// The page with the cart as it is now.
    async fn show(
        &self,
        status: StatusCode,
        errors: &FieldErrors,
        alert: Alert,
    ) -> Result<Response, PageError> {
        let cart = self.web.services().read_cart.with_carrier_rates(&self.by.viewer, self.id).await?;
        let Some(cart) = cart else {
            return gone(self.web, &self.by.viewer, self.id, self.cookie).await;
        };
        if cart.cart.lines.is_empty() {
            return empty(self.web);
        }
        let shown = Shown {
            cart: &cart,
            form: self.form,
            errors,
            alert,
            notices: Notices::default(),
            cookie: self.cookie,
            signed_in: self.by.signed_in().is_some(),
        };
        shown.render(self.web, status)
    }
}

/// Where a buyer goes whose order is placed: to pay, or to the order if there is nothing to pay.
fn next_stop(placed: &Placed) -> String {
    let token = placed.order.token.as_str();
    match &placed.session {
        Ok(Some(session)) => {
            session.payment_url.clone().unwrap_or_else(|| path(&["orders", token, "pay"], &[]))
        }
        Ok(None) => path(&["orders", token], &[]),
        Err(error) => {
            // The order stands; its page offers to try the payment again.
            tracing::warn!(%error, order.id = %placed.order.id, "the payment could not be opened");
            path(&["orders", token], &[])
        }
    }
}

/// Writes contact, address and delivery into the cart. The inner error is what to say beside the fields.
///
/// A cart that is gone or busy is no error here: another sending of the same form may have made it so, and placing
/// the order finds out.
async fn write_details(
    web: &Web,
    by: &Caller,
    cart: &CartView,
    form: &CheckoutForm,
) -> Result<Result<(), FieldErrors>, PageError> {
    let id = cart.cart.id;
    let identity = IdentityChange {
        email: Some(form.email.clone()),
        phone: Some(form.phone.clone()),
        country: form.address().country,
        tax_number: None,
    };
    // As nobody: said by a customer, it would make the cart theirs, and put it into the one that they have. Whose the order is, placing
    // it decides.
    let nobody = Caller::anonymous(by.client.clone());
    let mut outcome =
        web.services().identify_buyer.run(&nobody, id, &identity).await.map(drop).map_err(detail_error);
    if cart.ships() && outcome.is_ok() {
        outcome = match is_picked_up(cart, form) {
            true => choose(web, by, cart, form).await.map(drop),
            false => write_delivery(web, by, id, form).await,
        };
    }
    match outcome {
        Ok(()) | Err(CartError::NotFound | CartError::Busy) => Ok(Ok(())),
        Err(CartError::Refused(errors)) => Ok(Err(errors)),
        Err(CartError::Fault(fault)) => Err(fault.into()),
    }
}

/// Whether the buyer comes for all of it. No address is asked for then, and none is written.
fn is_picked_up(cart: &CartView, form: &CheckoutForm) -> bool {
    let comes_for = |(at, (_, priced)): (usize, (_, &PricedGroup))| {
        priced.offers.iter().any(|offer| *offer.handle == *form.delivery_of(at) && is_pick_up(offer))
    };
    cart.priced_groups().next().is_some() && cart.priced_groups().enumerate().all(comes_for)
}

/// Where to, and how. Whatever addresses the cart had before, this is the one that counts.
async fn write_delivery(
    web: &Web,
    by: &Caller,
    cart: CartId,
    form: &CheckoutForm,
) -> Result<(), CartError<FieldErrors>> {
    let services = web.services();
    // Where a customer lives is not for everybody who has the cart's id.
    let book_of = by.viewer.customer();
    for _ in 0..TRIES {
        let address = NewAddress { address: form.address(), selected: true, one_time_use: false, book_of };
        let (written, _) =
            services.delivery_addresses.replace(by, cart, &[address]).await.map_err(detail_error)?;
        if choose(web, by, &written, form).await? {
            return Ok(());
        }
    }
    Err(CartError::Busy)
}

/// How each group is delivered, where the form says so. False if the cart has other groups by now: another sending of the form has just replaced the
/// address.
async fn choose(
    web: &Web,
    by: &Caller,
    cart: &CartView,
    form: &CheckoutForm,
) -> Result<bool, CartError<FieldErrors>> {
    // Where there is nothing to choose, it is chosen already.
    let wanted: Vec<_> = cart
        .priced_groups()
        .enumerate()
        .map(|(at, (group, priced))| (group.id, form.delivery_of(at), priced.chosen()))
        .filter(|(_, wanted, chosen)| {
            !wanted.is_empty() && chosen.is_none_or(|chosen| *chosen.handle != **wanted)
        })
        .map(|(group, wanted, _)| (group, wanted))
        .collect();
    if wanted.is_empty() {
        return Ok(true);
    }
    match web.services().select_delivery.run(by, cart.cart.id, &wanted).await {
        Err(CartError::Refused(AddressRefusal::UnknownGroup { .. })) => Ok(false),
        other => other.map(|_| true).map_err(detail_error),
    }
}
