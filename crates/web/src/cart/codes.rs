//! `POST /cart/codes`, `POST /cart/gift-cards`: what makes a cart cheaper, and what pays for it.

use super::{Notice, note::to_cart};
use crate::{
    error::PageError,
    http::{CartCookie, Submitted, Visitor},
    state::Web,
};
use axum::{extract::State, response::Response};
use serde::Deserialize;
use stoa_domain::pricing::CodeKey;
use stoa_services::cart::{CardsRefusal, CartError, CodesRefusal, Edited};

/// The form of a discount code.
#[derive(Debug, Deserialize)]
pub(crate) struct CodeForm {
    #[serde(default)]
    code: String,
    /// Which button: `add` or `remove`.
    #[serde(default)]
    action: String,
}

/// `POST /cart/codes`
pub(crate) async fn change_codes(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cookie): CartCookie,
    Submitted(form): Submitted<CodeForm>,
) -> Result<Response, PageError> {
    let Some(id) = cookie else { return to_cart([Notice::Lost]) };
    let Some(key) = CodeKey::of(&form.code) else { return to_cart([]) };
    let Some(cart) = web.services().read_cart.run(&by.viewer, id).await? else {
        return to_cart([Notice::Lost]);
    };
    let others = cart.cart.codes.iter().filter(|entered| entered.key != key);
    let mut codes: Vec<String> = others.map(|entered| entered.text.to_string()).collect();
    if form.action != "remove" {
        codes.push(form.code.clone());
    }
    match Box::pin(web.services().discount_codes.replace(&by, id, &codes)).await {
        Ok(edited) => to_cart(news(edited)),
        Err(CartError::NotFound) => to_cart([Notice::Lost]),
        Err(CartError::Busy) => to_cart([Notice::Busy]),
        Err(CartError::Refused(CodesRefusal::TooMany { .. })) => to_cart([Notice::TooManyCodes]),
        Err(CartError::Refused(CodesRefusal::TooLong { .. })) => to_cart([Notice::CodeOfNoUse]),
        Err(CartError::Fault(fault)) => Err(fault.into()),
    }
}

/// The form of a gift card.
#[derive(Debug, Deserialize)]
pub(crate) struct CardForm {
    /// Its code, to put it on the cart.
    #[serde(default)]
    code: String,
    /// Which, to take it off.
    #[serde(default)]
    remove: String,
}

/// `POST /cart/gift-cards`
pub(crate) async fn change_cards(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cookie): CartCookie,
    Submitted(form): Submitted<CardForm>,
) -> Result<Response, PageError> {
    let Some(id) = cookie else { return to_cart([Notice::Lost]) };
    let cards = &web.services().gift_card_codes;
    let outcome = match (form.remove.parse(), form.code.trim()) {
        (Ok(card), _) => Box::pin(cards.remove(&by, id, &[card])).await,
        (Err(_), "") => return to_cart([]),
        (Err(_), _) => Box::pin(cards.add(&by, id, std::slice::from_ref(&form.code))).await,
    };
    match outcome {
        Ok(edited) => to_cart(news(edited)),
        Err(CartError::NotFound) => to_cart([Notice::Lost]),
        Err(CartError::Busy) => to_cart([Notice::Busy]),
        Err(CartError::Refused(CardsRefusal::OfNoUse { .. })) => to_cart([Notice::CardOfNoUse]),
        Err(CartError::Refused(CardsRefusal::TooMany { .. })) => to_cart([Notice::TooManyCodes]),
        Err(CartError::Refused(CardsRefusal::TooManyGuesses { .. })) => to_cart([Notice::TooManyGuesses]),
        Err(CartError::Fault(fault)) => Err(fault.into()),
    }
}

/// What to say of a cart that was changed. Of codes the cart's page says by itself why they are of no use.
fn news((_, warnings): Edited) -> Vec<Notice> {
    let said = warnings.into_iter().map(Notice::of_warning);
    said.filter(|notice| *notice != Notice::CodeOfNoUse).collect()
}
