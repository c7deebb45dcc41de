//! `/staff/reset/{token}`: a new password of somebody on the staff. It is no sign-in: a second factor is asked for at the next one.

use super::DEAD;
use crate::{
    account::{LinkPage, Message, NewPasswordForm},
    error::PageError,
    forms::{FormPage, of_link},
    http::{Submitted, Visitor},
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use stoa_services::staff::StaffLinkUse;

const PAGE: LinkPage = LinkPage {
    title: "Choose a new password",
    intro: "For whoever works in this shop. It counts at once, and ends every sign-in there is.",
    action: "/staff/reset",
    button: "Set the password",
    names: false,
    dead: Message {
        status: StatusCode::NOT_FOUND,
        title: DEAD,
        text: "It was used already, or is too old. Your password is as it was.",
        next: ("/staff/recover", "Ask for another mail"),
    },
};

const SET: Message = Message {
    status: StatusCode::OK,
    title: "Your password is set",
    text: "Wherever you were signed in, you are no more. Sign in with the program that you run the shop with; without one, by \
           staffSignIn of the API.",
    next: ("/shop", "To the shop"),
};

/// `GET /staff/reset/{token}`
pub(crate) async fn show_reset(
    State(web): State<Web>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    PAGE.show(&web, &NewPasswordForm::opened(token), &FormPage::new())
}

/// `POST /staff/reset`
pub(crate) async fn reset(
    State(web): State<Web>,
    Visitor(by): Visitor,
    Submitted(form): Submitted<NewPasswordForm>,
) -> Result<Response, PageError> {
    let errors = form.check();
    if !errors.is_empty() {
        return PAGE.show(&web, &form, &FormPage::wrong(errors));
    }
    let given = StaffLinkUse { token: form.token.as_str().into(), password: form.password.as_str().into() };
    match Box::pin(web.services().reset_staff.run(&given, &by.client)).await {
        Ok(()) => SET.show(&web),
        Err(error) => match of_link(error, "password")? {
            Some(page) => PAGE.show(&web, &form, &page),
            None => PAGE.dead.show(&web),
        },
    }
}
