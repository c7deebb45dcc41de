//! `GET` and `POST /staff/recover`: a password that somebody on the staff has forgotten.

use crate::{
    account::RecoverForm,
    error::PageError,
    http::{Submitted, Visitor, path, see_other},
    state::Web,
};
use axum::{extract::State, response::Response};

const ACTION: &str = "/staff/recover";

/// `GET /staff/recover`
pub(crate) async fn show_recover(State(web): State<Web>) -> Result<Response, PageError> {
    RecoverForm::default().render(&web, ACTION)
}

/// `POST /staff/recover`
pub(crate) async fn recover(
    State(web): State<Web>,
    Visitor(by): Visitor,
    Submitted(form): Submitted<RecoverForm>,
) -> Result<Response, PageError> {
    if !form.names_somebody() {
        return form.render(&web, ACTION);
    }
    Box::pin(web.services().recover_staff.run(&form.email, &by.client)).await?;
    Ok(see_other(&path(&["staff", "mailed"], &[]))?)
}
