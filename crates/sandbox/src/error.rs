//! Errors as Stripe words them: a status, and a body `{"error": {"type", "code", "message", "param", …}}`.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::cards::Decline;

/// What went wrong with a payment: kept on the PaymentIntent and sent to the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PaymentError {
    /// Whose fault: the card's, or the request's.
    pub(crate) kind: ErrorKind,
    /// Stripe's error code, such as `card_declined`.
    pub(crate) code: String,
    /// Why the issuer declined, such as `insufficient_funds`.
    pub(crate) decline_code: Option<String>,
    /// A sentence for the buyer.
    pub(crate) message: String,
    /// The parameter to blame.
    pub(crate) param: Option<String>,
    /// The failed charge.
    pub(crate) charge: Option<String>,
    /// The payment method of the attempt.
    pub(crate) payment_method: Option<String>,
    /// What the network advises to do, such as `try_again_later`.
    pub(crate) advice_code: Option<String>,
    /// The issuer's own code.
    pub(crate) network_decline_code: Option<String>,
}

impl PaymentError {
    /// The error for a declined card.
    pub(crate) fn declined(decline: Decline) -> Self {
        Self {
            kind: ErrorKind::Card,
            code: decline.code().to_owned(),
            decline_code: Some(decline.decline_code().to_owned()),
            message: decline.message().to_owned(),
            param: decline.param().map(str::to_owned),
            charge: None,
            payment_method: None,
            advice_code: decline.advice_code().map(str::to_owned),
            network_decline_code: decline.network_code().map(str::to_owned),
        }
    }

    /// The error for a buyer who failed the 3-D Secure challenge.
    pub(crate) fn authentication_failed() -> Self {
        Self {
            kind: ErrorKind::InvalidRequest,
            code: "payment_intent_authentication_failure".to_owned(),
            decline_code: None,
            message: "We are unable to authenticate your payment method. Please choose a different payment \
                      method and try again."
                .to_owned(),
            param: None,
            charge: None,
            payment_method: None,
            advice_code: None,
            network_decline_code: None,
        }
    }
}

/// Stripe's error types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ErrorKind {
    /// The request was wrong.
    #[serde(rename = "invalid_request_error")]
    InvalidRequest,
    /// The card was.
    #[serde(rename = "card_error")]
    Card,
    /// The idempotency key was used for something else.
    #[serde(rename = "idempotency_error")]
    Idempotency,
    /// The server was.
    #[serde(rename = "api_error")]
    Api,
}

/// An answer that is an error.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    kept: bool,
    began: bool,
    detail: Box<Detail>,
}

#[derive(Clone, Debug, Serialize)]
struct Detail {
    #[serde(skip_serializing_if = "Option::is_none")]
    advice_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    charge: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decline_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doc_url: Option<String>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_decline_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_intent: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<Box<RawValue>>,
    #[serde(rename = "type")]
    kind: ErrorKind,
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: &'a Detail,
}

impl ApiError {
    fn new(status: StatusCode, kind: ErrorKind, message: impl Into<String>) -> Self {
        let detail = Detail {
            advice_code: None,
            charge: None,
            code: None,
            decline_code: None,
            doc_url: None,
            message: message.into(),
            network_decline_code: None,
            param: None,
            payment_intent: None,
            payment_method: None,
            kind,
        };
        Self { status, kept: false, began: false, detail: Box::new(detail) }
    }

    /// 400: the request cannot be understood or done.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorKind::InvalidRequest, message)
    }

    /// 400: the object is in a state that does not allow it. An endpoint that got as far as looking at the
    /// state has begun to execute, so the answer is remembered under the idempotency key.
    pub(crate) fn wrong_state(code: &str, message: impl Into<String>) -> Self {
        let mut error = Self::invalid(message).code(code);
        error.began = true;
        error
    }

    /// 400: a parameter that must be there is not.
    pub(crate) fn missing_parameter(param: String) -> Self {
        Self::invalid(format!("Missing required param: {param}.")).code("parameter_missing").param(param)
    }

    /// 400: a parameter that cannot be unset came empty.
    pub(crate) fn empty_parameter(param: String) -> Self {
        Self::invalid(format!(
            "You passed an empty string for '{param}'. We assume empty values are an attempt to unset a \
             parameter; however '{param}' cannot be unset. You should remove '{param}' from your request or \
             supply a non-empty value."
        ))
        .code("parameter_invalid_empty")
        .param(param)
    }

    /// 400: parameters that this endpoint does not have.
    pub(crate) fn unknown_parameters(params: &[String]) -> Self {
        let noun = if params.len() == 1 { "parameter" } else { "parameters" };
        let error = Self::invalid(format!("Received unknown {noun}: {}", params.join(", ")));
        let first = params.first().cloned().unwrap_or_default();
        error.code("parameter_unknown").param(first)
    }

    /// 404: there is no such object.
    pub(crate) fn no_such(kind: &str, id: &str, param: &str) -> Self {
        let mut error =
            Self::new(StatusCode::NOT_FOUND, ErrorKind::InvalidRequest, format!("No such {kind}: '{id}'"));
        error.detail.param = Some(param.to_owned());
        error.code("resource_missing")
    }

    /// 400: a parameter names an object that does not exist.
    pub(crate) fn names_nothing(kind: &str, id: &str, param: &str) -> Self {
        let mut error = Self::no_such(kind, id, param);
        error.status = StatusCode::BAD_REQUEST;
        error
    }

    /// 404: there is no such endpoint.
    pub(crate) fn unrecognized_url(method: &str, path: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            ErrorKind::InvalidRequest,
            format!("Unrecognized request URL ({method}: {path}). The sandbox does not serve it."),
        )
    }

    /// 401: no key, a wrong key, or a publishable key where a secret one is needed.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, ErrorKind::InvalidRequest, message)
    }

    /// 400: the idempotency key was first used for something else.
    pub(crate) fn idempotency(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorKind::Idempotency, message)
    }

    /// 409: the first request with this idempotency key is still being worked on.
    pub(crate) fn key_in_use(key: &str) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            ErrorKind::InvalidRequest,
            format!(
                "There is currently another in-progress request using this Idempotent Key (that probably means \
                 you submitted twice, and the other request is still going through): {key}. Please try again \
                 later."
            ),
        )
        .code("idempotency_key_in_use")
    }

    /// 402: the card was refused before any charge was tried.
    pub(crate) fn bad_card(code: &str, message: &str, param: String) -> Self {
        Self::new(StatusCode::PAYMENT_REQUIRED, ErrorKind::Card, message).code(code).param(param)
    }

    /// 402: the issuer, or whoever stands before it, said no.
    pub(crate) fn payment_failed(error: &PaymentError) -> Self {
        let mut answer = Self::new(StatusCode::PAYMENT_REQUIRED, error.kind, error.message.clone());
        answer.began = true;
        answer.detail.advice_code.clone_from(&error.advice_code);
        answer.detail.charge.clone_from(&error.charge);
        answer.detail.decline_code.clone_from(&error.decline_code);
        answer.detail.network_decline_code.clone_from(&error.network_decline_code);
        answer.detail.param.clone_from(&error.param);
        answer.code(&error.code)
    }

    /// 429: a fault of the plan.
    pub(crate) fn rate_limited() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            ErrorKind::InvalidRequest,
            "Request rate limit exceeded. You can learn more about rate limits here \
             https://stripe.com/docs/rate-limits.",
        )
        .code("rate_limit")
    }

    /// 5xx: a fault of the plan, or of the journal. The cause is in the log, never in the answer.
    pub(crate) fn server(status: StatusCode) -> Self {
        Self::new(status, ErrorKind::Api, "An unknown error occurred.")
    }

    /// Adds Stripe's error code and the page that explains it.
    pub(crate) fn code(mut self, code: &str) -> Self {
        self.detail.doc_url = Some(format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-")));
        self.detail.code = Some(code.to_owned());
        self
    }

    /// Adds the parameter to blame.
    pub(crate) fn param(mut self, param: impl Into<String>) -> Self {
        self.detail.param = Some(param.into());
        self
    }

    /// Says that what was written before the error stays: a failed charge is a fact.
    pub(crate) fn keeping_writes(mut self) -> Self {
        self.kept = true;
        self
    }

    /// Adds the PaymentIntent as it now is.
    pub(crate) fn payment_intent(mut self, shown: Box<RawValue>) -> Self {
        self.detail.payment_intent = Some(shown);
        self
    }

    /// Hides from a browser what only the server may see.
    pub(crate) fn for_browsers(mut self) -> Self {
        let shown = self.detail.payment_intent.take();
        self.detail.payment_intent = shown.map(|shown| crate::wire::for_browsers(&shown));
        self
    }

    /// Adds the payment method of the attempt.
    pub(crate) fn payment_method(mut self, shown: Option<Box<RawValue>>) -> Self {
        self.detail.payment_method = shown;
        self
    }

    /// Whether what was written before the error stays.
    pub(crate) fn keeps_writes(&self) -> bool {
        self.kept
    }

    /// Whether the endpoint had begun to execute, so that a repeat with the same key gets the same answer.
    pub(crate) fn began(&self) -> bool {
        self.began
    }

    /// A sentence for people.
    pub(crate) fn message(&self) -> &str {
        &self.detail.message
    }

    /// The JSON body.
    pub(crate) fn json(&self) -> Box<RawValue> {
        crate::wire::raw(&Envelope { error: &self.detail })
    }

    /// The JSON body as a tree.
    #[cfg(test)]
    pub(crate) fn body(&self) -> serde_json::Value {
        serde_json::from_str(self.json().get()).unwrap()
    }
}
