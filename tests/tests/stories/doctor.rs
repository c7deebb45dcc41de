//! What reconciliation and the doctor find and mend when everything else has failed.

use crate::harness::{Setup, Shop};
use chrono::TimeDelta;
use stoa_domain::{
    market::Market,
    shared::{Currency, MarketId},
};
use stoa_persistence::{Durability, audit, market};
use stoa_sandbox::{ApiAction, ApiFault, Fault};
use stoa_services::doctor::Treatment;

const GOOD: &str = "4242424242424242";
const LOOK: Treatment = Treatment { fix: false, payments: 100 };

/// Every webhook is lost, and the browser never returns: the next pass reads the payment from the gateway.
#[tokio::test]
async fn a_payment_nobody_told_us_of_is_found_by_reconciliation() {
    let shop = Shop::with(Setup::default().sandbox(|s| s.webhook = None)).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, GOOD).await;

    let reconcile = &shop.app.services().reconcile;
    let early = reconcile.run().await.expect("SQL answers");
    assert_eq!((early.read, early.ended_at), (0, None), "it has not been open for long");
    shop.clock.advance(TimeDelta::minutes(11));
    // The worker does it by itself; so does a person by hand.
    shop.until("the order is paid", || async {
        reconcile.run().await.expect("SQL answers");
        shop.is_paid(placed.order_id()).await
    })
    .await;
    let after = reconcile.run().await.expect("SQL answers");
    assert_eq!((after.read, after.moved, after.failed), (0, 0, 0), "there is nothing left to ask for");
    shop.run_jobs().await;
    shop.until("one mail is written", || async { shop.mails().len() == 1 }).await;
    assert_eq!(shop.history(placed.order_id()).await, ["placed", "paid"], "as its webhook would have done");
    shop.books_balance().await;
}

/// Nobody pays the first two, so they stay open for as long as an order may; the third one was paid, and every word of it lost. A pass
/// that has time for one payment comes to it all the same: each begins where the last one ended.
#[tokio::test]
async fn what_stays_open_keeps_no_other_payment_from_being_reconciled() {
    let setup = Setup::default().sandbox(|s| s.webhook = None).config(|c| {
        c.settings.pay_within = TimeDelta::days(1);
    });
    let shop = Shop::with(setup).await;
    let mut orders = Vec::new();
    for n in 0..3 {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        let placed = shopper.place_order(&format!("k{n}")).await;
        if n == 2 {
            shopper.pay(&placed, GOOD).await;
        }
        orders.push(placed.order_id());
    }
    // The server's own pass would do it all.
    shop.by_hand("DELETE FROM jobs WHERE kind = 'payment.reconcile'").await;
    let no_time = std::time::Duration::ZERO;
    let reconcile = &shop.app.services().reconcile;
    shop.clock.advance(TimeDelta::minutes(11));
    let mut from = None;
    for order in &orders {
        let done = reconcile.go_on(from, no_time).await.expect("SQL answers");
        assert_eq!((done.read, done.failed), (1, 0), "one at a time");
        if *order != orders[2] {
            assert_eq!(done.ended_at, Some(shop.payment(*order).await.id));
        }
        from = done.ended_at;
    }
    assert!(shop.is_paid(orders[2]).await);
    assert!(!shop.is_paid(orders[0]).await && !shop.is_paid(orders[1]).await);
    assert_eq!(reconcile.run().await.expect("SQL answers").read, 2, "by hand there is time for all");
    shop.books_balance().await;
}

/// The server's own schedule does it without anybody's hand.
#[tokio::test]
async fn reconciliation_runs_by_itself() {
    let shop = Shop::with(Setup::default().sandbox(|s| s.webhook = None)).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, GOOD).await;
    shop.clock.advance(TimeDelta::minutes(21));
    shop.until("the order is paid", || shop.is_paid(placed.order_id())).await;
    shop.books_balance().await;
}

#[tokio::test]
async fn the_doctor_compares_with_the_gateway_and_mends_what_differs() {
    let shop = Shop::with(Setup::default().sandbox(|s| s.webhook = None)).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    assert_eq!(shop.examine(LOOK).await, []);
    shopper.pay(&placed, GOOD).await;

    let found = shop.examine(LOOK).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].check, found[0].mended), ("gateway.payments", false));
    assert!(
        found[0].problem.contains("requires_payment_method here, succeeded there"),
        "{}",
        found[0].problem
    );
    assert!(!shop.is_paid(placed.order_id()).await, "looking changes nothing");

    let mended = shop.examine(Treatment { fix: true, ..LOOK }).await;
    assert!(mended.len() == 1 && mended[0].mended, "{mended:#?}");
    assert!(shop.is_paid(placed.order_id()).await);
    assert_eq!(shop.examine(LOOK).await, [], "the log of it among the rest");
    assert_eq!(shop.examine(Treatment { fix: true, ..LOOK }).await, []);

    let rows = audit::rows_after(shop.db().read(), 0, 100).await.expect("SQL answers");
    let fixes: Vec<_> = rows.iter().map(|row| &row.entry).filter(|row| row.action == "doctor.fix").collect();
    let payment = shop.payment(placed.order_id()).await.id;
    let figures = r#"{"after":0,"before":1,"field":"differing"}"#;
    let expected = format!(r#"[{figures},{{"after":["{payment}"],"before":null,"field":"mended"}}]"#);
    assert_eq!(fixes.iter().map(|row| row.changes.as_str()).collect::<Vec<_>>(), [expected], "and once");
    assert_eq!((fixes[0].actor.kind.as_str(), fixes[0].subject.kind.as_str()), ("command", "Payment"));
}

/// Each table is written to past the program; each time the doctor says what no longer fits, and nothing else.
#[tokio::test]
async fn the_doctor_finds_what_a_hand_in_the_tables_has_done() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 2), ("bowl", 1)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, GOOD).await;
    shop.settle().await;
    assert_eq!(shop.examine(LOOK).await, []);

    for (harm, cure, checks) in [
        (
            "UPDATE order_lines SET subtotal = subtotal + 1",
            "UPDATE order_lines SET subtotal = subtotal - 1",
            &["order.lines", "order.subtotal"][..],
        ),
        (
            "UPDATE orders SET tax = tax + 1, total = total + 1",
            "UPDATE orders SET tax = tax - 1, total = total - 1",
            &["order.tax", "order.gift_cards"],
        ),
        (
            "UPDATE orders SET charge = charge + 1",
            "UPDATE orders SET charge = charge - 1",
            &["order.payment", "order.gift_cards"],
        ),
        (
            "UPDATE orders SET delivery = delivery + 1",
            "UPDATE orders SET delivery = delivery - 1",
            &["order.total"],
        ),
        (
            "UPDATE order_allocations SET quantity = quantity + 1",
            "UPDATE order_allocations SET quantity = quantity - 1",
            &["stock.allocations", "order.allocations"],
        ),
        (
            "UPDATE inventory_levels SET on_hand = on_hand + 1",
            "UPDATE inventory_levels SET on_hand = on_hand - 1",
            &["stock.ledger"],
        ),
        (
            "UPDATE payments SET state = 'processing'",
            "UPDATE payments SET state = 'succeeded'",
            &["order.payment", "gateway.payments"],
        ),
        (
            "UPDATE payments SET amount_refunded = 1",
            "UPDATE payments SET amount_refunded = 0",
            &["gateway.payments"],
        ),
        (
            "UPDATE payments SET intent = 'x' || intent",
            "UPDATE payments SET intent = substr(intent, 2)",
            // Of the money that did come by the object nobody knows here any more.
            &["gateway.twice", "gateway.known"],
        ),
        (
            "UPDATE jobs SET dead_at = created_at, last_error = 'given up'",
            "UPDATE jobs SET dead_at = NULL, last_error = NULL",
            &["outbox.dead"],
        ),
        ("UPDATE orders SET state = 'cancelled'", "UPDATE orders SET state = 'paid'", &["order.allocations"]),
    ] {
        shop.by_hand(harm).await;
        let found: Vec<&str> = shop.examine(LOOK).await.iter().map(|finding| finding.check).collect();
        assert_eq!(found, checks, "{harm}");
        shop.by_hand(cure).await;
        assert_eq!(shop.examine(LOOK).await, [], "{cure}");
    }
}

/// As if an order had been placed without its stock: the counters agree with each other, as nothing was ever counted. So would they
/// if the same units were sold twice.
#[tokio::test]
async fn the_doctor_finds_an_order_that_owns_nothing() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    shopper.place_order("k").await;
    assert_eq!(shop.examine(LOOK).await, []);
    shop.by_hand("DELETE FROM order_allocations").await;
    shop.by_hand("DELETE FROM inventory_ledger WHERE kind = 'allocated'").await;
    shop.by_hand("UPDATE inventory_levels SET allocated = 0").await;
    shop.by_hand("UPDATE inventory_items SET allocated = 0").await;
    let found = shop.examine(LOOK).await;
    assert_eq!(found.iter().map(|f| f.check).collect::<Vec<_>>(), ["order.allocations"], "{found:#?}");
    assert!(found[0].problem.contains("own nothing"), "{}", found[0].problem);
    // Of an order from before that was written down nothing is claimed.
    shop.by_hand("UPDATE order_lines SET promised = NULL").await;
    assert_eq!(shop.examine(LOOK).await, []);
}

/// A payment that was made with other keys, and a gateway that says nothing: a person must look, and the rest is examined all the same.
#[tokio::test]
async fn the_doctor_mends_nothing_where_the_gateway_knows_nothing_or_is_silent() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    assert_eq!(shop.examine(LOOK).await, []);
    let fix = Treatment { fix: true, ..LOOK };

    shop.by_hand("UPDATE payments SET intent = 'pi_of_other_keys'").await;
    let found = shop.examine(fix).await;
    assert_eq!(found.iter().map(|f| f.check).collect::<Vec<_>>(), ["gateway.known"], "{found:#?}");
    let payment = shop.payment(placed.order_id()).await;
    assert!(!found[0].mended && found[0].problem.contains(&payment.id.to_string()), "{found:#?}");
    assert!(found[0].remedy.contains("other keys"), "{found:#?}");
    shop.by_hand(&format!("UPDATE payments SET intent = '{}'", placed.intent())).await;
    assert_eq!(shop.examine(LOOK).await, []);

    let away = ApiFault {
        method: None,
        path: "/v1/**".to_owned(),
        times: 1_000,
        action: ApiAction::Answer { status: 503, acted: false },
    };
    shop.sandbox().faults().add(Fault::Api(away)).expect("a fault");
    shop.by_hand("UPDATE inventory_levels SET on_hand = on_hand + 1").await;
    let found = shop.examine(fix).await;
    let checks: Vec<_> = found.iter().map(|f| f.check).collect();
    assert_eq!(checks, ["stock.ledger", "gateway.reachable"], "{found:#?}");
    assert!(!found[1].mended && found[1].problem.starts_with("2 questions"), "{found:#?}");
    assert!(found[1].remedy.contains("stripe.api_base"), "{found:#?}");
    shop.by_hand("UPDATE inventory_levels SET on_hand = on_hand - 1").await;
    shop.sandbox().faults().clear();
    assert_eq!(shop.examine(LOOK).await, []);
}

#[tokio::test]
async fn the_doctor_lets_go_of_holds_without_carts() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shop.lose_carts().await;
    // Another process: this one may remember the cart it has just saved.
    let folder = shop.folder;
    shop.app.stop().await.expect("everything finishes in time");
    let shop = Shop::reopen(folder).await;
    let found = shop.examine(LOOK).await;
    assert_eq!(found.iter().map(|f| f.check).collect::<Vec<_>>(), ["holds.carts"], "{found:#?}");
    assert!(!found[0].problem.contains(&shopper.cart), "a cart's id is the key to it");
    assert!(shop.examine(Treatment { fix: true, ..LOOK }).await[0].mended);
    assert_eq!(shop.examine(LOOK).await, []);
}

/// A second object for the same payment, paid as well: by somebody with the shop's keys, or by two tabs and a lost answer.
#[tokio::test]
async fn the_doctor_finds_what_was_paid_twice_until_it_is_refunded() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, GOOD).await;
    shop.settle().await;
    let payment = shop.payment(placed.order_id()).await;
    let second = shop
        .gateway_post(
            "/v1/payment_intents",
            &[
                ("amount", "1250"),
                ("currency", "usd"),
                ("automatic_payment_methods[enabled]", "true"),
                ("metadata[stoa_payment]", &payment.id.to_string()),
                ("metadata[stoa_order]", &placed.order_id().to_string()),
            ],
        )
        .await;
    let text = |name: &str| second[name].as_str().expect("a payment intent").to_owned();
    let (intent, secret) = (text("id"), text("client_secret"));
    assert_eq!(shop.examine(LOOK).await, [], "nobody has paid it");

    let paid = shopper.confirm(&intent, &secret, GOOD, "http://localhost/".to_owned()).await;
    assert_eq!(paid["status"], "succeeded", "{paid}");
    shop.settle().await;
    let found = shop.examine(Treatment { fix: true, ..LOOK }).await;
    assert_eq!(found.iter().map(|f| f.check).collect::<Vec<_>>(), ["gateway.twice"], "{found:#?}");
    assert!(!found[0].mended, "which one is to go back a person decides");
    for named in [intent.as_str(), &placed.intent(), &placed.order_id().to_string(), "1250 USD"] {
        assert!(found[0].problem.contains(named), "{named}: {}", found[0].problem);
    }

    shop.gateway_post("/v1/refunds", &[("payment_intent", &intent)]).await;
    shop.settle().await;
    assert_eq!(shop.examine(LOOK).await, [], "it has gone back");
    assert!(shop.is_paid(placed.order_id()).await);
}

/// A rule that a newer program has written counts for nothing here, which somebody has to know.
#[tokio::test]
async fn the_doctor_names_rules_that_nobody_here_can_read() {
    let shop = Shop::open().await;
    let japan = Market {
        id: MarketId::new(uuid::Uuid::from_u128(1)),
        name: "Japan".into(),
        ..Market::primary(Currency::parse("JPY").expect("a currency"))
    };
    let tx = shop.db().write(Durability::Relaxed).await.expect("SQL answers");
    market::insert(&tx, &japan, chrono::DateTime::UNIX_EPOCH).await.expect("SQL answers");
    tx.commit().await.expect("SQL answers");
    assert_eq!(shop.examine(LOOK).await, []);
    shop.by_hand("UPDATE markets SET rounding = '{\"dice\":6}'").await;
    let found = shop.examine(LOOK).await;
    assert_eq!(found.iter().map(|finding| finding.check).collect::<Vec<_>>(), ["rules.unreadable"]);
    assert!(found[0].problem.contains("markets"), "{}", found[0].problem);
}
