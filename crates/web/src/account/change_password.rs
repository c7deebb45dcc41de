//! `GET` and `POST /account/password`: another password, by whoever is signed in and knows the one there is; or the first, where there
//! is none.

use super::{
    link::TWO_PASSWORDS,
    notice::Note,
    proof::{Proof, typed},
};
use crate::{
    error::PageError,
    forms::{FormPage, of_new_password, of_proof},
    http::{Owner, Submitted, see_other, with_sign_in},
    state::Web,
};
use axum::{extract::State, response::Response};
use minijinja::context;
use serde::Deserialize;
use stoa_domain::{access::SignedIn, account::SessionKind};
use stoa_services::customer::ChangePasswordError;

/// Where the form is.
const PASSWORD: [&str; 2] = ["account", "password"];

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PasswordForm {
    password: String,
    new_password: String,
    again: String,
}

/// `GET /account/password`
pub(crate) async fn show_change_password(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
) -> Result<Response, PageError> {
    let proof = Proof::of(&web, who, &PASSWORD).await?;
    render(&web, (who, &proof), &FormPage::new()).await
}

/// `POST /account/password`
pub(crate) async fn change_password(
    State(web): State<Web>,
    Owner { who, client }: Owner,
    Submitted(form): Submitted<PasswordForm>,
) -> Result<Response, PageError> {
    let proof = Proof::of(&web, who, &PASSWORD).await?;
    if form.new_password != form.again {
        return render(&web, (who, &proof), &FormPage::beside("again", TWO_PASSWORDS)).await;
    }
    let given = (typed(&form.password), form.new_password.as_str());
    let changing = web.services().change_password.run(who, given, SessionKind::Cookie, &client);
    let page = match Box::pin(changing).await {
        Ok(begun) => {
            let response = see_other(&Note::NEW_PASSWORD.at(&["account"]))?;
            return Ok(with_sign_in(&web, response, &begun)?);
        }
        Err(ChangePasswordError::SignIn(error)) => of_proof(error, proof.refused())?,
        Err(ChangePasswordError::New(error)) => of_new_password(error, "new_password")?,
        Err(ChangePasswordError::Fault(fault)) => return Err(fault.into()),
    };
    render(&web, (who, &proof), &page).await
}

/// The page. It names the account, so that programs that keep passwords know which one changes.
async fn render(web: &Web, (who, proof): (SignedIn, &Proof), page: &FormPage) -> Result<Response, PageError> {
    let customer = web.services().read_customer.run(who).await?.ok_or(PageError::SignInFirst)?;
    let fields = [("password", ""), ("new_password", ""), ("again", "")];
    let values = context! {
        email => customer.email.as_str(),
        proof => proof.values(),
        least => web.shop().accounts.password_rule.min(),
    };
    page.render(web, "account_password.html", &fields, values)
}
