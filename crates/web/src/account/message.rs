//! Pages that say one thing and ask for nothing.

use crate::{error::PageError, http::holds_key, state::Web};
use axum::{extract::State, response::Response};
use http::StatusCode;
use minijinja::context;

/// What such a page says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message {
    /// The status.
    pub(crate) status: StatusCode,
    /// The heading.
    pub(crate) title: &'static str,
    /// A sentence or two.
    pub(crate) text: &'static str,
    /// Where to go on, and what that is called.
    pub(crate) next: (&'static str, &'static str),
}

impl Message {
    /// The page.
    ///
    /// # Errors
    /// The template does not fit.
    pub(crate) fn show(&self, web: &Web) -> Result<Response, PageError> {
        let (url, called) = self.next;
        let values = context! { title => self.title, text => self.text, next => context! { url, called } };
        // The address may still be the one that a key was in.
        Ok(holds_key(web.page_as(self.status, "message.html", values)?))
    }
}

/// What everybody is told who could be sent a mail, whether or not there is an account.
const MAILED: Message = Message {
    status: StatusCode::OK,
    title: "Please look into your mail",
    text: "If this address can be written to, a mail is on its way to it. Open the link in it to go on. Nothing there after some \
           minutes? It may lie among the unwanted mails, or the address may be mistyped.",
    next: ("/shop", "To the shop"),
};

/// `GET /account/mailed`, `GET /staff/mailed`
pub(crate) async fn show_mailed(State(web): State<Web>) -> Result<Response, PageError> {
    MAILED.show(&web)
}
