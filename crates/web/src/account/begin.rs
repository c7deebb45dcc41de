//! What follows when somebody has signed in: the browser's cookies, its cart, and where it goes.

use super::notice::Note;
use crate::{
    cart::{Notice, Notices},
    error::PageError,
    http::{forget_cart, path, remember_cart, see_other, with_cookie, with_sign_in},
    state::Web,
};
use axum::response::Response;
use stoa_domain::{
    access::SignedIn,
    shared::{CartId, CustomerId, Fault},
};
use stoa_services::{
    account::{Caller, Client, SessionHolder, SignedInNow},
    cart::{CartError, IdentityChange},
};

/// A browser, as it was before.
pub(super) struct Browser {
    /// Who it was of.
    pub(super) by: Caller,
    /// The cart that it remembers.
    pub(super) cart: Option<CartId>,
}

/// Where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// To the account, with something to know. Without, to the cart instead if there is something to know of that.
    Account(Option<Note>),
    /// To the cart.
    Cart,
    /// To its checkout.
    Checkout,
}

impl Next {
    /// By the code that a form carries. An address of somebody's own choosing is none.
    pub(super) fn of(code: &str) -> Self {
        match code {
            "cart" => Self::Cart,
            "checkout" => Self::Checkout,
            _ => Self::Account(None),
        }
    }

    /// The code.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Cart => "cart",
            Self::Checkout => "checkout",
        }
    }

    fn address(self, brought: &Brought) -> String {
        let codes = brought.notices.codes();
        let query = [("notice", codes.as_str())];
        let query: &[(&str, &str)] = if brought.notices.is_empty() { &[] } else { &query };
        match (self, brought.cart) {
            (Self::Account(Some(note)), _) => note.at(&["account"]),
            (Self::Account(None), _) if brought.notices.is_empty() => path(&["account"], &[]),
            (Self::Checkout, Some(cart)) => path(&["checkout", &cart.to_string()], query),
            (Self::Account(None) | Self::Cart | Self::Checkout, _) => path(&["cart"], query),
        }
    }
}

/// Who has signed in.
pub(super) fn who(begun: &SignedInNow) -> SignedIn {
    SignedIn { customer: CustomerId::new(begun.subject), session: begun.session }
}

/// The answer to whoever has signed in: what is in the browser's cart is in theirs from now on.
///
/// # Errors
/// The sign-in is none of a browser.
pub(super) async fn begin(
    web: &Web,
    browser: Browser,
    begun: &SignedInNow,
    next: Next,
) -> Result<Response, PageError> {
    let Browser { by: before, cart } = browser;
    end_former(web, &before).await;
    let response = go_on(web, (who(begun), before.client), cart, next).await?;
    Ok(with_sign_in(web, response, begun)?)
}

/// Leads on whoever has signed in, with the cart that the browser remembers from now on.
///
/// # Errors
/// The address cannot stand in a header.
pub(super) async fn go_on(
    web: &Web,
    (who, client): (SignedIn, Client),
    cart: Option<CartId>,
    next: Next,
) -> Result<Response, PageError> {
    let brought = bring_cart(web, &Caller::customer(who, client), who, cart).await;
    let mut response = see_other(&next.address(&brought))?;
    if let Some(theirs) = brought.cart {
        response = with_cookie(response, &remember_cart(web, theirs));
    } else if cart.is_some() {
        response = with_cookie(response, &forget_cart());
    }
    Ok(response)
}

/// The browser shows another sign-in from now on: the one before would live on with nobody to end it.
async fn end_former(web: &Web, before: &Caller) {
    let Some(former) = before.signed_in() else { return };
    if let Err(fault) = web.services().sessions.end(SessionHolder::from(former)).await {
        tracing::warn!(error = %fault, "a sign-in that gave way to another one lives on");
    }
}

/// What has become of the browser's cart.
struct Brought {
    /// The one it remembers from now on.
    cart: Option<CartId>,
    notices: Notices,
}

/// A sign-in stands, whatever becomes of the cart.
async fn bring_cart(web: &Web, by: &Caller, who: SignedIn, cart: Option<CartId>) -> Brought {
    match try_to_bring(web, by, who, cart).await {
        Ok(brought) => brought,
        Err(fault) => {
            tracing::warn!(error = %fault, "the cart of whoever has signed in is not theirs yet");
            Brought { cart, notices: Notices::default() }
        }
    }
}

async fn try_to_bring(web: &Web, by: &Caller, who: SignedIn, cart: Option<CartId>) -> Result<Brought, Fault> {
    let kept = |notices: Notices| Ok(Brought { cart, notices });
    if let Some(id) = cart {
        let nothing = IdentityChange::default();
        match Box::pin(web.services().identify_buyer.run(by, id, &nothing)).await {
            Ok((theirs, warnings)) => {
                let theirs = theirs.cart.id;
                let merged = (theirs != id).then_some(Notice::Merged);
                let notices =
                    Notices::new(merged.into_iter().chain(warnings.into_iter().map(Notice::of_warning)));
                return Ok(Brought { cart: Some(theirs), notices });
            }
            // It has become an order, or is somebody else's.
            Err(CartError::NotFound) => {}
            // An order is being placed from it.
            Err(CartError::Busy) => return kept(Notices::default()),
            Err(CartError::Refused(refusal)) => return kept(Notices::new([Notice::of_identity(refusal)])),
            Err(CartError::Fault(fault)) => return Err(fault),
        }
    }
    let theirs = web.services().read_cart.of_customer(who).await?;
    Ok(Brought { cart: theirs.map(|theirs| theirs.cart.id), notices: Notices::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CART: &str = "7f0e4e39-9f6c-4e07-8d6a-0c8f7c1d2e3f";

    fn brought(notices: &[Notice]) -> Brought {
        Brought { cart: CART.parse().ok(), notices: Notices::new(notices.iter().copied()) }
    }

    #[test]
    fn one_goes_where_one_was_going() {
        let checkout = format!("/checkout/{CART}");
        assert_eq!(Next::of("checkout").address(&brought(&[])), checkout);
        assert_eq!(
            Next::of("checkout").address(&brought(&[Notice::Merged])),
            format!("{checkout}?notice=merged")
        );
        assert_eq!(Next::of("cart").address(&brought(&[])), "/cart");
        assert_eq!(Next::of("").address(&brought(&[])), "/account");
        assert_eq!(Next::of("").address(&brought(&[Notice::Merged])), "/cart?notice=merged");
        let gone = Brought { cart: None, notices: Notices::default() };
        assert_eq!(Next::of("checkout").address(&gone), "/cart");
        let welcome = Next::Account(Some(Note::WELCOME));
        assert_eq!(welcome.address(&brought(&[Notice::Merged])), "/account?notice=welcome");
    }

    #[test]
    fn an_address_of_one_s_own_choosing_is_none() {
        for code in ["//evil.example", "https://evil.example/", "/orders", "checkout/../.."] {
            assert_eq!(Next::of(code), Next::Account(None), "{code}");
        }
        for next in [Next::Account(None), Next::Cart, Next::Checkout] {
            assert_eq!(Next::of(next.code()), next);
        }
    }
}
