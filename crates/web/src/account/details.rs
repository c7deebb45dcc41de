//! `GET` and `POST /account/details`: what a customer is called, and their telephone.

use super::{notice::Note, register::details};
use crate::{
    error::PageError,
    forms::FormPage,
    http::{Owner, Submitted, see_other},
    state::Web,
};
use axum::{extract::State, response::Response};
use minijinja::context;
use serde::Deserialize;
use stoa_domain::customer::CustomerName;
use stoa_services::customer::{GivenDetails, UpdateError};

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct DetailsForm {
    first_name: String,
    last_name: String,
    phone: String,
}

/// `GET /account/details`
pub(crate) async fn show_details(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
) -> Result<Response, PageError> {
    let customer = web.services().read_customer.run(who).await?.ok_or(PageError::SignInFirst)?;
    let name = |name: Option<CustomerName>| name.map(|name| name.to_string()).unwrap_or_default();
    let form = DetailsForm {
        first_name: name(customer.first_name),
        last_name: name(customer.last_name),
        phone: customer.phone.unwrap_or_default(),
    };
    render(&web, &form, &FormPage::new())
}

/// `POST /account/details`
pub(crate) async fn change_details(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Submitted(form): Submitted<DetailsForm>,
) -> Result<Response, PageError> {
    // What is empty is taken away.
    let given = GivenDetails {
        first_name: Some(form.first_name.clone()),
        last_name: Some(form.last_name.clone()),
        phone: Some(form.phone.clone()),
        locale: None,
    };
    match web.services().update_customer.run(who, &given).await {
        Ok(_) => Ok(see_other(&Note::DETAILS.at(&["account"]))?),
        Err(UpdateError::Details(refusal)) => render(&web, &form, &FormPage::wrong(details(refusal))),
        Err(UpdateError::Unknown) => Err(PageError::SignInFirst),
        Err(UpdateError::Fault(fault)) => Err(fault.into()),
    }
}

fn render(web: &Web, form: &DetailsForm, page: &FormPage) -> Result<Response, PageError> {
    let fields = [
        ("first_name", form.first_name.as_str()),
        ("last_name", form.last_name.as_str()),
        ("phone", form.phone.as_str()),
    ];
    page.render(web, "account_details.html", &fields, context! {})
}
