//! The calls we make of Stripe, through async-stripe's generated builders.

use crate::amount::to_wire;
use std::str::FromStr;
use stoa_domain::{
    payment::{CreateIntent, GatewayError},
    shared::{Money, Timestamp},
};
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};
use stripe_core::{
    payment_intent::{
        CancelPaymentIntent, CreatePaymentIntent, CreatePaymentIntentAutomaticPaymentMethods,
        ListPaymentIntent, RetrievePaymentIntent,
    },
    refund::{CreateRefund, ListRefund},
};
use stripe_types::{Currency, RangeQueryTs};

/// The most objects that Stripe gives in one page.
const PAGE: i64 = 100;

/// What can be read by its id alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Charge,
    Dispute,
    Refund,
}

/// A PaymentIntent for an order, with the payment methods that are switched on in Stripe's dashboard.
pub(crate) fn create_intent(request: &CreateIntent) -> Result<RequestBuilder, GatewayError> {
    let code = request.amount.currency.code().to_ascii_lowercase();
    // Never fails: a currency that the builder does not know is passed on as it is, for Stripe to judge.
    let Ok(currency) = Currency::from_str(&code);
    let mut intent = CreatePaymentIntent::new(to_wire(request.amount)?, currency)
        .automatic_payment_methods(CreatePaymentIntentAutomaticPaymentMethods::new(true))
        .description(format!("Order {}", request.order_name))
        .metadata([
            ("stoa_payment".to_owned(), request.payment.to_string()),
            ("stoa_order".to_owned(), request.order.to_string()),
        ]);
    if let Some(email) = &request.email {
        intent = intent.receipt_email(email.as_str());
    }
    Ok(in_order(intent.build()))
}

/// An intent as it is now, with the charge inside: that is where the refunds are summed.
pub(crate) fn retrieve_intent(intent: &str) -> Result<RequestBuilder, GatewayError> {
    Ok(RetrievePaymentIntent::new(object_id(intent)?).expand(["latest_charge".to_owned()]).build())
}

/// The end of an intent that nobody has paid.
pub(crate) fn cancel_intent(intent: &str) -> Result<RequestBuilder, GatewayError> {
    Ok(CancelPaymentIntent::new(object_id(intent)?).build())
}

/// Money back. `key` is also written on the refund, for [`list_refunds`] to find it by.
pub(crate) fn create_refund(intent: &str, amount: Money, key: &str) -> Result<RequestBuilder, GatewayError> {
    let refund = CreateRefund::new()
        .payment_intent(object_id(intent)?)
        .amount(to_wire(amount)?)
        .metadata([("stoa_refund".to_owned(), key.to_owned())]);
    Ok(in_order(refund.build()))
}

/// A page of the refunds of an intent, newest first; `after` is the last refund of the page before.
pub(crate) fn list_refunds(intent: &str, after: Option<&str>) -> Result<RequestBuilder, GatewayError> {
    let list = ListRefund::new().payment_intent(object_id(intent)?).limit(PAGE);
    Ok(match after {
        Some(refund) => list.starting_after(refund).build(),
        None => list.build(),
    })
}

/// A page of the intents made since a moment, newest first, with their charges inside; `after` is the last intent of the page before.
pub(crate) fn list_intents(since: Timestamp, after: Option<&str>) -> RequestBuilder {
    let list = ListPaymentIntent::new()
        .created(RangeQueryTs::gte(since.timestamp()))
        .expand(["data.latest_charge".to_owned()])
        .limit(PAGE);
    match after {
        Some(intent) => list.starting_after(intent).build(),
        None => list.build(),
    }
}

/// A charge, a dispute or a refund as it is now. By hand: the builders of charges and disputes would be two modules more
/// to compile, for requests without a single parameter.
pub(crate) fn retrieve(kind: Kind, id: &str) -> Result<RequestBuilder, GatewayError> {
    let folder = match kind {
        Kind::Charge => "charges",
        Kind::Dispute => "disputes",
        Kind::Refund => "refunds",
    };
    Ok(RequestBuilder::new(StripeMethod::Get, format!("/{folder}/{}", object_id(id)?)))
}

/// The builders put ids into the path as they are. One that is not made of Stripe's letters names no object
/// of Stripe's, and must not get to choose another path.
fn object_id(id: &str) -> Result<&str, GatewayError> {
    let well_formed = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if well_formed { Ok(id) } else { Err(GatewayError::NotFound) }
}

/// The builders keep metadata in a hash map, whose order is another one in every process. An idempotency key
/// names one request, so the same call must make the same bytes.
fn in_order(mut request: RequestBuilder) -> RequestBuilder {
    if let Some(body) = request.body.take() {
        let mut pairs: Vec<&str> = body.split('&').collect();
        pairs.sort_unstable();
        request.body = Some(pairs.join("&"));
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::shared::{self, EmailAddress, OrderId, PaymentId};
    use uuid::Uuid;

    fn order(minor: i64, currency: &str) -> CreateIntent {
        CreateIntent {
            payment: PaymentId::new(Uuid::from_u128(1)),
            order: OrderId::new(Uuid::from_u128(2)),
            order_name: "#1001".into(),
            amount: Money::new(minor, shared::Currency::parse(currency).unwrap()),
            email: Some(EmailAddress::parse("ada+shop@example.org").unwrap()),
        }
    }

    #[test]
    fn an_intent_names_its_payment_and_its_order() {
        let request = create_intent(&order(1099, "EUR")).unwrap();
        assert_eq!(request.path, "/payment_intents");
        let body = request.body.unwrap();
        let pairs: Vec<_> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        assert_eq!(
            pairs,
            [
                pair("amount", "1099"),
                pair("automatic_payment_methods[enabled]", "true"),
                pair("currency", "eur"),
                pair("description", "Order #1001"),
                pair("metadata[stoa_order]", "00000000-0000-0000-0000-000000000002"),
                pair("metadata[stoa_payment]", "00000000-0000-0000-0000-000000000001"),
                pair("receipt_email", "ada+shop@example.org"),
            ]
        );
    }

    #[test]
    fn the_same_call_makes_the_same_bytes() {
        let first = create_intent(&order(1099, "EUR")).unwrap().body;
        for _ in 0..20 {
            assert_eq!(create_intent(&order(1099, "EUR")).unwrap().body, first);
        }
    }

    #[test]
    fn a_currency_the_builder_does_not_know_is_passed_on() {
        let body = create_intent(&order(5120, "KWD")).unwrap().body.unwrap();
        assert!(body.contains("currency=kwd") && body.contains("amount=5120"), "{body}");
    }

    #[test]
    fn a_refund_is_in_stripes_unit_and_carries_its_key() {
        let five = Money::new(5, shared::Currency::parse("ISK").unwrap());
        let body = create_refund("pi_1", five, "refund-7").unwrap().body.unwrap();
        assert!(body.contains("amount=500") && body.contains("payment_intent=pi_1"), "{body}");
        assert!(body.contains("refund-7"), "{body}");
    }

    #[test]
    fn reading_asks_for_the_charge_and_for_pages() {
        let read = retrieve_intent("pi_1").unwrap();
        assert_eq!(read.path, "/payment_intents/pi_1");
        assert!(read.query.unwrap().ends_with("=latest_charge"));
        let list = list_refunds("pi_1", Some("re_9")).unwrap().query.unwrap();
        assert!(list.contains("payment_intent=pi_1") && list.contains("starting_after=re_9"), "{list}");
    }

    #[test]
    fn intents_are_listed_from_a_moment_on() {
        let since = chrono::DateTime::from_timestamp(1_767_225_600, 9).unwrap();
        let list = list_intents(since, Some("pi_9"));
        assert_eq!(list.path, "/payment_intents");
        let query = list.query.unwrap();
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        for (key, value) in [("created[gte]", "1767225600"), ("limit", "100"), ("starting_after", "pi_9")] {
            assert!(pairs.contains(&(key.to_owned(), value.to_owned())), "{query}");
        }
        assert!(query.ends_with("=data.latest_charge") || query.contains("=data.latest_charge&"), "{query}");
    }

    #[test]
    fn what_stands_behind_a_payment_is_read_by_its_id() {
        for (kind, path) in
            [(Kind::Charge, "/charges/x_1"), (Kind::Dispute, "/disputes/x_1"), (Kind::Refund, "/refunds/x_1")]
        {
            let request = retrieve(kind, "x_1").unwrap();
            assert_eq!((request.path.as_str(), request.query, request.body), (path, None, None));
            assert!(matches!(retrieve(kind, "../x"), Err(GatewayError::NotFound)));
        }
    }

    #[test]
    fn an_id_cannot_choose_another_path() {
        for bad in ["", "pi_1/../../refunds", "pi_1?x=1", "pi 1", "pi_é", "..", "pi_1%2e"] {
            assert!(matches!(cancel_intent(bad), Err(GatewayError::NotFound)), "{bad:?}");
        }
    }
}
