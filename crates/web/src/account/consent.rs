//! `POST /account/consent`: whether a customer wants advertisements.

use super::{WORDING, notice::Note};
use crate::{
    error::PageError,
    http::{Owner, Submitted, see_other},
    state::Web,
};
use axum::{extract::State, response::Response};
use serde::Deserialize;
use stoa_services::customer::ConsentError;

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ConsentForm {
    /// Not empty: they do.
    marketing: String,
}

/// `POST /account/consent`
pub(crate) async fn save_consent(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Submitted(form): Submitted<ConsentForm>,
) -> Result<Response, PageError> {
    match web.services().consent.run(who, !form.marketing.is_empty(), Some(WORDING)).await {
        Ok(()) => Ok(see_other(&Note::CONSENT.at(&["account"]))?),
        Err(ConsentError::Unknown) => Err(PageError::SignInFirst),
        // The words are ours.
        Err(ConsentError::Wording(_)) => Err(PageError::Malformed),
        Err(ConsentError::Fault(fault)) => Err(fault.into()),
    }
}
