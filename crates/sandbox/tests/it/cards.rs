//! Every kind of test card, by token and by number.

use crate::harness::World;

/// Token, error code, decline code.
const DECLINES: &[(&str, &str, &str, &str)] = &[
    ("pm_card_visa_chargeDeclined", "4000000000000002", "card_declined", "generic_decline"),
    (
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        "4000000000009995",
        "card_declined",
        "insufficient_funds",
    ),
    ("pm_card_visa_chargeDeclinedLostCard", "4000000000009987", "card_declined", "lost_card"),
    ("pm_card_visa_chargeDeclinedStolenCard", "4000000000009979", "card_declined", "stolen_card"),
    ("pm_card_chargeDeclinedExpiredCard", "4000000000000069", "expired_card", "expired_card"),
    ("pm_card_chargeDeclinedIncorrectCvc", "4000000000000127", "incorrect_cvc", "incorrect_cvc"),
    ("pm_card_chargeDeclinedProcessingError", "4000000000000119", "processing_error", "processing_error"),
    (
        "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
        "4000000000006975",
        "card_declined",
        "card_velocity_exceeded",
    ),
    ("pm_card_chargeCustomerFail", "4000000000000341", "card_declined", "generic_decline"),
    ("pm_card_radarBlock", "4100000000000019", "card_declined", "fraudulent"),
    ("pm_card_riskLevelHighest", "4000000000004954", "card_declined", "fraudulent"),
    (
        "pm_card_threeDSecureRequiredProcessingError",
        "4000008400001280",
        "processing_error",
        "processing_error",
    ),
];

fn typed(number: &str) -> String {
    format!(
        "payment_method_data[type]=card&payment_method_data[card][number]={number}\
         &payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2034\
         &payment_method_data[card][cvc]=123"
    )
}

#[tokio::test]
async fn declines_by_token_and_by_number() {
    let world = World::start().await;
    for (token, number, code, decline_code) in DECLINES {
        for form in [format!("payment_method={token}"), typed(number)] {
            let declined = world.pay(&form).await;
            assert_eq!(declined.error(), (402, (*code).to_owned()), "{form}");
            assert_eq!(declined.text_at("/error/decline_code"), *decline_code, "{form}");
            assert_eq!(declined.text_at("/error/type"), "card_error");
            let intent = &declined.json()["error"]["payment_intent"];
            assert_eq!(intent["status"], "requires_payment_method");
            assert_eq!(intent["amount_received"], 0);
        }
    }
}

#[tokio::test]
async fn cards_of_every_brand_succeed() {
    let world = World::start().await;
    for (token, brand, last4, funding) in [
        ("pm_card_visa", "visa", "4242", "credit"),
        ("pm_card_visa_debit", "visa", "5556", "debit"),
        ("pm_card_mastercard", "mastercard", "4444", "credit"),
        ("pm_card_mastercard_prepaid", "mastercard", "5100", "prepaid"),
        ("pm_card_amex", "amex", "0005", "credit"),
        ("pm_card_discover", "discover", "1117", "credit"),
        ("pm_card_diners", "diners", "0004", "credit"),
        ("pm_card_jcb", "jcb", "0505", "credit"),
        ("pm_card_unionpay", "unionpay", "0005", "credit"),
        ("pm_card_bypassPending", "visa", "0077", "credit"),
    ] {
        let paid = world.pay(&format!("payment_method={token}&expand[]=latest_charge")).await.ok();
        assert_eq!(paid["status"], "succeeded", "{token}");
        let card = &paid["latest_charge"]["payment_method_details"]["card"];
        assert_eq!(card["brand"], brand, "{token}");
        assert_eq!(card["last4"], last4, "{token}");
        assert_eq!(card["funding"], funding, "{token}");
    }
}

#[tokio::test]
async fn cards_that_ask_for_three_d_secure() {
    let world = World::start().await;
    for (number, after) in [
        ("4000002500003155", "succeeded"),
        ("4000002760003184", "succeeded"),
        ("4000003800000446", "succeeded"),
        ("4000000000003220", "succeeded"),
        ("4000008260003178", "requires_payment_method"),
        ("4000008400001629", "requires_payment_method"),
    ] {
        let asked = world.pay(&typed(number)).await.ok();
        assert_eq!(asked["status"], "requires_action", "{number}");
        let path = format!("/sandbox/payment_intents/{}/authenticate", asked["id"].as_str().unwrap());
        let done = world.control(&path, r#"{"outcome":"succeeded"}"#).await.ok();
        assert_eq!(done["status"], after, "{number}");
    }
    // Where the card leaves the choice, the caller has it.
    assert_eq!(world.pay(&typed("4000000000003055")).await.ok()["status"], "succeeded");
    let wish = "payment_method_options[card][request_three_d_secure]=any";
    let asked = world.pay(&format!("{}&{wish}", typed("4000000000003055"))).await.ok();
    assert_eq!(asked["status"], "requires_action");
    assert_eq!(world.pay(&format!("payment_method=pm_card_amex&{wish}")).await.ok()["status"], "succeeded");
}

#[tokio::test]
async fn without_the_buyer_a_challenge_is_a_decline_unless_the_card_was_set_up() {
    let world = World::start().await;
    for form in ["off_session=true", "error_on_requires_action=true"] {
        let declined = world.pay(&format!("payment_method=pm_card_authenticationRequired&{form}")).await;
        assert_eq!(declined.error(), (402, "authentication_required".to_owned()), "{form}");
    }
    let customer = world.post("/v1/customers", "email=a@b.c").await.ok();
    let customer = customer["id"].as_str().unwrap();
    let form = format!(
        "payment_method=pm_card_authenticationRequiredOnSetup&setup_future_usage=off_session&customer={customer}"
    );
    let asked = world.pay(&form).await.ok();
    let (id, method) = (asked["id"].as_str().unwrap(), asked["payment_method"].as_str().unwrap());
    let path = format!("/sandbox/payment_intents/{id}/authenticate");
    assert_eq!(world.control(&path, r#"{"outcome":"succeeded"}"#).await.ok()["status"], "succeeded");

    let form = format!("payment_method={method}&customer={customer}");
    let later = world.pay(&format!("{form}&off_session=true")).await.ok();
    assert_eq!(later["status"], "succeeded");
    assert_eq!(
        world.pay(&form).await.ok()["status"],
        "requires_action",
        "with the buyer there it is asked again"
    );
}

#[tokio::test]
async fn implausible_cards_are_refused_before_anything_is_made() {
    let world = World::start().await;
    let form = |number: &str, month: &str, year: &str, cvc: &str| {
        format!(
            "payment_method_data[type]=card&payment_method_data[card][number]={number}\
             &payment_method_data[card][exp_month]={month}&payment_method_data[card][exp_year]={year}\
             &payment_method_data[card][cvc]={cvc}"
        )
    };
    for (card, code, param) in [
        (form("4242424242424241", "12", "34", "123"), "incorrect_number", "number"),
        (form("4242", "12", "34", "123"), "invalid_number", "number"),
        (form("4242424242424242", "13", "34", "123"), "invalid_expiry_month", "exp_month"),
        (form("4242424242424242", "12", "2020", "123"), "invalid_expiry_year", "exp_year"),
        (form("4242424242424242", "12", "34", "12"), "invalid_cvc", "cvc"),
    ] {
        let refused = world.pay(&card).await;
        assert_eq!(refused.error(), (402, code.to_owned()), "{card}");
        assert_eq!(refused.text_at("/error/param"), format!("payment_method_data[card][{param}]"));
    }
    assert_eq!(world.get("/v1/payment_intents").await.ok()["data"].as_array().unwrap().len(), 0);
    assert!(world.events().await.is_empty());
}

#[tokio::test]
async fn a_number_that_is_no_test_card_is_declined_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start_in(folder.path()).await;
    let declined = world.pay(&typed("4539578763621486")).await;
    assert_eq!(declined.error(), (402, "card_declined".to_owned()));
    assert_eq!(declined.text_at("/error/decline_code"), "test_mode_live_card");
    let journal = std::fs::read_to_string(folder.path().join("sandbox.jsonl")).unwrap();
    assert!(journal.contains("1486") && !journal.contains("4539578763621486"));
}

#[tokio::test]
async fn a_card_that_belongs_to_nobody_pays_once() {
    let world = World::start().await;
    let method = world.post("/v1/payment_methods", "type=card&card[token]=tok_visa").await.ok();
    let form = format!("payment_method={}", method["id"].as_str().unwrap());
    assert_eq!(world.pay(&form).await.ok()["status"], "succeeded");
    assert_eq!(world.pay(&form).await.error(), (400, "payment_method_unexpected_state".to_owned()));
}
