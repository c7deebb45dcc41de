//! `GET` and `POST /sandbox/pay/{payment_intent}`

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use minijinja::{Value, context};
use serde::Deserialize;
use url::Url;

use super::{html, return_url, see_other};
use crate::{
    cards::{CardEntry, Typed, by_number, quick_choices},
    error::ApiError,
    ids,
    model::{BillingDetails, NextAction, PaymentIntent, State as Status},
    ops::{payment_intents, payment_methods},
    shared::Shared,
    store::{Origin, Tx},
    wire::Object,
};

/// What the address of the page carries.
#[derive(Deserialize)]
pub(crate) struct Link {
    #[serde(default)]
    client_secret: String,
    return_url: Option<String>,
}

/// What the forms send.
#[derive(Deserialize)]
pub(crate) struct Submission {
    #[serde(flatten)]
    link: Link,
    #[serde(default)]
    action: String,
    /// The number behind one of the quick buttons; it counts instead of the fields.
    test_card: Option<String>,
    #[serde(default)]
    number: String,
    #[serde(default)]
    expiry: String,
    #[serde(default)]
    cvc: String,
    #[serde(default)]
    name: String,
}

/// A visit: the payment, and where the payer came from.
struct Visit {
    intent: Arc<PaymentIntent>,
    return_to: Option<Url>,
}

/// Shows what the payment needs next.
pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Query(link): Query<Link>,
) -> Response {
    match visit(&shared, &id, &link) {
        Ok(visit) => page(&shared, &visit, None),
        Err(refusal) => *refusal,
    }
}

/// Does what the payer chose, and sends the browser on.
pub(crate) async fn submit(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Form(form): Form<Submission>,
) -> Response {
    let visit = match visit(&shared, &id, &form.link) {
        Ok(visit) => visit,
        Err(refusal) => return *refusal,
    };
    if form.action == "cancel" {
        return go_back(&shared, &visit, "failed");
    }
    let challenged = matches!(form.action.as_str(), "authenticate" | "fail");
    let origin = Origin { request_id: Some(ids::request()), idempotency_key: None };
    let done = shared.transact(&origin, |tx| {
        // Read again: another window may have been faster.
        let intent = payment_intents::by_secret(tx, &id, &form.link.client_secret)?;
        let done = if challenged {
            payment_intents::authenticate(tx, &id, form.action == "authenticate")
        } else {
            pay(tx, &intent, &form, visit.return_to.as_ref())
        };
        match done {
            Err(error) if !error.keeps_writes() => Err(error),
            done => Ok(done),
        }
    });
    match done.and_then(|done| done) {
        Ok(Object::PaymentIntent(intent)) => {
            let visit = Visit { intent, ..visit };
            next(&shared, &visit, challenged)
        }
        Ok(_) => page(&shared, &visit, None),
        // The decline is written on the payment: the page shows it.
        Err(error) if error.keeps_writes() => see_other(&own_address(&visit)),
        Err(error) => page(&shared, &visit, Some((&error, &form))),
    }
}

fn visit(shared: &Shared, id: &str, link: &Link) -> Result<Visit, Box<Response>> {
    let refuse = |status, title: &str, text: &str| {
        Box::new(html(status, shared.pages.render("result.html", context! { title, text }), None))
    };
    let found =
        shared.transact(&Origin::default(), |tx| payment_intents::by_secret(tx, id, &link.client_secret));
    let Ok(intent) = found else {
        return Err(refuse(
            StatusCode::NOT_FOUND,
            "No such payment",
            "This link is incomplete or belongs to no payment. Please go back to the shop and try again.",
        ));
    };
    let kept = match &intent.state {
        Status::RequiresAction(NextAction::RedirectToUrl { return_url }) => Some(return_url.as_str()),
        _ => None,
    };
    let asked = link.return_url.as_deref().filter(|url| !url.is_empty());
    let return_to = match asked.or(kept) {
        None => None,
        Some(url) => match return_url::allowed(url, &shared.config.public_url) {
            Some(url) => Some(url),
            None if asked.is_some() => {
                return Err(refuse(
                    StatusCode::BAD_REQUEST,
                    "This return address is not allowed",
                    "The test payment page returns only to this machine or to its own origin.",
                ));
            }
            None => None,
        },
    };
    Ok(Visit { intent, return_to })
}

fn pay(
    tx: &mut Tx<'_>,
    intent: &PaymentIntent,
    form: &Submission,
    return_to: Option<&Url>,
) -> Result<Object, ApiError> {
    let entry = match form.test_card.as_deref().and_then(by_number) {
        Some(card) => CardEntry::of_test_card(card, tx.now),
        None => typed_card(form, tx.now)?,
    };
    let name = form.name.trim();
    let billing =
        BillingDetails { name: (!name.is_empty()).then(|| name.to_owned()), ..BillingDetails::default() };
    let method = payment_methods::keep(tx, &entry, billing);
    payment_intents::pay(tx, intent, method, return_to.map(Url::as_str))
}

fn typed_card(form: &Submission, now: i64) -> Result<CardEntry, ApiError> {
    let (month, year) = form.expiry.split_once('/').unwrap_or((&form.expiry, ""));
    // What is no number is no month either: -1 is refused with the right words.
    let number = |text: &str| text.trim().parse().unwrap_or(-1);
    let typed = Typed {
        number: form.number.trim(),
        exp_month: number(month),
        exp_year: number(year),
        cvc: Some(form.cvc.trim()),
    };
    CardEntry::parse(&typed, "", now)
}

/// Where the payer goes after something was done. The end of a challenge leads back to the shop either way, as at
/// Stripe.
fn next(shared: &Shared, visit: &Visit, challenged: bool) -> Response {
    match &visit.intent.state {
        Status::Succeeded { .. } | Status::RequiresCapture { .. } => go_back(shared, visit, "succeeded"),
        Status::RequiresConfirmation { .. } if challenged => go_back(shared, visit, "succeeded"),
        Status::Processing => go_back(shared, visit, "pending"),
        Status::RequiresPaymentMethod if challenged && visit.return_to.is_some() => {
            go_back(shared, visit, "failed")
        }
        Status::RequiresPaymentMethod
        | Status::RequiresConfirmation { .. }
        | Status::RequiresAction(_)
        | Status::Canceled { .. } => see_other(&own_address(visit)),
    }
}

fn go_back(shared: &Shared, visit: &Visit, redirect_status: &str) -> Response {
    match &visit.return_to {
        Some(url) => see_other(return_url::with_result(url.clone(), &visit.intent, redirect_status).as_str()),
        None if redirect_status == "failed" => {
            let text = "Nothing has been charged. You can close this window.";
            html(
                StatusCode::OK,
                shared.pages.render("result.html", context! { title => "Canceled", text }),
                None,
            )
        }
        None => see_other(&own_address(visit)),
    }
}

/// The address of this page, for a redirect after a form.
fn own_address(visit: &Visit) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("client_secret", &visit.intent.client_secret);
    if let Some(url) = &visit.return_to {
        query.append_pair("return_url", url.as_str());
    }
    format!("/sandbox/pay/{}?{}", visit.intent.id, query.finish())
}

/// The page for the state of the payment, with what was wrong with the last form.
fn page(shared: &Shared, visit: &Visit, problem: Option<(&ApiError, &Submission)>) -> Response {
    let intent = &visit.intent;
    let amount = intent.currency.show(intent.amount);
    let amount = amount.as_str();
    let result = |title: &str, text: &str, redirect_status: &str| {
        let back = visit
            .return_to
            .clone()
            .map(|url| String::from(return_url::with_result(url, intent, redirect_status)));
        ("result.html", context! { title, text, amount, back })
    };
    let (template, context) = match &intent.state {
        Status::RequiresPaymentMethod | Status::RequiresConfirmation { .. } => {
            ("pay.html", form_context(visit, amount, problem))
        }
        Status::RequiresAction(_) => ("challenge.html", common(visit, amount)),
        Status::Processing => result("On its way", "The bank takes its time with this payment.", "pending"),
        Status::RequiresCapture { .. } => {
            result("Authorised", "The amount is held until the shop captures it.", "succeeded")
        }
        Status::Succeeded { .. } => result("Paid", "Thank you. You can close this window.", "succeeded"),
        Status::Canceled { .. } => result("Canceled", "The shop has canceled this payment.", "failed"),
    };
    let status = problem.map_or(StatusCode::OK, |(error, _)| error.status);
    html(status, shared.pages.render(template, context), visit.return_to.as_ref())
}

fn common(visit: &Visit, amount: &str) -> Value {
    let intent = &visit.intent;
    context! {
        id => intent.id.as_str(),
        amount,
        description => intent.description.as_deref(),
        client_secret => intent.client_secret.as_str(),
        return_url => visit.return_to.as_ref().map(Url::as_str),
    }
}

fn form_context(visit: &Visit, amount: &str, problem: Option<(&ApiError, &Submission)>) -> Value {
    let declined = visit.intent.last_payment_error.as_ref().map(|error| error.message.as_str());
    let message = problem.map(|(error, _)| error.message()).or(declined);
    let typed = match problem {
        Some((_, form)) if form.test_card.is_none() => {
            context! {
                number => form.number.as_str(),
                expiry => form.expiry.as_str(),
                cvc => form.cvc.as_str(),
                name => form.name.as_str(),
            }
        }
        _ => context! { number => "4242 4242 4242 4242", expiry => "12 / 34", cvc => "123", name => "" },
    };
    let cards: Vec<Value> = quick_choices()
        .map(|card| context! { number => card.number, spaced => spaced(card.number), shows => card.shows })
        .collect();
    context! { message, typed, cards, ..common(visit, amount) }
}

/// A number in groups of four, as it stands on the card.
fn spaced(number: &str) -> String {
    let mut text = String::with_capacity(number.len() + 4);
    for (place, digit) in number.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
