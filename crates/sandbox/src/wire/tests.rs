//! Our JSON reads as the types that are generated from Stripe's own description of its API.

use std::sync::Arc;

use miniserde::{Deserialize, json};
use serde_json::Value;

use super::{Object, Show};
use crate::{
    clock::Clock,
    config::{Keys, SandboxConfig},
    error::ApiError,
    faults::{Fault, Faults},
    form::{self, Params},
    ops::{Answer, Caller, charges, customers, disputes, events, payment_intents, payment_methods, refunds},
    store::{Origin, Store, Tx},
};

struct World {
    store: Store,
    faults: Faults,
}

impl World {
    fn new() -> Self {
        let mut config = SandboxConfig::new("http://localhost:4242".parse().unwrap(), Keys::generate());
        config.clock = Clock::fixed(1_795_132_800);
        let faults = Faults::default();
        Self { store: Store::open(Arc::new(config), faults.clone()).unwrap(), faults }
    }

    /// Runs an operation with form-encoded parameters and gives the JSON of its answer or error.
    fn run(&mut self, form: &str, work: impl FnOnce(&mut Tx<'_>, &Params<'_>) -> Answer) -> String {
        let entries = form::parse(form.as_bytes()).unwrap();
        let done = self.store.transact(&Origin::default(), |tx| match work(tx, &Params::new(&entries)) {
            Ok(object) => Ok(object.show(tx).get().to_owned()),
            Err(error) => Ok(error.json().get().to_owned()),
        });
        done.map(|(text, _)| text).unwrap_or_else(|error: ApiError| error.json().get().to_owned())
    }

    fn pay(&mut self, form: &str) -> String {
        let form = format!("amount=2000&currency=usd&confirm=true&return_url=http://localhost/&{form}");
        self.run(&form, payment_intents::create)
    }
}

/// Reads JSON as a generated type, or says which JSON it was.
fn parse<T: Deserialize>(text: &str) -> T {
    json::from_str(text).unwrap_or_else(|_| panic!("does not read as {}: {text}", std::any::type_name::<T>()))
}

fn field<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("no {path} in {value}"))
}

#[test]
fn a_payment_intent_reads_in_every_state() {
    let mut world = World::new();
    let open = world.run(
        "amount=2000&currency=eur&metadata[order]=7&receipt_email=a@b.c&shipping[name]=A&shipping[address][line1]=B",
        payment_intents::create,
    );
    let chosen = world.run("amount=2000&currency=eur&payment_method=pm_card_visa", payment_intents::create);
    let held = world.pay("payment_method=pm_card_visa&capture_method=manual");
    let asked = world.pay("payment_method=pm_card_threeDSecure2Required");
    let sdk = world.pay("payment_method=pm_card_threeDSecure2Required&use_stripe_sdk=true");
    let paid = world.pay("payment_method=pm_card_visa");
    world.faults.add(Fault::SlowNetwork { times: 1 }).unwrap();
    let slow = world.pay("payment_method=pm_card_visa");
    let id = field(&serde_json::from_str(&open).unwrap(), "/id").to_owned();
    let canceled =
        world.run("cancellation_reason=abandoned", |tx, params| payment_intents::cancel(tx, &id, params));

    for (text, status) in [
        (open, "requires_payment_method"),
        (chosen, "requires_confirmation"),
        (held, "requires_capture"),
        (asked, "requires_action"),
        (sdk, "requires_action"),
        (paid, "succeeded"),
        (slow, "processing"),
        (canceled, "canceled"),
    ] {
        let intent: stripe_shared::PaymentIntent = parse(&text);
        assert_eq!(intent.status.as_str(), status);
        assert!(intent.client_secret.is_some_and(|secret| secret.starts_with(intent.id.as_str())));
    }
}

#[test]
fn a_decline_reads_as_error_and_on_the_payment_intent() {
    let mut world = World::new();
    let body = world.pay("payment_method=pm_card_visa_chargeDeclinedInsufficientFunds");
    let value: Value = serde_json::from_str(&body).unwrap();

    let error: stripe_shared::ApiErrors = parse(&value["error"].to_string());
    assert_eq!(error.code.map(|code| code.as_str().to_owned()).as_deref(), Some("card_declined"));
    assert_eq!(error.decline_code.as_deref(), Some("insufficient_funds"));
    let intent = error.payment_intent.unwrap();
    assert_eq!(intent.status.as_str(), "requires_payment_method");
    assert!(intent.payment_method.is_none());
    assert_eq!(intent.last_payment_error.unwrap().decline_code.as_deref(), Some("insufficient_funds"));

    let id = field(&value, "/error/charge").to_owned();
    let charge = world.run("", |tx, params| charges::retrieve(tx, &id, params));
    let charge: stripe_shared::Charge = parse(&charge);
    assert_eq!(charge.failure_code.as_deref(), Some("card_declined"));
    assert!(!charge.paid);
}

#[test]
fn charge_refund_dispute_and_event_read() {
    let mut world = World::new();
    let paid: Value = serde_json::from_str(&world.pay(
        "payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242\
         &payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=30\
         &payment_method_data[card][cvc]=123&payment_method_data[billing_details][address][line1]=1 Way",
    ))
    .unwrap();
    let (intent, charge) = (field(&paid, "/id").to_owned(), field(&paid, "/latest_charge").to_owned());
    let refund = world.run(&format!("payment_intent={intent}&amount=500"), refunds::create);
    let refund: stripe_shared::Refund = parse(&refund);
    assert_eq!((refund.amount, refund.status.as_deref()), (500, Some("succeeded")));

    let charge = world.run("", |tx, params| charges::retrieve(tx, &charge, params));
    let charge: stripe_shared::Charge = parse(&charge);
    assert_eq!((charge.amount_captured, charge.amount_refunded, charge.refunded), (2000, 500, false));
    let card = charge.payment_method_details.unwrap().card.unwrap();
    assert_eq!((card.last4.as_deref(), card.brand.as_deref()), (Some("4242"), Some("visa")));

    let disputed = world
        .run(&intent.clone(), |tx, _| disputes::open_for(tx, &intent, crate::cards::DisputeKind::Fraudulent));
    let dispute: stripe_shared::Dispute = parse(&disputed);
    assert_eq!(dispute.status.as_str(), "needs_response");

    let list = world.run("limit=100", |tx, params| events::list(tx, params));
    let list: Value = serde_json::from_str(&list).unwrap();
    let events = list["data"].as_array().unwrap();
    assert!(events.len() >= 5);
    for event in events {
        let event: stripe_shared::Event = parse(&event.to_string());
        assert_eq!(event.api_version.as_deref(), Some(super::API_VERSION));
    }
}

#[test]
fn customer_and_payment_method_read() {
    let mut world = World::new();
    let customer = world.run(
        "email=a@b.c&address[city]=Rome&preferred_locales[]=it&metadata[a]=b&payment_method=pm_card_visa",
        customers::create,
    );
    let customer: stripe_shared::Customer = parse(&customer);
    assert_eq!(customer.email.as_deref(), Some("a@b.c"));

    let methods = world.run(&format!("customer={}", customer.id.as_str()), |tx, params| {
        payment_methods::list(tx, None, params)
    });
    let methods: Value = serde_json::from_str(&methods).unwrap();
    let method: stripe_shared::PaymentMethod = parse(&methods["data"][0].to_string());
    assert_eq!(method.card.unwrap().last4, "4242");
}

#[test]
fn expanded_objects_read_in_the_place_of_their_ids() {
    let mut world = World::new();
    let paid: Value = serde_json::from_str(&world.pay("payment_method=pm_card_visa")).unwrap();
    let id = field(&paid, "/id").to_owned();
    let expanded = world.store.transact(&Origin::default(), |tx| {
        let entries = form::parse(b"").unwrap();
        let object: Object = payment_intents::retrieve(tx, &id, &Params::new(&entries), Caller::Server)?;
        super::expand(
            object.show(tx),
            &["latest_charge.refunds", "latest_charge.balance_transaction", "payment_method"],
            tx,
        )
    });
    let (expanded, _) = expanded.unwrap();
    let intent: stripe_shared::PaymentIntent = parse(expanded.get());
    let charge = intent.latest_charge.unwrap().into_object().unwrap();
    assert!(charge.refunds.is_some());
    let moved = charge.balance_transaction.unwrap().into_object().unwrap();
    assert_eq!((moved.amount, moved.net, moved.status.as_str()), (2000, 2000 - moved.fee, "pending"));
    assert!(intent.payment_method.unwrap().as_object().is_some());
}
