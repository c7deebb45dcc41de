//! How a charge is written.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Nothing, Null, Show, payment_method::Checks, raw};
use crate::{
    cards::{Brand, Funding},
    model::{BillingDetails, Charge, ChargeState, Metadata, Outcome, Shipping},
    money::Currency,
    store::Tx,
};

/// Card networks hold an authorisation for a week.
const AUTHORISED_FOR: i64 = 7 * 24 * 60 * 60;

#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    object: &'static str,
    amount: i64,
    amount_captured: i64,
    amount_refunded: i64,
    application: Null,
    application_fee: Null,
    application_fee_amount: Null,
    balance_transaction: Option<String>,
    billing_details: Billing<'a>,
    calculated_statement_descriptor: Option<&'a str>,
    captured: bool,
    created: i64,
    currency: Currency,
    customer: Option<&'a str>,
    description: Option<&'a str>,
    destination: Null,
    dispute: Null,
    disputed: bool,
    failure_balance_transaction: Null,
    failure_code: Option<&'a str>,
    failure_message: Option<&'a str>,
    fraud_details: FraudDetails<'a>,
    livemode: bool,
    metadata: &'a Metadata,
    on_behalf_of: Null,
    order: Null,
    outcome: OutcomeView<'a>,
    paid: bool,
    payment_intent: &'a str,
    payment_method: &'a str,
    payment_method_details: Details<'a>,
    radar_options: Nothing,
    receipt_email: Option<&'a str>,
    receipt_number: Null,
    receipt_url: Null,
    refunded: bool,
    review: Null,
    shipping: Option<&'a Shipping>,
    source: Null,
    source_transfer: Null,
    statement_descriptor: Option<&'a str>,
    statement_descriptor_suffix: Option<&'a str>,
    status: &'static str,
    transfer_data: Null,
    transfer_group: Null,
}

/// Billing details as charges and payment methods write them.
#[derive(Serialize)]
pub(super) struct Billing<'a> {
    #[serde(flatten)]
    details: &'a BillingDetails,
    tax_id: Null,
}

impl<'a> Billing<'a> {
    pub(super) fn new(details: &'a BillingDetails) -> Self {
        Self { details, tax_id: () }
    }
}

#[derive(Serialize)]
struct FraudDetails<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_report: Option<&'a str>,
}

#[derive(Serialize)]
struct OutcomeView<'a> {
    advice_code: Option<&'a str>,
    network_advice_code: Null,
    network_decline_code: Option<&'a str>,
    network_status: &'a str,
    reason: Option<&'a str>,
    risk_level: &'a str,
    risk_score: u8,
    seller_message: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
}

impl<'a> OutcomeView<'a> {
    fn new(outcome: &'a Outcome) -> Self {
        Self {
            advice_code: outcome.advice_code.as_deref(),
            network_advice_code: (),
            network_decline_code: outcome.network_decline_code.as_deref(),
            network_status: &outcome.network_status,
            reason: outcome.reason.as_deref(),
            risk_level: &outcome.risk_level,
            // Stripe's scale: normal below 65, elevated below 75.
            risk_score: match outcome.risk_level.as_str() {
                "highest" => 90,
                "elevated" => 70,
                _ => 20,
            },
            seller_message: &outcome.seller_message,
            kind: &outcome.kind,
        }
    }
}

#[derive(Serialize)]
struct Details<'a> {
    card: CardDetails<'a>,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct CardDetails<'a> {
    amount_authorized: Option<i64>,
    authorization_code: Null,
    brand: Brand,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture_before: Option<i64>,
    checks: Checks,
    country: Option<&'a str>,
    exp_month: u32,
    exp_year: i32,
    extended_authorization: Status,
    fingerprint: &'a str,
    funding: Funding,
    incremental_authorization: Status,
    installments: Null,
    last4: &'a str,
    mandate: Null,
    multicapture: Status,
    network: Brand,
    network_token: NetworkToken,
    network_transaction_id: Null,
    overcapture: Overcapture,
    regulated_status: &'static str,
    three_d_secure: Option<ThreeDSecure>,
    wallet: Null,
}

#[derive(Serialize)]
struct Status {
    status: &'static str,
}

#[derive(Serialize)]
struct NetworkToken {
    used: bool,
}

#[derive(Serialize)]
struct Overcapture {
    maximum_amount_capturable: i64,
    status: &'static str,
}

#[derive(Serialize)]
struct ThreeDSecure {
    authentication_flow: &'static str,
    electronic_commerce_indicator: &'static str,
    exemption_indicator: Null,
    result: &'static str,
    result_reason: Null,
    transaction_id: Null,
    version: &'static str,
}

impl<'a> CardDetails<'a> {
    fn new(charge: &'a Charge) -> Self {
        let card = &charge.card;
        let held = charge.state == ChargeState::Succeeded { captured: false };
        Self {
            amount_authorized: matches!(charge.state, ChargeState::Succeeded { .. }).then_some(charge.amount),
            authorization_code: (),
            brand: card.brand,
            capture_before: held.then_some(charge.created + AUTHORISED_FOR),
            checks: Checks::new(card, &charge.billing_details.address),
            country: card.country.as_deref(),
            exp_month: card.exp_month,
            exp_year: card.exp_year,
            extended_authorization: Status { status: "disabled" },
            fingerprint: &card.fingerprint,
            funding: card.funding,
            incremental_authorization: Status { status: "unavailable" },
            installments: (),
            last4: &card.last4,
            mandate: (),
            multicapture: Status { status: "unavailable" },
            network: card.brand,
            network_token: NetworkToken { used: false },
            network_transaction_id: (),
            overcapture: Overcapture { maximum_amount_capturable: charge.amount, status: "unavailable" },
            regulated_status: "unregulated",
            three_d_secure: charge.authenticated.then_some(ThreeDSecure {
                authentication_flow: "challenge",
                electronic_commerce_indicator: "05",
                exemption_indicator: (),
                result: "authenticated",
                result_reason: (),
                transaction_id: (),
                version: "2.2.0",
            }),
            wallet: (),
        }
    }
}

impl Show for Charge {
    fn show(&self, _: &Tx<'_>) -> Box<RawValue> {
        let (failure_code, failure_message) = match &self.state {
            ChargeState::Failed { code, message } => (Some(code.as_str()), Some(message.as_str())),
            ChargeState::Pending | ChargeState::Succeeded { .. } => (None, None),
        };
        raw(&View {
            id: &self.id,
            object: "charge",
            amount: self.amount,
            amount_captured: self.amount_captured,
            amount_refunded: self.amount_refunded,
            application: (),
            application_fee: (),
            application_fee_amount: (),
            balance_transaction: self.balance_transaction(),
            billing_details: Billing::new(&self.billing_details),
            calculated_statement_descriptor: self.statement_descriptor.as_deref(),
            captured: self.state == ChargeState::Succeeded { captured: true },
            created: self.created,
            currency: self.currency,
            customer: self.customer.as_deref(),
            description: self.description.as_deref(),
            destination: (),
            dispute: (),
            disputed: self.disputed,
            failure_balance_transaction: (),
            failure_code,
            failure_message,
            fraud_details: FraudDetails { user_report: self.fraud_report.as_deref() },
            livemode: false,
            metadata: &self.metadata,
            on_behalf_of: (),
            order: (),
            outcome: OutcomeView::new(&self.outcome),
            paid: matches!(self.state, ChargeState::Succeeded { .. }),
            payment_intent: &self.payment_intent,
            payment_method: &self.payment_method,
            payment_method_details: Details { card: CardDetails::new(self), kind: "card" },
            radar_options: Nothing {},
            receipt_email: self.receipt_email.as_deref(),
            receipt_number: (),
            receipt_url: (),
            refunded: self.refunded(),
            review: (),
            shipping: self.shipping.as_ref(),
            source: (),
            source_transfer: (),
            statement_descriptor: self.statement_descriptor.as_deref(),
            statement_descriptor_suffix: self.statement_descriptor_suffix.as_deref(),
            status: self.state.name(),
            transfer_data: (),
            transfer_group: (),
        })
    }
}
