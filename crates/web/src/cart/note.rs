//! `POST /cart/note`: what the buyer wants to tell the shop.

use super::{Notice, Notices, page::render};
use crate::{
    error::PageError,
    http::{CartCookie, Submitted, Visitor, path, see_other},
    state::Web,
};
use axum::{extract::State, response::Response};
use http::StatusCode;
use serde::Deserialize;
use stoa_services::cart::CartError;

/// The form.
#[derive(Debug, Deserialize)]
pub(crate) struct NoteForm {
    #[serde(default)]
    note: String,
}

/// `POST /cart/note`
pub(crate) async fn set_note(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cookie): CartCookie,
    Submitted(form): Submitted<NoteForm>,
) -> Result<Response, PageError> {
    let Some(cart) = cookie else { return to_cart(Some(Notice::Lost)) };
    // Browsers send line breaks as CR LF and count them as one letter.
    let note = form.note.replace("\r\n", "\n");
    match web.services().cart_details.set_note(&by, cart, note.trim()).await {
        Ok(_) => to_cart(None),
        Err(CartError::NotFound) => to_cart(Some(Notice::Lost)),
        Err(CartError::Busy) => to_cart(Some(Notice::Busy)),
        Err(CartError::Refused(_)) => {
            let view = web.services().read_cart.run(&by.viewer, cart).await?;
            let notices = Notices::new([Notice::NoteTooLong]);
            render(&web, StatusCode::UNPROCESSABLE_ENTITY, view.as_ref(), &notices, Some(&note))
        }
        Err(CartError::Fault(fault)) => Err(fault.into()),
    }
}

/// Back to the cart.
pub(super) fn to_cart(notices: impl IntoIterator<Item = Notice>) -> Result<Response, PageError> {
    let notices = Notices::new(notices);
    let codes = notices.codes();
    let query = [("notice", codes.as_str())];
    let to = path(&["cart"], if notices.is_empty() { &[] } else { &query });
    Ok(see_other(&to)?)
}
