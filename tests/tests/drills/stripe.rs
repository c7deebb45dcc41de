//! The gateway's faults, in any mixture under a load of purchases: answers that never come although it has acted, or come late, refusals
//! for too many calls, failures; webhooks that are lost, sent five times at once, out of order, or after the order's time is over.

use crate::{
    harness::{Item, Load, Placed, Setup, Shop, goods},
    report,
    sizes::Size,
};
use chrono::TimeDelta;
use std::time::Duration;
use stoa_domain::{order::OrderState, payment::PaymentState, shared::OrderId};
use stoa_sandbox::{ApiAction, ApiFault, Fault, WebhookAction};

const BUYERS: usize = 8;
/// How long the shop waits for one answer: most of those that come late come later.
const PATIENCE: Duration = Duration::from_secs(1);
const ORDERS: u64 = 200;
/// Orders whose webhooks come when their time is over; half of them are not paid at all.
const LATE: usize = 40;
const GOOD: &str = "4242424242424242";

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_fails_in_every_way_on_sqlite() {
    faulty(Size::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_fails_in_every_way_on_postgres() {
    faulty(Size::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_fails_in_every_way_on_redis() {
    faulty(Size::Redis).await;
}

async fn faulty(size: Size) {
    let mut items = goods();
    items.push(Item::new("poster", "8.00", 1_000));
    let setup = Setup::selling(items).config(move |c| size.configure(c));
    let shop = Shop::with(setup.attempts_take(PATIENCE)).await;
    let load = Load::begin(&shop, BUYERS).await;
    let goal = load.placed() + ORDERS;
    let (mut faults, mut silences) = (0, 0);
    while load.placed() < goal {
        // One or two wait for whoever comes next: most purchases meet some, and none meets nothing but faults.
        if shop.sandbox().faults().list().len() < 2 {
            let fault = any_fault(faults);
            silences += usize::from(is_silence(&fault));
            shop.sandbox().faults().add(fault).expect("a fault that can be");
            faults += 1;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let unmet = shop.sandbox().faults().list();
    faults -= unmet.len();
    silences -= unmet.iter().filter(|fault| is_silence(fault)).count();
    assert!(silences > 0, "the shop has waited in vain");
    shop.sandbox().faults().clear();
    let tally = load.end().await;
    shop.all_is_well_after(&tally).await;

    let late = late_webhooks(&shop).await;
    let mut given_up = 0;
    let known =
        tally.orders.iter().map(|id| id.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id"));
    for id in known.chain(late) {
        given_up += i64::from(!is_paid_xor_given_up(&shop, id).await);
    }
    assert_eq!(given_up, LATE as i64 / 2, "who did not pay, and nobody else");
    let stock = shop.stock("poster").await;
    assert_eq!((stock.on_hand, stock.allocated), (1_000, LATE as i64 / 2), "what was given up is back");
    shop.books_balance_with_the_gateway().await;
    report(
        &format!("the gateway failing, {}", size.name()),
        &format!(
            "{faults} faults of 9 kinds under {BUYERS} buyers, {silences} times the shop's own call acted and was never answered; {} orders placed and paid, none lost or doubled; {} requests repeated; {LATE} \
             orders more with every webhook delayed past their time: {} paid, {given_up} given up",
            tally.orders.len(),
            tally.repeats,
            LATE as i64 - given_up,
        ),
    );
    shop.app.stop().await.expect("everything finishes in time");
}

/// Each kind in its turn, at a random call or event.
fn any_fault(turn: usize) -> Fault {
    let api = |action| Fault::Api(ApiFault { method: None, path: "/v1/**".to_owned(), times: 1, action });
    let event = |action| Fault::webhook("payment_intent.*", action);
    let status = rand::random_range(500..505);
    match turn % 9 {
        // Only the shop makes payment objects; buyers confirm and read them.
        8 => Fault::api("POST", "/v1/payment_intents", ApiAction::TimeOut { hold_ms: None }),
        0 => api(ApiAction::TimeOut { hold_ms: Some(rand::random_range(100..6_000)) }),
        1 => api(ApiAction::Answer { status: 429, acted: false }),
        2 => api(ApiAction::Answer { status, acted: false }),
        3 => api(ApiAction::Answer { status, acted: true }),
        4 => event(WebhookAction::Drop),
        5 => event(WebhookAction::Duplicate { extra: 4, at_once: true }),
        6 => event(WebhookAction::Reorder { behind: 3, at_most_ms: 2_000 }),
        _ => event(WebhookAction::Delay { by_ms: rand::random_range(0..3_000) }),
    }
}

/// Whether it keeps a call of the shop's own waiting for ever.
fn is_silence(fault: &Fault) -> bool {
    matches!(fault, Fault::Api(ApiFault { action: ApiAction::TimeOut { hold_ms: None }, .. }))
}

/// Orders of which every other one is paid, and whose webhooks come when their time is over.
async fn late_webhooks(shop: &Shop) -> Vec<OrderId> {
    let hold = WebhookAction::Delay { by_ms: 30_000 };
    shop.sandbox().faults().add(Fault::webhook("*", hold).times(u32::MAX)).expect("a fault that can be");
    let mut orders = Vec::new();
    for n in 0..LATE {
        let shopper = shop.shopper_with_cart([("poster", 1)]).await;
        let placed: Placed = shopper.place_order(&format!("late {n}")).await;
        if n % 2 == 0 {
            assert_eq!(shopper.pay(&placed, GOOD).await["status"], "succeeded");
        }
        orders.push(placed.order_id());
    }
    for id in &orders {
        let state = shop.order(*id).await.state;
        assert!(matches!(state, OrderState::AwaitingPayment { .. }), "no webhook has come yet: {state:?}");
    }
    shop.clock.advance(TimeDelta::minutes(61));
    shop.run_jobs().await;
    shop.until("no order waits any more", || async {
        for id in &orders {
            if matches!(shop.order(*id).await.state, OrderState::AwaitingPayment { .. }) {
                return false;
            }
        }
        true
    })
    .await;
    shop.sandbox().faults().clear();
    shop.settle().await;
    orders
}

/// Paid, with the money here; or given up, with none of it left here. Says which.
async fn is_paid_xor_given_up(shop: &Shop, id: OrderId) -> bool {
    let (order, payment) = (shop.order(id).await, shop.payment(id).await);
    match order.state {
        OrderState::Paid { .. } => {
            assert_eq!(payment.state, PaymentState::Succeeded, "{payment:?}");
            assert_eq!(payment.amount_refunded, 0, "{payment:?}");
            true
        }
        OrderState::Cancelled { .. } => {
            assert_eq!(payment.amount_received, payment.amount_refunded, "{payment:?}");
            false
        }
        OrderState::AwaitingPayment { .. } => panic!("it still waits: {order:?}"),
    }
}
