//! The plan: what fits, in which order, how often, and what is refused.

use super::{ApiAction, Fault, FaultError, Faults, WebhookAction};

#[test]
fn a_fault_happens_as_often_as_planned_and_only_where_it_fits() {
    let faults = Faults::default();
    let slow = ApiAction::Slow { by_ms: 5 };
    faults.add(Fault::api("POST", "/v1/payment_intents/*/confirm", slow).times(2)).unwrap();

    assert_eq!(faults.take_api("POST", "/v1/payment_intents"), None);
    assert_eq!(faults.take_api("GET", "/v1/payment_intents/pi_1/confirm"), None);
    assert_eq!(faults.take_api("POST", "/v1/payment_intents/pi_1/confirm"), Some(slow));
    assert_eq!(faults.list().len(), 1);
    assert_eq!(faults.take_api("POST", "/v1/payment_intents/pi_2/confirm"), Some(slow));
    assert_eq!(faults.take_api("POST", "/v1/payment_intents/pi_3/confirm"), None);
    assert!(faults.list().is_empty());
}

#[test]
fn two_stars_stand_for_any_rest() {
    let faults = Faults::default();
    faults.add(Fault::api("POST", "/v1/**", ApiAction::Slow { by_ms: 1 }).times(2)).unwrap();
    assert!(faults.take_api("POST", "/v1/refunds").is_some());
    assert!(faults.take_api("POST", "/v1/payment_intents/pi_1/capture").is_some());
}

#[test]
fn the_first_that_fits_is_taken_first() {
    let faults = Faults::default();
    faults.add(Fault::webhook("payment_intent.*", WebhookAction::Drop)).unwrap();
    faults.add(Fault::webhook("*", WebhookAction::Delay { by_ms: 1 })).unwrap();

    assert_eq!(faults.take_webhook("charge.refunded"), Some(WebhookAction::Delay { by_ms: 1 }));
    assert_eq!(faults.take_webhook("payment_intent.succeeded"), Some(WebhookAction::Drop));
    assert_eq!(faults.take_webhook("payment_intent.succeeded"), None);
}

#[test]
fn clearing_forgets_all() {
    let faults = Faults::default();
    faults.add(Fault::SlowNetwork { times: 3 }).unwrap();
    assert!(faults.take_slow_network());
    faults.clear();
    assert!(!faults.take_slow_network());
}

#[test]
fn impossible_faults_are_refused() {
    let faults = Faults::default();
    let answer = |status| Fault::api("GET", "/v1/events", ApiAction::Answer { status, acted: false });
    assert_eq!(faults.add(answer(200)), Err(FaultError::Status(200)));
    assert_eq!(faults.add(answer(404)), Err(FaultError::Status(404)));
    let broken = Fault::api("POST", "/v1/refunds", ApiAction::Break { status: 429, acted: false });
    assert_eq!(faults.add(broken), Err(FaultError::Status(429)), "a limit is never remembered");
    assert_eq!(faults.add(answer(503).times(0)), Err(FaultError::Never));
    assert_eq!(
        faults.add(Fault::api("GET", "/graphql", ApiAction::Slow { by_ms: 1 })),
        Err(FaultError::Path)
    );
    assert!(faults.list().is_empty());
}

#[test]
fn the_json_of_the_control_route_reads() {
    let read = |json: &str| serde_json::from_str::<Fault>(json);
    assert_eq!(
        read(r#"{"webhook":{"events":"*","times":2,"action":{"duplicate":{"extra":3,"at_once":true}}}}"#)
            .unwrap(),
        Fault::webhook("*", WebhookAction::Duplicate { extra: 3, at_once: true }).times(2)
    );
    assert_eq!(
        read(r#"{"webhook":{"events":"*","action":"drop"}}"#).unwrap(),
        Fault::webhook("*", WebhookAction::Drop)
    );
    assert_eq!(
        read(r#"{"api":{"method":"POST","path":"/v1/refunds","action":{"time_out":{}}}}"#).unwrap(),
        Fault::api("POST", "/v1/refunds", ApiAction::TimeOut { hold_ms: None })
    );
    assert!(read(r#"{"webhook":{"events":"*","action":"explode"}}"#).is_err());
    assert!(read(r#"{"webhook":{"event":"*","action":"drop"}}"#).is_err());
}
