//! `GET` and `POST /account/recover`: a forgotten password.

use super::NO_EMAIL;
use crate::{
    error::PageError,
    forms::FormPage,
    http::{Submitted, Visitor, path, see_other},
    state::Web,
};
use axum::{extract::State, response::Response};
use minijinja::context;
use serde::Deserialize;
use stoa_domain::shared::EmailAddress;

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct RecoverForm {
    /// The address, as typed.
    pub(crate) email: String,
}

impl RecoverForm {
    /// Whether a mail could be sent there. That anybody can see.
    pub(crate) fn names_somebody(&self) -> bool {
        EmailAddress::parse(&self.email).is_ok()
    }

    /// The page; `action` is where the form goes.
    ///
    /// # Errors
    /// The template does not fit.
    pub(crate) fn render(&self, web: &Web, action: &str) -> Result<Response, PageError> {
        let page = match self.email.is_empty() {
            true => FormPage::new(),
            false => FormPage::beside("email", NO_EMAIL),
        };
        page.render(web, "recover.html", &[("email", self.email.as_str())], context! { action })
    }
}

const ACTION: &str = "/account/recover";

/// `GET /account/recover`
pub(crate) async fn show_recover(State(web): State<Web>) -> Result<Response, PageError> {
    RecoverForm::default().render(&web, ACTION)
}

/// `POST /account/recover`
pub(crate) async fn recover(
    State(web): State<Web>,
    Visitor(by): Visitor,
    Submitted(form): Submitted<RecoverForm>,
) -> Result<Response, PageError> {
    if !form.names_somebody() {
        return form.render(&web, ACTION);
    }
    Box::pin(web.services().recover.run(&form.email, &by.client)).await?;
    Ok(see_other(&path(&["account", "mailed"], &[]))?)
}
