//! `GET /cart/{variant}:{quantity},…`: a link that makes a cart and goes to its checkout, in the form that Shopify's cart
//! permalinks have.
//!
//! A link in a mail or on a poster begins a purchase of its own. It becomes the browser's cart only where the browser
//! has none: what a buyer has put together before is not thrown away by following a link.

use super::{Notice, Notices, lines, note::to_cart};
use crate::{
    error::PageError,
    http::{CartCookie, Navigation, Visitor, path, remember_cart, see_other, with_cookie},
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use stoa_domain::{
    cart::{AddLine, cart_limits as limits},
    shared::CartId,
};
use stoa_services::{account::Caller, cart::NewCart};

/// `GET /cart/{items}`
pub(crate) async fn follow_link(
    _: Navigation,
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cookie): CartCookie,
    Path(items): Path<String>,
) -> Result<Response, PageError> {
    let lines = parse(&items).ok_or(PageError::Malformed)?;
    let new = NewCart { lines, ..NewCart::default() };
    // As nobody: a link on a foreign page puts nothing into a customer's cart.
    let nobody = Caller::anonymous(by.client.clone());
    let (view, warnings) = match web.services().create_cart.run(&nobody, new).await {
        Ok(edited) => edited,
        Err(error) => return to_cart([lines::create_notice(error)?]),
    };
    let notices = Notices::new(warnings.into_iter().map(Notice::of_warning));
    if view.cart.lines.is_empty() {
        return to_cart([Notice::SoldOut]);
    }
    let id = view.cart.id;
    let codes = notices.codes();
    let query = [("notice", codes.as_str())];
    let checkout = path(&["checkout", &id.to_string()], if notices.is_empty() { &[] } else { &query });
    let response = see_other(&checkout)?;
    Ok(if has_cart(&web, &by, cookie).await? {
        response
    } else {
        with_cookie(response, &remember_cart(&web, id))
    })
}

/// Whether the browser has a cart with something in it.
async fn has_cart(web: &Web, by: &Caller, cookie: Option<CartId>) -> Result<bool, PageError> {
    let Some(id) = cookie else { return Ok(false) };
    let cart = web.services().read_cart.run(&by.viewer, id).await?;
    Ok(cart.is_some_and(|view| !view.cart.lines.is_empty()))
}

/// `None` where any part makes no sense, or there are more than a cart holds: half a purchase is none.
fn parse(items: &str) -> Option<Vec<AddLine>> {
    let item = |item: &str| {
        let (variant, quantity) = item.split_once(':')?;
        let quantity = lines::quantity(quantity).filter(|q| *q > 0)?;
        Some(AddLine { variant: variant.parse().ok()?, quantity, attributes: Vec::new() })
    };
    if items.split(',').count() > limits::LINES {
        return None;
    }
    items.split(',').map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "0193e0b6-3c5e-7c3a-a111-222233334444";

    #[test]
    fn variants_and_quantities_are_read() {
        let lines = parse(&format!("{A}:2,{A}:1")).unwrap();
        assert_eq!(lines.iter().map(|l| l.quantity).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(lines[0].variant.to_string(), A);
    }

    #[test]
    fn half_a_link_is_none() {
        for bad in ["", A, ":1", "x:1", "1:1", &format!("{A}:0"), &format!("{A}:-1"), &format!("{A}:1,")] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        let items = |count| vec![format!("{A}:1"); count].join(",");
        assert_eq!(parse(&items(limits::LINES)).unwrap().len(), limits::LINES);
        assert_eq!(parse(&items(limits::LINES + 1)), None);
    }
}
