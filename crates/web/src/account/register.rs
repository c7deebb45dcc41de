//! `GET` and `POST /account/register`: asking for an account.
//!
//! No password is asked for: whoever opens the link in the mail has proved the address, and chooses one then.

use super::{NO_EMAIL, WORDING};
use crate::{
    error::PageError,
    forms::{FieldErrors, FormPage},
    http::{Submitted, Visitor, path, see_other},
    state::Web,
};
use axum::{extract::State, response::Response};
use minijinja::context;
use serde::Deserialize;
use stoa_domain::customer::NameRefusal;
use stoa_services::customer::{DetailsRefusal, GivenDetails, RegisterError, Registration};

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct RegisterForm {
    email: String,
    first_name: String,
    last_name: String,
    /// Not empty: they want advertisements.
    marketing: String,
}

/// `GET /account/register`
pub(crate) async fn show_register(State(web): State<Web>) -> Result<Response, PageError> {
    render(&web, &RegisterForm::default(), &FormPage::new())
}

/// `POST /account/register`
pub(crate) async fn register(
    State(web): State<Web>,
    Visitor(by): Visitor,
    Submitted(form): Submitted<RegisterForm>,
) -> Result<Response, PageError> {
    let new = Registration {
        email: form.email.clone(),
        password: None,
        details: GivenDetails {
            first_name: Some(form.first_name.clone()),
            last_name: Some(form.last_name.clone()),
            ..GivenDetails::default()
        },
        accepts_marketing: !form.marketing.is_empty(),
        wording: Some(WORDING.to_owned()),
    };
    let errors = match Box::pin(web.services().register.run(&new, &by.client)).await {
        Ok(()) => return Ok(see_other(&path(&["account", "mailed"], &[]))?),
        Err(RegisterError::Email) => FieldErrors::beside("email", NO_EMAIL),
        Err(RegisterError::Details(refusal)) => details(refusal),
        // There is neither in the form.
        Err(RegisterError::Password(_) | RegisterError::Wording(_)) => return Err(PageError::Malformed),
        Err(RegisterError::Fault(fault)) => return Err(fault.into()),
    };
    render(&web, &form, &FormPage::wrong(errors))
}

fn render(web: &Web, form: &RegisterForm, page: &FormPage) -> Result<Response, PageError> {
    let fields = [
        ("email", form.email.as_str()),
        ("first_name", form.first_name.as_str()),
        ("last_name", form.last_name.as_str()),
    ];
    let values = context! { marketing => !form.marketing.is_empty(), wording => WORDING };
    page.render(web, "register.html", &fields, values)
}

/// What is said of oneself and cannot be taken.
pub(super) fn details(refusal: DetailsRefusal) -> FieldErrors {
    match refusal {
        DetailsRefusal::FirstName(why) => FieldErrors::beside("first_name", name(why)),
        DetailsRefusal::LastName(why) => FieldErrors::beside("last_name", name(why)),
        DetailsRefusal::Phone => FieldErrors::beside(
            "phone",
            "This is no telephone number. Digits, spaces and + - ( ) . / x are fine.",
        ),
    }
}

fn name(refusal: NameRefusal) -> String {
    match refusal {
        NameRefusal::TooLong { max } => format!("At most {max} characters, please."),
        NameRefusal::HtmlTags => "Please leave out < and >.".to_owned(),
        NameRefusal::Url => "Please leave out addresses of the web.".to_owned(),
    }
}
