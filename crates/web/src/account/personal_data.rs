//! `POST /account/archive`, `GET` and `POST /account/erase`: what is known of a customer, for them, and taking it out.

use super::{
    notice::Note,
    proof::{Proof, typed},
    sign_out::left,
};
use crate::{
    error::PageError,
    forms::{FormPage, of_proof},
    http::{Owner, Submitted, see_other},
    state::Web,
};
use axum::{extract::State, response::Response};
use minijinja::context;
use serde::Deserialize;
use stoa_domain::customer::ErasureObstacle;
use stoa_services::customer::EraseError;

/// Where the form is that takes somebody out.
const ERASE: [&str; 2] = ["account", "erase"];

/// The form that takes somebody out.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct EraseForm {
    password: String,
}

/// `POST /account/archive`
pub(crate) async fn ask_for_archive(
    State(web): State<Web>,
    Owner { who, client }: Owner,
) -> Result<Response, PageError> {
    web.services().archive.ask(who, &client).await?;
    Ok(see_other(&Note::ARCHIVE.at(&["account"]))?)
}

/// `GET /account/erase`
pub(crate) async fn show_erase(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
) -> Result<Response, PageError> {
    let proof = Proof::of(&web, who, &ERASE).await?;
    render(&web, &proof, &FormPage::new())
}

/// `POST /account/erase`
pub(crate) async fn erase(
    State(web): State<Web>,
    Owner { who, client }: Owner,
    Submitted(form): Submitted<EraseForm>,
) -> Result<Response, PageError> {
    let proof = Proof::of(&web, who, &ERASE).await?;
    let by = typed(&form.password);
    let page = match Box::pin(web.services().erase.run(who, by, &client)).await {
        Ok(()) => return left(Note::ERASED),
        Err(EraseError::Obstacle(obstacle)) => FormPage::in_the_way(match obstacle {
            ErasureObstacle::AwaitingPayment => {
                "One of your orders still waits to be paid. Please pay it, or wait until it ends by itself. Nothing was erased."
            }
            ErasureObstacle::Unsent => {
                "One of your orders is paid and still has to be sent. Please wait until it is. Nothing was erased."
            }
        }),
        Err(EraseError::SignIn(error)) => of_proof(error, proof.refused())?,
        Err(EraseError::Fault(fault)) => return Err(fault.into()),
    };
    render(&web, &proof, &page)
}

fn render(web: &Web, proof: &Proof, page: &FormPage) -> Result<Response, PageError> {
    let values = context! { proof => proof.values(), years => web.shop().privacy.keep_orders_years };
    page.render(web, "account_erase.html", &[("password", "")], values)
}
