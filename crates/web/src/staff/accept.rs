//! `/staff/accept/{token}`: joining the staff, or taking the shop over.

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
use stoa_domain::{account::SessionKind, staff::StaffName};
use stoa_services::{
    account::{SessionHolder, SignedInNow},
    staff::Acceptance,
};

const PAGE: LinkPage = LinkPage {
    title: "Join the staff",
    intro: "You were asked to join. Say what you are called and choose a password.",
    action: "/staff/accept",
    button: "Join",
    names: true,
    dead: Message {
        status: StatusCode::NOT_FOUND,
        title: DEAD,
        text: "It was used already, or is too old, or another one was sent since. If you have joined, sign in; otherwise ask whoever \
               has invited you for another.",
        next: ("/shop", "To the shop"),
    },
};

const JOINED: Message = Message {
    status: StatusCode::OK,
    title: "You have joined",
    text: "Your password is set. Sign in with the program that you run the shop with; without one, by staffSignIn of the API.",
    next: ("/shop", "To the shop"),
};

/// `GET /staff/accept/{token}`
pub(crate) async fn show_accept(
    State(web): State<Web>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    PAGE.show(&web, &NewPasswordForm::opened(token), &FormPage::new())
}

/// `POST /staff/accept`
pub(crate) async fn accept(
    State(web): State<Web>,
    Visitor(by): Visitor,
    Submitted(form): Submitted<NewPasswordForm>,
) -> Result<Response, PageError> {
    let mut errors = form.check();
    let name = StaffName::parse(&form.name);
    if name.is_none() {
        errors.add(
            "name",
            format!("Please say what you are called, in {} characters at most.", StaffName::MAX),
        );
    }
    let Some(name) = name.filter(|_| errors.is_empty()) else {
        return PAGE.show(&web, &form, &FormPage::wrong(errors));
    };
    let given = Acceptance {
        token: form.token.as_str().into(),
        name,
        password: form.password.as_str().into(),
        kind: SessionKind::Cookie,
    };
    match Box::pin(web.services().accept_invitation.run(&given, &by.client)).await {
        Ok(begun) => {
            end(&web, &begun).await;
            JOINED.show(&web)
        }
        Err(error) => match of_link(error, "password")? {
            Some(page) => PAGE.show(&web, &form, &page),
            None => PAGE.dead.show(&web),
        },
    }
}

/// Nobody works as staff on these pages: the sign-in that comes with joining would be one that nobody shows.
async fn end(web: &Web, begun: &SignedInNow) {
    let SignedInNow { realm, subject, session, .. } = *begun;
    if let Err(fault) = web.services().sessions.end(SessionHolder { realm, subject, session }).await {
        tracing::warn!(error = %fault, "a sign-in that nobody shows lives on until its time is over");
    }
}
