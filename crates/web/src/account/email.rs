//! `/account/email`, `/account/email/{token}`: another e-mail address.
//!
//! The link proves the address, and whoever opens it is signed in as the one who asked for it, or signs in: else a click of whoever
//! reads that mailbox would do.

use super::{
    NO_EMAIL,
    notice::Note,
    proof::{Proof, typed},
    sign_in::{SignInForm, render as sign_in_page},
};
use crate::{
    error::PageError,
    forms::{FormPage, of_proof},
    http::{Owner, Submitted, Visitor, holds_key, see_other},
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use minijinja::context;
use serde::Deserialize;
use stoa_domain::access::SignedIn;
use stoa_services::customer::{EmailChangeError, EmailConfirmError};

/// Where the form is that asks for another address.
const EMAIL: [&str; 2] = ["account", "email"];

/// The form that asks for another address.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct EmailForm {
    new_email: String,
    password: String,
}

/// The form that makes it count.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ConfirmForm {
    token: String,
}

/// `GET /account/email`
pub(crate) async fn show_change_email(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
) -> Result<Response, PageError> {
    let proof = Proof::of(&web, who, &EMAIL).await?;
    render(&web, &EmailForm::default(), &proof, &FormPage::new())
}

/// `POST /account/email`
pub(crate) async fn change_email(
    State(web): State<Web>,
    Owner { who, client }: Owner,
    Submitted(form): Submitted<EmailForm>,
) -> Result<Response, PageError> {
    let proof = Proof::of(&web, who, &EMAIL).await?;
    let asked = (form.new_email.as_str(), typed(&form.password));
    let page = match Box::pin(web.services().email_change.ask(who, asked, &client)).await {
        Ok(()) => return Ok(see_other(&Note::EMAIL_ASKED.at(&["account"]))?),
        Err(EmailChangeError::Email) => FormPage::beside("new_email", NO_EMAIL),
        Err(EmailChangeError::SignIn(error)) => of_proof(error, proof.refused())?,
        Err(EmailChangeError::Fault(fault)) => return Err(fault.into()),
    };
    render(&web, &form, &proof, &page)
}

fn render(web: &Web, form: &EmailForm, proof: &Proof, page: &FormPage) -> Result<Response, PageError> {
    let fields = [("new_email", form.new_email.as_str()), ("password", "")];
    page.render(web, "account_email.html", &fields, context! { proof => proof.values() })
}

/// `GET /account/email/{token}`
pub(crate) async fn show_confirm_email(
    State(web): State<Web>,
    Visitor(by): Visitor,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    match by.signed_in() {
        Some(_) => Ok(holds_key(web.page("email_confirm.html", context! { token })?)),
        None => sign_in_page(&web, &SignInForm::to_confirm(token), &FormPage::new(), Vec::new()),
    }
}

/// `POST /account/email/confirm`
pub(crate) async fn confirm_email(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Submitted(form): Submitted<ConfirmForm>,
) -> Result<Response, PageError> {
    let note = confirmed(&web, who, &form.token).await?;
    Ok(see_other(&note.at(&["account"]))?)
}

/// Makes the address count; what there is to know then.
///
/// # Errors
/// The database does not answer.
pub(super) async fn confirmed(web: &Web, who: SignedIn, token: &str) -> Result<Note, PageError> {
    match Box::pin(web.services().email_change.confirm(who, token)).await {
        Ok(()) => Ok(Note::EMAIL_CHANGED),
        Err(EmailConfirmError::Invalid) => Ok(Note::EMAIL_KEPT),
        Err(EmailConfirmError::Fault(fault)) => Err(fault.into()),
    }
}
