//! Events in every order a network can bring them.

use super::*;
use crate::shared::{Currency, OrderId, PaymentId, Timestamp};
use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Timestamp = DateTime::UNIX_EPOCH;

fn payment() -> Payment {
    Payment {
        id: PaymentId::new(Uuid::from_u128(1)),
        order: OrderId::new(Uuid::from_u128(2)),
        gateway: "stripe".into(),
        intent: Some("pi_1".into()),
        state: PaymentState::RequiresPaymentMethod,
        amount: 3412,
        currency: Currency::USD,
        amount_received: 0,
        amount_refunded: 0,
        disputed: false,
        dispute_at: None,
        last_error: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn intent(state: PaymentState) -> GatewayFact {
    let amount_received = if state == PaymentState::Succeeded { 3412 } else { 0 };
    GatewayFact::Intent(IntentFacts {
        state: Some(state),
        amount: 3412,
        amount_received,
        currency: "USD".into(),
        last_error: None,
    })
}

/// Applies and keeps whatever came of it.
fn after(payment: Payment, fact: &GatewayFact) -> Payment {
    match apply(&payment, fact, NOW, NOW) {
        Applied::Nothing | Applied::InDoubt => payment,
        Applied::Moved(p)
        | Applied::Succeeded(p)
        | Applied::AmountDiffers { payment: p, .. }
        | Applied::Canceled(p)
        | Applied::Disputed(p, _) => p,
    }
}

#[test]
fn success_is_told_once() {
    let Applied::Succeeded(paid) = apply(&payment(), &intent(PaymentState::Succeeded), NOW, NOW) else {
        panic!("not paid")
    };
    assert_eq!(paid.amount_received, 3412);
    assert_eq!(apply(&paid, &intent(PaymentState::Succeeded), NOW, NOW), Applied::Nothing);
    assert_eq!(apply(&paid, &intent(PaymentState::Processing), NOW, NOW), Applied::Nothing);
    assert_eq!(apply(&paid, &intent(PaymentState::Canceled), NOW, NOW), Applied::Nothing);
}

#[test]
fn another_amount_or_currency_is_never_paid() {
    let facts = |amount_received, currency: &str| {
        GatewayFact::Intent(IntentFacts {
            state: Some(PaymentState::Succeeded),
            amount: amount_received,
            amount_received,
            currency: currency.into(),
            last_error: None,
        })
    };
    assert!(matches!(apply(&payment(), &facts(3411, "USD"), NOW, NOW), Applied::AmountDiffers { .. }));
    assert!(matches!(apply(&payment(), &facts(3413, "USD"), NOW, NOW), Applied::AmountDiffers { .. }));
    assert!(matches!(apply(&payment(), &facts(3412, "EUR"), NOW, NOW), Applied::AmountDiffers { .. }));
}

#[test]
fn success_after_a_cancellation_still_counts_as_money() {
    let canceled = after(payment(), &intent(PaymentState::Canceled));
    assert!(matches!(apply(&canceled, &intent(PaymentState::Succeeded), NOW, NOW), Applied::Succeeded(_)));
}

#[test]
fn what_has_gone_back_is_looked_up() {
    let refund = |total| GatewayFact::Refunded { total };
    assert_eq!(apply(&payment(), &refund(1000), NOW, NOW), Applied::InDoubt, "it overtook its payment");
    let paid = after(payment(), &intent(PaymentState::Succeeded));
    assert_eq!(apply(&paid, &refund(1000), NOW, NOW), Applied::InDoubt);
    let refunded = Payment { amount_refunded: 1000, ..paid };
    assert_eq!(apply(&refunded, &refund(1000), NOW, NOW), Applied::Nothing);
    assert_eq!(apply(&refunded, &refund(1400), NOW, NOW), Applied::InDoubt);
    assert_eq!(apply(&refunded, &refund(400), NOW, NOW), Applied::InDoubt, "older, or one has failed");
    assert_eq!(apply(&refunded, &GatewayFact::RefundMoved, NOW, NOW), Applied::InDoubt);
}

#[test]
fn a_word_we_do_not_know_is_looked_up() {
    let fact = GatewayFact::Intent(IntentFacts {
        state: None,
        amount: 3412,
        amount_received: 0,
        currency: "USD".into(),
        last_error: None,
    });
    assert_eq!(apply(&payment(), &fact, NOW, NOW), Applied::InDoubt);
}

#[test]
fn a_dispute_opens_and_closes() {
    let paid = after(payment(), &intent(PaymentState::Succeeded));
    let dispute = |status| GatewayFact::Dispute { status };
    let Applied::Disputed(disputed, _) = apply_at(&paid, &dispute(DisputeStatus::Open), 1) else {
        panic!("not disputed")
    };
    assert!(disputed.disputed);
    assert_eq!(apply_at(&disputed, &dispute(DisputeStatus::Open), 1), Applied::Nothing);
    let Applied::Disputed(won, _) = apply_at(&disputed, &dispute(DisputeStatus::Won), 2) else {
        panic!("not closed")
    };
    assert!(!won.disputed);
    assert_eq!(
        apply_at(&won, &dispute(DisputeStatus::Open), 1),
        Applied::Nothing,
        "its beginning comes late"
    );
    assert_eq!(apply_at(&won, &dispute(DisputeStatus::Open), 2), Applied::Nothing, "in the same second");
}

/// Applies as of `seconds`.
fn apply_at(payment: &Payment, fact: &GatewayFact, seconds: i64) -> Applied {
    apply(payment, fact, NOW + chrono::TimeDelta::seconds(seconds), NOW)
}

fn any_fact() -> impl Strategy<Value = GatewayFact> {
    prop_oneof![
        Just(intent(PaymentState::Succeeded)),
        Just(intent(PaymentState::Processing)),
        Just(intent(PaymentState::RequiresAction)),
        Just(intent(PaymentState::RequiresPaymentMethod)),
        (0i64..3413).prop_map(|total| GatewayFact::Refunded { total }),
    ]
}

proptest! {
    /// Whatever the order and however often: once success was among the facts, the payment has succeeded. No event alone
    /// says what has gone back.
    #[test]
    fn any_order_ends_in_the_same_place(facts in prop::collection::vec(any_fact(), 1..12)) {
        let mut p = payment();
        for fact in facts.iter().chain(&facts) {
            p = after(p, fact);
            prop_assert_eq!(p.amount_refunded, 0);
        }
        let succeeded = facts.contains(&intent(PaymentState::Succeeded));
        prop_assert_eq!(p.state == PaymentState::Succeeded, succeeded);
    }
}
