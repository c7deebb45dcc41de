//! `POST /cart/lines`, `POST /cart/lines/{line}`: putting something into the cart, changing how many, taking it out.

use super::{Notice, note::to_cart};
use crate::{
    catalog::Chosen,
    error::PageError,
    http::{CartCookie, Submitted, Visitor, path, remember_cart, see_other, with_cookie},
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;
use stoa_domain::{
    cart::{AddLine, LineUpdate, cart_limits as limits},
    shared::{CartId, CartLineId},
};
use stoa_services::{
    account::Caller,
    cart::{CartError, CreateRefusal, Edited, NewCart},
};

/// The form of a product page.
#[derive(Debug, Deserialize)]
pub(crate) struct AddForm {
    /// The product's handle.
    product: String,
    /// The variant, where the form says so; otherwise the option values do.
    #[serde(default)]
    variant: String,
    #[serde(default)]
    o1: String,
    #[serde(default)]
    o2: String,
    #[serde(default)]
    o3: String,
    #[serde(default)]
    quantity: String,
}

/// `POST /cart/lines`
pub(crate) async fn add_line(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cookie): CartCookie,
    Submitted(form): Submitted<AddForm>,
) -> Result<Response, PageError> {
    let values = [form.o1.as_str(), &form.o2, &form.o3];
    let variant = match web.chosen(&form.product, &form.variant, values).await? {
        Chosen::Variant(id) => id,
        Chosen::NoSuchCombination => {
            let query = [("o1", values[0]), ("o2", values[1]), ("o3", values[2])];
            return Ok(see_other(&path(&["products", &form.product], &query))?);
        }
        Chosen::NoSuchProduct => return to_cart([Notice::NotForSale]),
    };
    let Some(quantity) = quantity(&form.quantity).filter(|q| *q > 0) else {
        return to_cart([Notice::BadQuantity]);
    };
    let line = AddLine { variant, quantity, attributes: Vec::new() };

    if let Some(cart) = cookie {
        match web.services().cart_lines.add(&by, cart, vec![line.clone()]).await {
            Ok(edited) => return to_cart(news(edited)),
            // Its cart became an order or was left alone for too long: this begins the next one.
            Err(CartError::NotFound) => {}
            Err(error) => return to_cart([Notice::of_lines_error(error)?]),
        }
    }
    let new = NewCart { lines: vec![line], ..NewCart::default() };
    match web.services().create_cart.run(&by, new).await {
        Ok(edited) => {
            let cookie = remember_cart(&web, edited.0.cart.id);
            Ok(with_cookie(to_cart(news(edited))?, &cookie))
        }
        Err(error) => to_cart([create_notice(error)?]),
    }
}

/// The form of a line.
#[derive(Debug, Deserialize)]
pub(crate) struct LineForm {
    #[serde(default)]
    quantity: String,
    /// Which button: `update` or `remove`.
    #[serde(default)]
    action: String,
}

/// `POST /cart/lines/{line}`
pub(crate) async fn change_line(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cookie): CartCookie,
    Path(line): Path<String>,
    Submitted(form): Submitted<LineForm>,
) -> Result<Response, PageError> {
    let line: CartLineId = line.parse().map_err(|_| PageError::NotFound)?;
    let Some(cart) = cookie else { return to_cart([Notice::Lost]) };
    let wanted = if form.action == "remove" { Some(0) } else { quantity(&form.quantity) };
    let Some(quantity) = wanted else { return to_cart([Notice::BadQuantity]) };
    set_quantity(&web, &by, cart, (line, quantity)).await
}

async fn set_quantity(
    web: &Web,
    by: &Caller,
    cart: CartId,
    (id, quantity): (CartLineId, u32),
) -> Result<Response, PageError> {
    let update = LineUpdate { id, variant: None, quantity: Some(quantity), attributes: None };
    let outcome = match quantity {
        0 => web.services().cart_lines.remove(by, cart, vec![id]).await,
        _ => web.services().cart_lines.update(by, cart, vec![update]).await,
    };
    match outcome {
        Ok((_, warnings)) => to_cart(warnings.into_iter().map(Notice::of_warning)),
        Err(error) => to_cart([Notice::of_lines_error(error)?]),
    }
}

/// What to say of a line that was added.
fn news((_, warnings): Edited) -> Vec<Notice> {
    match warnings.is_empty() {
        true => vec![Notice::Added],
        false => warnings.into_iter().map(Notice::of_warning).collect(),
    }
}

/// What an error of making a cart says; a fault is none for buyers.
pub(super) fn create_notice(error: CartError<CreateRefusal>) -> Result<Notice, PageError> {
    match error {
        CartError::Refused(CreateRefusal::Lines(refusal)) => Ok(Notice::of_refusal(refusal)),
        // What was to begin a customer's cart does not go into the one they have.
        CartError::Refused(CreateRefusal::Customer(refusal)) => Ok(Notice::of_identity(refusal)),
        // Carts made here begin with lines and nothing else.
        CartError::Refused(
            CreateRefusal::Details(_)
            | CreateRefusal::Address(_)
            | CreateRefusal::Codes(_)
            | CreateRefusal::Cards(_),
        ) => Err(PageError::Malformed),
        CartError::NotFound => Ok(Notice::Lost),
        CartError::Busy => Ok(Notice::Busy),
        CartError::Fault(fault) => Err(fault.into()),
    }
}

/// A whole number that a cart can hold; nothing typed means one.
pub(super) fn quantity(text: &str) -> Option<u32> {
    match text.trim() {
        "" => Some(1),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse().ok().filter(|q| *q <= limits::QUANTITY)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_a_whole_number_that_fits() {
        assert_eq!(quantity(" 3 "), Some(3));
        assert_eq!(quantity(""), Some(1));
        assert_eq!(quantity("0"), Some(0));
        for bad in ["-1", "+1", "1.5", "1e3", "1000001", "2147483648", "99999999999999999999", "x", "１"] {
            assert_eq!(quantity(bad), None, "{bad}");
        }
    }
}
