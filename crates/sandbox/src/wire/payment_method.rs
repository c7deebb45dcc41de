//! How a payment method is written.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Null, Show, charge::Billing, raw};
use crate::{
    cards::{Authentication, Brand, Funding},
    model::{Address, Card, Metadata, PaymentMethod},
    store::Tx,
};

#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    object: &'static str,
    allow_redisplay: &'static str,
    billing_details: Billing<'a>,
    card: CardView<'a>,
    created: i64,
    customer: Option<&'a str>,
    customer_account: Null,
    livemode: bool,
    metadata: &'a Metadata,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct CardView<'a> {
    brand: Brand,
    checks: Checks,
    country: Option<&'a str>,
    display_brand: Brand,
    exp_month: u32,
    exp_year: i32,
    fingerprint: &'a str,
    funding: Funding,
    generated_from: Null,
    last4: &'a str,
    networks: Networks,
    regulated_status: &'static str,
    three_d_secure_usage: Usage,
    wallet: Null,
}

#[derive(Serialize)]
struct Networks {
    available: [Brand; 1],
    preferred: Null,
}

#[derive(Serialize)]
struct Usage {
    supported: bool,
}

/// What the issuer found when it compared.
#[derive(Serialize)]
pub(super) struct Checks {
    address_line1_check: Option<&'static str>,
    address_postal_code_check: Option<&'static str>,
    cvc_check: Option<&'static str>,
}

impl Checks {
    /// A part that was not given is not checked.
    pub(super) fn new(card: &Card, address: &Address) -> Self {
        let checks = card.test_card().map(|test| test.behaviour.checks);
        let word = |found: Option<bool>| match found {
            Some(true) => "pass",
            Some(false) => "fail",
            None => "unavailable",
        };
        let check = |given: bool, found: Option<bool>| given.then(|| word(found));
        Self {
            address_line1_check: check(address.line1.is_some(), checks.and_then(|checks| checks.line1)),
            address_postal_code_check: check(
                address.postal_code.is_some(),
                checks.and_then(|checks| checks.postal_code),
            ),
            cvc_check: check(card.has_cvc, checks.and_then(|checks| checks.cvc)),
        }
    }
}

impl Show for PaymentMethod {
    fn show(&self, _: &Tx<'_>) -> Box<RawValue> {
        let card = &self.card;
        let three_d_secure = card.test_card().map(|test| test.behaviour.authentication);
        raw(&View {
            id: &self.id,
            object: "payment_method",
            allow_redisplay: "unspecified",
            billing_details: Billing::new(&self.billing_details),
            card: CardView {
                brand: card.brand,
                checks: Checks::new(card, &self.billing_details.address),
                country: card.country.as_deref(),
                display_brand: card.brand,
                exp_month: card.exp_month,
                exp_year: card.exp_year,
                fingerprint: &card.fingerprint,
                funding: card.funding,
                generated_from: (),
                last4: &card.last4,
                networks: Networks { available: [card.brand], preferred: () },
                regulated_status: "unregulated",
                three_d_secure_usage: Usage {
                    supported: three_d_secure.is_some_and(|asked| asked != Authentication::Unsupported),
                },
                wallet: (),
            },
            created: self.created,
            customer: self.customer.as_deref(),
            customer_account: (),
            livemode: false,
            metadata: &self.metadata,
            kind: "card",
        })
    }
}
