//! `/account/activate/{token}`, `/account/reset/{token}`: links of mails that set a password.
//!
//! The token stands in the address once, because a link cannot carry it otherwise. From there it goes into the form, and no page that
//! has it tells anybody its address.

use super::{
    begin::{Browser, Next, begin},
    message::Message,
    notice::Note,
};
use crate::{
    error::PageError,
    forms::{FieldErrors, FormPage, of_link},
    http::{CartCookie, Submitted, Visitor, holds_key, sign_ins_are_kept},
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use minijinja::context;
use serde::Deserialize;
use stoa_domain::account::SessionKind;
use stoa_services::{
    account::SignedInNow,
    customer::{LinkUse, LinkUseError},
};

/// The form: what a link opens, and the password to be.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewPasswordForm {
    /// The token of the link.
    pub(crate) token: String,
    /// What somebody is called who joins the staff.
    pub(crate) name: String,
    /// The password to be.
    pub(crate) password: String,
    again: String,
}

impl NewPasswordForm {
    /// Of somebody who has just opened the link.
    pub(crate) fn opened(token: String) -> Self {
        Self { token, ..Self::default() }
    }

    /// What can be seen to be wrong without asking anybody: nobody sees what they type.
    pub(crate) fn check(&self) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if self.password != self.again {
            errors.add("again", TWO_PASSWORDS);
        }
        errors
    }
}

/// What is beside a password that was typed in two ways.
pub(super) const TWO_PASSWORDS: &str = "This is not the same password as above. Please type both once more.";

/// What a page for a new password says.
pub(crate) struct LinkPage {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) action: &'static str,
    pub(crate) button: &'static str,
    /// Whether a name is asked for as well.
    pub(crate) names: bool,
    /// What is said of a link that does not work: one that was used, that is over, and that never was one.
    pub(crate) dead: Message,
}

impl LinkPage {
    /// The page. Passwords are typed anew each time.
    ///
    /// # Errors
    /// The template does not fit.
    pub(crate) fn show(
        &self,
        web: &Web,
        form: &NewPasswordForm,
        page: &FormPage,
    ) -> Result<Response, PageError> {
        let all = [("name", form.name.as_str()), ("password", ""), ("again", "")];
        let fields = if self.names { &all[..] } else { &all[1..] };
        let values = context! {
            title => self.title,
            intro => self.intro,
            action => self.action,
            button => self.button,
            names => self.names,
            token => &form.token,
            least => web.shop().accounts.password_rule.min(),
        };
        Ok(holds_key(page.render(web, "new_password.html", fields, values)?))
    }
}

const ACTIVATE: LinkPage = LinkPage {
    title: "Open your account",
    intro: "Your address is right. Choose a password, and the account is yours.",
    action: "/account/activate",
    button: "Open the account",
    names: false,
    dead: Message {
        status: StatusCode::NOT_FOUND,
        title: "This link does not work",
        text: "It was used already, or is too old. If your account is open, sign in; otherwise ask for another mail.",
        next: ("/account/register", "Ask for another mail"),
    },
};

const RESET: LinkPage = LinkPage {
    title: "Choose a new password",
    intro: "It counts at once, and ends every sign-in there is.",
    action: "/account/reset",
    button: "Set the password",
    names: false,
    dead: Message {
        status: StatusCode::NOT_FOUND,
        title: "This link does not work",
        text: "It was used already, or is too old. Your password is as it was.",
        next: ("/account/recover", "Ask for another mail"),
    },
};

/// What is said where browsers would not stay signed in.
pub(super) const NOT_KEPT: &str = "This shop is reached without TLS at the moment, and browsers stay signed in over TLS alone. Nothing was \
                        changed, and your link still works. Please try again later.";

/// `GET /account/activate/{token}`
pub(crate) async fn show_activate(
    State(web): State<Web>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    ACTIVATE.show(&web, &NewPasswordForm::opened(token), &FormPage::new())
}

/// `GET /account/reset/{token}`
pub(crate) async fn show_reset(
    State(web): State<Web>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    RESET.show(&web, &NewPasswordForm::opened(token), &FormPage::new())
}

/// `POST /account/activate`
pub(crate) async fn activate(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cart): CartCookie,
    Submitted(form): Submitted<NewPasswordForm>,
) -> Result<Response, PageError> {
    if let Some(refused) = refused(&web, &ACTIVATE, &form)? {
        return Ok(refused);
    }
    let outcome = Box::pin(web.services().activate.run(&link_use(&form), &by.client)).await;
    opened(&web, (&ACTIVATE, &form), outcome, Browser { by, cart }, Note::WELCOME).await
}

/// `POST /account/reset`
pub(crate) async fn reset(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cart): CartCookie,
    Submitted(form): Submitted<NewPasswordForm>,
) -> Result<Response, PageError> {
    if let Some(refused) = refused(&web, &RESET, &form)? {
        return Ok(refused);
    }
    let outcome = Box::pin(web.services().reset.run(&link_use(&form), &by.client)).await;
    opened(&web, (&RESET, &form), outcome, Browser { by, cart }, Note::NEW_PASSWORD).await
}

/// What is said before the link is used up.
fn refused(web: &Web, link: &LinkPage, form: &NewPasswordForm) -> Result<Option<Response>, PageError> {
    if !sign_ins_are_kept(web) {
        return link.show(web, form, &FormPage::in_the_way(NOT_KEPT)).map(Some);
    }
    let errors = form.check();
    if errors.is_empty() { Ok(None) } else { link.show(web, form, &FormPage::wrong(errors)).map(Some) }
}

fn link_use(form: &NewPasswordForm) -> LinkUse {
    LinkUse {
        customer: None,
        token: form.token.as_str().into(),
        password: form.password.as_str().into(),
        kind: SessionKind::Cookie,
    }
}

/// What follows from a link: they are signed in, or it is said why not.
async fn opened(
    web: &Web,
    (link, form): (&LinkPage, &NewPasswordForm),
    outcome: Result<SignedInNow, LinkUseError>,
    browser: Browser,
    note: Note,
) -> Result<Response, PageError> {
    match outcome {
        Ok(begun) => begin(web, browser, &begun, Next::Account(Some(note))).await,
        Err(error) => match of_link(error, "password")? {
            Some(page) => link.show(web, form, &page),
            None => link.dead.show(web),
        },
    }
}
