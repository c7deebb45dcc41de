//! How a PaymentIntent is written.

use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::{Nothing, Null, Show, raw};
use crate::{
    error::{ErrorKind, PaymentError},
    model::{
        AcceptedMethods, CancellationReason, CaptureMethod, ConfirmationMethod, FutureUsage, Metadata,
        NextAction, PaymentIntent, PaymentMethod, Shipping, State, ThreeDSecureWish,
    },
    money::Currency,
    store::Tx,
};

#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    object: &'static str,
    amount: i64,
    amount_capturable: i64,
    amount_details: AmountDetails,
    amount_received: i64,
    application: Null,
    application_fee_amount: Null,
    automatic_payment_methods: Option<Automatic>,
    canceled_at: Option<i64>,
    cancellation_reason: Option<CancellationReason>,
    capture_method: CaptureMethod,
    client_secret: &'a str,
    confirmation_method: ConfirmationMethod,
    created: i64,
    currency: Currency,
    customer: Option<&'a str>,
    customer_account: Null,
    description: Option<&'a str>,
    excluded_payment_method_types: Null,
    last_payment_error: Option<ErrorView<'a>>,
    latest_charge: Option<&'a str>,
    livemode: bool,
    metadata: &'a Metadata,
    next_action: Option<NextActionView<'a>>,
    on_behalf_of: Null,
    payment_method: Option<&'a str>,
    payment_method_configuration_details: Null,
    payment_method_options: Options,
    payment_method_types: Vec<&'a str>,
    processing: Option<Processing>,
    receipt_email: Option<&'a str>,
    review: Null,
    setup_future_usage: Option<FutureUsage>,
    shipping: Option<&'a Shipping>,
    source: Null,
    statement_descriptor: Option<&'a str>,
    statement_descriptor_suffix: Option<&'a str>,
    status: &'static str,
    transfer_data: Null,
    transfer_group: Null,
}

#[derive(Serialize)]
struct AmountDetails {
    tip: Nothing,
}

#[derive(Serialize)]
struct Automatic {
    allow_redirects: &'static str,
    enabled: bool,
}

#[derive(Serialize)]
struct Options {
    card: CardOptions,
}

#[derive(Serialize)]
struct CardOptions {
    installments: Null,
    mandate_options: Null,
    network: Null,
    request_three_d_secure: ThreeDSecureWish,
}

#[derive(Serialize)]
struct Processing {
    card: ProcessingCard,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct ProcessingCard {
    customer_notification: Null,
}

#[derive(Serialize)]
struct ErrorView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    advice_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    charge: Option<&'a str>,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    decline_code: Option<&'a str>,
    doc_url: String,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_decline_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<Box<RawValue>>,
    #[serde(rename = "type")]
    kind: ErrorKind,
}

impl<'a> ErrorView<'a> {
    fn new(error: &'a PaymentError, tx: &Tx<'_>) -> Self {
        let method = error.payment_method.as_deref().and_then(|id| tx.find::<PaymentMethod>(id));
        Self {
            advice_code: error.advice_code.as_deref(),
            charge: error.charge.as_deref(),
            code: &error.code,
            decline_code: error.decline_code.as_deref(),
            doc_url: format!("https://stripe.com/docs/error-codes/{}", error.code.replace('_', "-")),
            message: &error.message,
            network_decline_code: error.network_decline_code.as_deref(),
            param: error.param.as_deref(),
            payment_method: method.map(|method| method.show(tx)),
            kind: error.kind,
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum NextActionView<'a> {
    RedirectToUrl { redirect_to_url: Redirect<'a> },
    UseStripeSdk { use_stripe_sdk: SdkAction },
}

#[derive(Serialize)]
struct Redirect<'a> {
    return_url: &'a str,
    url: String,
}

#[derive(Serialize)]
struct SdkAction {
    #[serde(rename = "type")]
    kind: &'static str,
    stripe_js: String,
}

impl<'a> NextActionView<'a> {
    fn new(intent: &'a PaymentIntent, action: &'a NextAction, tx: &Tx<'_>) -> Self {
        match action {
            NextAction::RedirectToUrl { return_url } => Self::RedirectToUrl {
                redirect_to_url: Redirect { return_url, url: page(intent, Some(return_url), tx) },
            },
            NextAction::UseStripeSdk => Self::UseStripeSdk {
                use_stripe_sdk: SdkAction {
                    kind: "three_d_secure_redirect",
                    stripe_js: page(intent, None, tx),
                },
            },
        }
    }
}

/// The page on which a buyer completes the payment, the 3-D Secure challenge included.
fn page(intent: &PaymentIntent, return_url: Option<&str>, tx: &Tx<'_>) -> String {
    let mut url = tx.public_url().clone();
    url.set_path(&format!("/sandbox/pay/{}", intent.id));
    {
        let mut query = url.query_pairs_mut();
        query.clear().append_pair("client_secret", &intent.client_secret);
        if let Some(return_url) = return_url {
            query.append_pair("return_url", return_url);
        }
    }
    url.into()
}

impl Show for PaymentIntent {
    fn show(&self, tx: &Tx<'_>) -> Box<RawValue> {
        let (mut capturable, mut received) = (0, 0);
        let (mut canceled_at, mut cancellation_reason) = (None, None);
        let (mut next_action, mut processing) = (None, None);
        match &self.state {
            State::RequiresPaymentMethod | State::RequiresConfirmation { .. } => {}
            State::RequiresAction(action) => next_action = Some(NextActionView::new(self, action, tx)),
            State::Processing => {
                processing =
                    Some(Processing { card: ProcessingCard { customer_notification: () }, kind: "card" });
            }
            State::RequiresCapture { capturable: amount } => capturable = *amount,
            State::Succeeded { received: amount } => received = *amount,
            State::Canceled { at, reason } => (canceled_at, cancellation_reason) = (Some(*at), *reason),
        }
        raw(&View {
            id: &self.id,
            object: "payment_intent",
            amount: self.amount,
            amount_capturable: capturable,
            amount_details: AmountDetails { tip: Nothing {} },
            amount_received: received,
            application: (),
            application_fee_amount: (),
            automatic_payment_methods: match &self.methods {
                AcceptedMethods::Automatic { redirects } => Some(Automatic {
                    allow_redirects: if *redirects { "always" } else { "never" },
                    enabled: true,
                }),
                AcceptedMethods::Listed(_) => None,
            },
            canceled_at,
            cancellation_reason,
            capture_method: self.capture_method,
            client_secret: &self.client_secret,
            confirmation_method: self.confirmation_method,
            created: self.created,
            currency: self.currency,
            customer: self.customer.as_deref(),
            customer_account: (),
            description: self.description.as_deref(),
            excluded_payment_method_types: (),
            last_payment_error: self.last_payment_error.as_ref().map(|error| ErrorView::new(error, tx)),
            latest_charge: self.latest_charge.as_deref(),
            livemode: false,
            metadata: &self.metadata,
            next_action,
            on_behalf_of: (),
            payment_method: self.payment_method.as_deref(),
            payment_method_configuration_details: (),
            payment_method_options: Options {
                card: CardOptions {
                    installments: (),
                    mandate_options: (),
                    network: (),
                    request_three_d_secure: self.three_d_secure,
                },
            },
            payment_method_types: match &self.methods {
                AcceptedMethods::Automatic { .. } => vec!["card"],
                AcceptedMethods::Listed(types) => types.iter().map(String::as_str).collect(),
            },
            processing,
            receipt_email: self.receipt_email.as_deref(),
            review: (),
            setup_future_usage: self.setup_future_usage,
            shipping: self.shipping.as_ref(),
            source: (),
            statement_descriptor: self.statement_descriptor.as_deref(),
            statement_descriptor_suffix: self.statement_descriptor_suffix.as_deref(),
            status: self.state.name(),
            transfer_data: (),
            transfer_group: (),
        })
    }
}

/// The fields that a publishable key may see.
const BROWSER_FIELDS: &[&str] = &[
    "id",
    "object",
    "amount",
    "amount_details",
    "automatic_payment_methods",
    "canceled_at",
    "cancellation_reason",
    "capture_method",
    "client_secret",
    "confirmation_method",
    "created",
    "currency",
    "description",
    "last_payment_error",
    "livemode",
    "next_action",
    "payment_method",
    "payment_method_types",
    "processing",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "source",
    "status",
];

/// A written PaymentIntent without what only the server may see: customer, metadata, charges.
pub(crate) fn for_browsers(shown: &RawValue) -> Box<RawValue> {
    let Ok(Value::Object(mut fields)) = serde_json::from_str(shown.get()) else { return shown.to_owned() };
    if fields.get("object").and_then(Value::as_str) == Some("payment_intent") {
        fields.retain(|name, _| BROWSER_FIELDS.contains(&name.as_str()));
    }
    raw(&fields)
}
