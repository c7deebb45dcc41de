//! What ends by itself: orders whose payment came wrong or is nowhere, locks, and holds without a cart.

use crate::harness::{Item, Setup, Shop, Shopper, Stock};
use chrono::TimeDelta;
use futures_util::FutureExt;
use serde_json::{Value, json};
use stoa_domain::{
    cart::CartStore,
    order::Attention,
    shared::{CartId, Clock, Currency},
};
use stoa_persistence::{DbConfig, Durability, SqlCartStore, payment};

const GOOD: &str = "4242424242424242";

/// The gateway took less than the order costs, because somebody changed the amount there: nothing is shipped for it, and
/// when the order's time is over, it all goes back.
#[tokio::test]
async fn what_was_not_the_price_goes_back_when_the_time_is_over() {
    let shop = Shop::with(Setup::default().sandbox(|s| s.webhook = None)).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    let id = placed.order_id();
    shop.gateway_post(&format!("/v1/payment_intents/{}", placed.intent()), &[("amount", "1000")]).await;
    assert_eq!(shopper.pay(&placed, GOOD).await["status"], "succeeded");
    shop.app.services().sync_payment.run(id).await.expect("the gateway answers");
    let order = shop.order(id).await;
    assert_eq!((order.state.name(), order.attention), ("awaiting_payment", Some(Attention::AmountDiffers)));

    shop.clock.advance(TimeDelta::minutes(61));
    shop.run_jobs().await;
    shop.until("the order is given up and refunded", || async {
        shop.history(id).await.iter().any(|kind| kind == "refund_sent")
    })
    .await;
    assert_eq!(shop.order(id).await.state.name(), "cancelled");
    assert_eq!(shop.stock("mug").await, Stock { on_hand: 10, allocated: 0 });
    let list = shop.gateway_get(&format!("/v1/refunds?payment_intent={}", placed.intent())).await;
    let amounts: Vec<&Value> =
        list["data"].as_array().expect("a list").iter().map(|refund| &refund["amount"]).collect();
    assert_eq!(amounts, [1000], "what came, once");
    // Nobody of the staff has done it, who could have told them.
    shop.clock.advance(TimeDelta::minutes(2));
    shop.has_mailed("ada@example.org", 1).await;
    let mails = shop.mails();
    assert!(mails.len() == 1 && mails[0].contains("efunded"), "{mails:?}");
    shop.books_balance().await;
}

/// The gateway does not know the payment's object any more, as after a change of keys: nobody can pay, and the stock is
/// not kept for them.
#[tokio::test]
async fn an_order_whose_payment_is_nowhere_is_given_up_in_time() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let id = shopper.place_order("k").await.order_id();
    let mut elsewhere = shop.payment(id).await;
    elsewhere.intent = Some("pi_of_another_mode".to_owned());
    let tx = shop.db().write(Durability::Full).await.expect("a turn");
    payment::save(&tx, &elsewhere).await.expect("SQL answers");
    tx.commit().await.expect("it is kept");

    shop.clock.advance(TimeDelta::minutes(61));
    shop.run_jobs().await;
    shop.until("the order is given up", || async { shop.order(id).await.state.name() == "cancelled" }).await;
    assert_eq!(shop.stock("mug").await, Stock { on_hand: 10, allocated: 0 });
    shop.run_jobs().await;
    assert_eq!(shop.history(id).await, ["placed", "cancelled"]);
    shop.books_balance().await;
}

/// A shop whose writers take turns, in order, whichever database the other stories run on.
fn with_turns(items: impl Into<Vec<Item>>) -> Setup {
    Setup::selling(items).config(|c| {
        c.database = DbConfig::sqlite(c.data_dir.join("turns.db"));
        c.redis = None;
    })
}

fn cart_id(shopper: &Shopper) -> CartId {
    let id = shopper.cart.rsplit('/').next().expect("an id");
    id.parse().expect("a cart's id")
}

/// A request that is overtaken by time: half way through its lock another may be about to take the cart, so it must not
/// write the order any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_older_than_half_its_lock_writes_no_order() {
    let shop = Shop::with(with_turns([Item::new("mug", "12.50", 10)])).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let carts = SqlCartStore::new(shop.db().clone());
    let id = cart_id(&shopper);
    // Turns to write are given in order. Holding one and standing in the queue for the next, we let the request have one
    // turn at a time, until it has locked the cart.
    let mut turn = shop.db().write(Durability::Relaxed).await.expect("a turn");
    let stalled = async {
        loop {
            let mut next = Box::pin(shop.db().write(Durability::Relaxed));
            assert!((&mut next).now_or_never().is_none(), "we hold the turn before");
            drop(turn);
            turn = next.await.expect("a turn");
            let cart =
                carts.load(id, shop.clock.now()).await.expect("SQL answers").expect("the cart is there");
            if cart.checkout.is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        shop.clock.advance(TimeDelta::seconds(16));
        drop(turn);
    };
    let (refused, ()) = tokio::join!(shopper.place_order("k"), stalled);
    assert_eq!(refused.refusals(), ["ORDER_IN_PROGRESS"]);
    assert_eq!(shop.stock("mug").await, Stock { on_hand: 10, allocated: 0 });
    assert!(
        shopper.place_order("k").await.is_placed(),
        "nothing was written: the same request again is a new one"
    );
    assert_eq!(shop.stock("mug").await.allocated, 1);
    shop.books_balance().await;
}

/// A line comes in while its cart becomes an order: what was held for it must not stay held for a cart that is gone.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_held_for_a_cart_that_is_gone_can_be_bought() {
    let shop = Shop::with(with_turns([Item::new("mug", "12.50", 9), Item::new("bowl", "20.00", 1)])).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let bowl = shop.gid("bowl").await;
    let carts = SqlCartStore::new(shop.db().clone());
    let id = cart_id(&shopper);
    let cart = carts.load(id, shop.clock.now()).await.expect("SQL answers").expect("the cart is there");
    // Turns to write are given in order: the line's hold is first, and before the line can be saved the cart goes.
    let turn = shop.db().write(Durability::Relaxed).await.expect("a turn");
    let going = async {
        // Time enough for the request to stand in the queue. Should it come too late, it finds no cart, and holds nothing.
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        let mut delete = carts.delete(id, cart.version);
        assert!((&mut delete).now_or_never().is_none(), "we hold the turn before");
        drop(turn);
        delete.await.expect("SQL answers");
    };
    let (added, ()) = tokio::join!(shopper.add(&bowl, 1), going);
    assert!(added.at("/cartLinesAdd/cart").is_null(), "{:#}", added.body);
    let other = shop.shopper_with_cart([("bowl", 1)]).await;
    assert_eq!(other.quantities().await, [1], "held by nobody");
    assert!(other.place_order("k").await.is_placed());
    shop.books_balance().await;
}

/// A hold that has lapsed is taken anew by whatever is done to the cart, and what the cart says of it is true.
#[tokio::test]
async fn a_cart_says_until_when_it_holds_and_never_more() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 1)])).await;
    let first = shop.shopper_with_cart([("mug", 1)]).await;
    let note = async || {
        let answer = first.change("cartNoteUpdate", &[("note", "String!", json!("wrapped"))]).await;
        answer.at("/cartNoteUpdate/cart/heldUntil").clone()
    };
    shop.clock.advance(TimeDelta::minutes(16));
    assert!(first.read_cart().await["heldUntil"].is_null(), "it has lapsed");
    assert!(note().await.is_string(), "nobody took it meanwhile: it is held again");
    let second = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(second.quantities().await, Vec::<u64>::new(), "really held");

    shop.clock.advance(TimeDelta::minutes(16));
    assert_eq!(second.add(&shop.gid("mug").await, 1).await.at("/cartLinesAdd/cart/totalQuantity"), 1);
    assert!(note().await.is_null(), "somebody else has it now");
    assert!(first.read_cart().await["heldUntil"].is_null());
    assert!(second.place_order("k").await.is_placed());
}

/// A total that is no whole number of the steps its currency is charged in: refused before anything is written.
#[tokio::test]
async fn a_total_that_cannot_be_charged_is_refused_before_the_order() {
    let setup = Setup::selling([Item::new("mug", "1.255", 9)]).config(|c| {
        c.settings.currency = Currency::parse("KWD").expect("a currency");
        c.settings.pricing.delivery.price = 500;
    });
    let shop = Shop::with(setup).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(shopper.place_order("k").await.refusals(), ["AMOUNT_UNEVEN"]);
    assert_eq!(shop.stock("mug").await.allocated, 0);
    assert_eq!(shopper.quantities().await, [1], "the cart is as it was");
    shopper.add(&shop.gid("mug").await, 1).await;
    assert!(shopper.place_order("k").await.is_placed(), "two of them are 3.010");
}
