//! `POST /account/sign-out`, `/account/sign-out-everywhere`, `/account/sessions/{session}`: the ends of sign-ins.

use super::notice::Note;
use crate::{
    error::PageError,
    http::{Owner, Visitor, forget_cart, see_other, with_cookie, without_sign_in},
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use stoa_domain::shared::SessionId;
use stoa_services::account::SessionHolder;

/// `POST /account/sign-out`
pub(crate) async fn sign_out(State(web): State<Web>, Visitor(by): Visitor) -> Result<Response, PageError> {
    if let Some(who) = by.signed_in() {
        web.services().sessions.end(SessionHolder::from(who)).await?;
    }
    left(Note::SIGNED_OUT)
}

/// `POST /account/sign-out-everywhere`
pub(crate) async fn sign_out_everywhere(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
) -> Result<Response, PageError> {
    web.services().sessions.end_all(SessionHolder::from(who)).await?;
    left(Note::SIGNED_OUT_EVERYWHERE)
}

/// `POST /account/sessions/{session}`: ends one. Somebody else's, and one that is over, is none.
pub(crate) async fn end_session(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Path(session): Path<String>,
) -> Result<Response, PageError> {
    let session: SessionId = session.parse().map_err(|_| PageError::NotFound)?;
    if !web.services().sessions.revoke(SessionHolder::from(who), session).await? {
        return Err(PageError::NotFound);
    }
    if session == who.session {
        return left(Note::SIGNED_OUT);
    }
    Ok(see_other(&Note::SESSION.at(&["account"]))?)
}

/// The answer to somebody who is signed in no more. The cart is theirs: whoever comes to this browser next does not see it.
pub(super) fn left(note: Note) -> Result<Response, PageError> {
    let response = see_other(&note.at(&["account", "sign-in"]))?;
    Ok(without_sign_in(with_cookie(response, &forget_cart())))
}
