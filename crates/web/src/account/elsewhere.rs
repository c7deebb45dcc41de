//! Signing in with what somebody has elsewhere: the ways to the shop's providers, what follows when a browser comes back from one, and
//! `/account/link/{token}`, which ties what it has shown there to an account that there was.
//!
//! The way itself is the API's (`/auth/oidc/{provider}`). It is a link and no form: a form may lead nowhere but to this shop.

use super::{
    begin::{Browser, Next, begin, go_on},
    link::NOT_KEPT,
    message::Message,
    notice::Note,
    overview::of_list,
    sign_in::NextQuery,
};
use crate::{
    error::PageError,
    forms::FormPage,
    http::{
        CartCookie, IdentityCookie, Navigation, Owner, Submitted, Visitor, holds_key, path, see_other,
        sign_ins_are_kept, without_identity,
    },
    state::Web,
};
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use chrono::TimeDelta;
use http::StatusCode;
use minijinja::{Value, context};
use serde::Deserialize;
use stoa_domain::{access::SignedIn, account::SessionKind, shared::page::PageRequest};
use stoa_services::account::{SessionHolder, oidc::ConfirmIdentityError};

/// For a template: `{ title, url }` of each provider, in the order of the settings. `next` is where one goes then.
pub(super) fn providers(web: &Web, next: Next) -> Vec<Value> {
    let back = path(&["account", "signed-in"], &[("next", next.code())]);
    let all = web.services().oidc_providers().iter();
    all.map(|provider| of_provider(provider.name(), provider.title(), &back)).collect()
}

/// For a template: `{ title, url }` of one provider, from which one comes back to that address of ours.
pub(super) fn of_provider(name: &str, title: &str, back: &str) -> Value {
    context! { title, url => path(&["auth", "oidc", name], &[("return_to", back)]) }
}

/// For how long a sign-in is one that the browser is just back with: as long as a slow network takes.
const JUST_NOW: TimeDelta = TimeDelta::minutes(2);

/// `GET /account/signed-in`: the browser is back from a provider, and signed in by a cookie already. What is in its cart is theirs from
/// now on.
///
/// Of somebody who has been signed in for longer nothing is changed: a page of somebody else's, which has given the browser a cart by a
/// link, could have sent them here to have it in theirs.
pub(crate) async fn show_signed_in(
    _: Navigation,
    State(web): State<Web>,
    Owner { who, client }: Owner,
    CartCookie(cart): CartCookie,
    Query(query): Query<NextQuery>,
) -> Result<Response, PageError> {
    if !has_just_signed_in(&web, who).await? {
        return Ok(see_other(&path(&["account"], &[]))?);
    }
    go_on(&web, (who, client), cart, Next::of(&query.next)).await
}

async fn has_just_signed_in(web: &Web, who: SignedIn) -> Result<bool, PageError> {
    let latest = web.services().sessions.list(SessionHolder::from(who), &PageRequest::first(1)).await;
    let latest = latest.map_err(of_list)?;
    let since = web.services().now() - JUST_NOW;
    Ok(latest.nodes().any(|session| session.id == who.session && session.created_at >= since))
}

/// The form that ties.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct LinkForm {
    token: String,
}

const DEAD: Message = Message {
    status: StatusCode::NOT_FOUND,
    title: "This link does not work",
    text: "It was used already, or is too old. Your account is as it was.",
    next: ("/account/sign-in", "To the sign-in"),
};

const OTHER_BROWSER: Message = Message {
    status: StatusCode::CONFLICT,
    title: "Please use the other browser",
    text: "This link works in the browser alone in which you have just signed in elsewhere. Open it there. If that was not you, there \
           is nothing to do: your account is as it was.",
    next: ("/account/sign-in", "To the sign-in"),
};

const TAKEN: Message = Message {
    status: StatusCode::CONFLICT,
    title: "This opens another account",
    text: "What you have there opens another account of this shop already. Both accounts are as they were.",
    next: ("/account/sign-in", "To the sign-in"),
};

/// `GET /account/link/{token}`
pub(crate) async fn show_confirm_link(
    State(web): State<Web>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    render(&web, &token, &FormPage::new())
}

/// `POST /account/link`
pub(crate) async fn confirm_link(
    State(web): State<Web>,
    Visitor(by): Visitor,
    CartCookie(cart): CartCookie,
    IdentityCookie(shown): IdentityCookie,
    Submitted(form): Submitted<LinkForm>,
) -> Result<Response, PageError> {
    if !sign_ins_are_kept(&web) {
        return render(&web, &form.token, &FormPage::in_the_way(NOT_KEPT));
    }
    let given = (form.token.as_str(), shown.as_deref());
    match Box::pin(web.services().confirm_identity.run(given, SessionKind::Cookie, &by.client)).await {
        Ok(begun) => {
            let next = Next::Account(Some(Note::LINKED));
            let response = begin(&web, Browser { by, cart }, &begun, next).await?;
            Ok(without_identity(response))
        }
        Err(ConfirmIdentityError::Invalid) => DEAD.show(&web),
        Err(ConfirmIdentityError::OtherBrowser) => OTHER_BROWSER.show(&web),
        Err(ConfirmIdentityError::IdentityTaken) => TAKEN.show(&web),
        Err(ConfirmIdentityError::Fault(fault)) => Err(fault.into()),
    }
}

fn render(web: &Web, token: &str, page: &FormPage) -> Result<Response, PageError> {
    Ok(holds_key(page.render(web, "link_confirm.html", &[], context! { token })?))
}
