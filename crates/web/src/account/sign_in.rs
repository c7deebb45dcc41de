//! `GET` and `POST /account/sign-in`.

use super::{
    begin::{Browser, Next, begin, who},
    elsewhere::providers,
    email::confirmed,
    notice::NoteQuery,
};
use crate::{
    error::PageError,
    forms::{FieldErrors, FormPage, of_proof},
    http::{CartCookie, Submitted, Visitor, holds_key, see_other, sign_ins_are_kept},
    state::Web,
};
use axum::{
    extract::{Query, State},
    response::Response,
};
use minijinja::{Value, context};
use serde::Deserialize;
use stoa_domain::account::SessionKind;
use stoa_services::account::PasswordSignIn;

/// The one answer to a wrong address, a wrong password, and an account that nobody signs in to.
const UNIDENTIFIED: &str = "The e-mail address or the password is not right.";

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct SignInForm {
    email: String,
    password: String,
    /// Where to go then, by its code.
    next: String,
    /// The token of a link that proves another address, and waits for its owner to sign in.
    confirm: String,
}

impl SignInForm {
    /// For somebody who has opened such a link.
    pub(super) fn to_confirm(token: String) -> Self {
        Self { confirm: token, ..Self::default() }
    }
}

/// Where to go then.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NextQuery {
    pub(super) next: String,
}

/// `GET /account/sign-in`
pub(crate) async fn show_sign_in(
    State(web): State<Web>,
    Visitor(by): Visitor,
    Query(query): Query<NextQuery>,
    Query(note): Query<NoteQuery>,
) -> Result<Response, PageError> {
    if by.signed_in().is_some() {
        return Ok(see_other(&note.at(&["account"]))?);
    }
    let form = SignInForm { next: query.next, ..SignInForm::default() };
    render(&web, &form, &FormPage::new(), note.values())
}

/// `POST /account/sign-in`
pub(crate) async fn sign_in(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cart): CartCookie,
    Submitted(form): Submitted<SignInForm>,
) -> Result<Response, PageError> {
    // The page says why, whatever was typed.
    if !sign_ins_are_kept(&web) {
        return render(&web, &form, &FormPage::wrong(FieldErrors::default()), Vec::new());
    }
    let given = PasswordSignIn { email: &form.email, password: &form.password, kind: SessionKind::Cookie };
    let begun = match Box::pin(web.services().sign_in.run(given, &by.client)).await {
        Ok(begun) => begun,
        Err(error) => {
            let page = of_proof(error, FormPage::above(UNIDENTIFIED))?;
            return render(&web, &form, &page, Vec::new());
        }
    };
    let next = match form.confirm.as_str() {
        "" => Next::of(&form.next),
        token => Next::Account(Some(confirmed(&web, who(&begun), token).await?)),
    };
    begin(&web, Browser { by, cart }, &begun, next).await
}

/// The page. What was typed stays, but for the password.
pub(super) fn render(
    web: &Web,
    form: &SignInForm,
    page: &FormPage,
    notices: Vec<Value>,
) -> Result<Response, PageError> {
    let fields = [("email", form.email.as_str()), ("password", "")];
    let next = Next::of(&form.next);
    // A link that waits for its owner is in the form alone: nobody comes back to it from elsewhere.
    let elsewhere = if form.confirm.is_empty() { providers(web, next) } else { Vec::new() };
    let values = context! {
        notices,
        next => next.code(),
        providers => elsewhere,
        confirm => &form.confirm,
        kept => sign_ins_are_kept(web),
    };
    let page = page.render(web, "sign_in.html", &fields, values)?;
    Ok(if form.confirm.is_empty() { page } else { holds_key(page) })
}
