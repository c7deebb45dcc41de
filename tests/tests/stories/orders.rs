//! Stories 31, 42 and 45: orders keep what they were, and show themselves only to whom they may.

use crate::harness::{Item, Setup, Shop};
use serde_json::{Value, json};
use stoa_domain::{pricing::TaxRounding, shared::Rate};

async fn look_up(shop: &Shop, lookup: Value) -> Value {
    let query = "query($l: OrderLookupInput!) { order(lookup: $l) { name email token } }";
    shop.shopper().ask(query, json!({ "l": lookup })).await.at("/order").clone()
}

/// Story 45: by token right after checkout, later by number and address, never by a guess.
#[tokio::test]
async fn a_guest_sees_their_order_and_nobody_elses() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    assert_eq!(look_up(&shop, json!({ "token": placed.token() })).await["name"], "#1001");
    let by_contact = |number: i64, email: &str| json!({ "contact": { "number": number, "email": email } });
    assert_eq!(look_up(&shop, by_contact(1001, "ADA@example.ORG")).await["name"], "#1001");
    for guess in [
        by_contact(1001, "eve@example.org"),
        by_contact(1002, "ada@example.org"),
        by_contact(-1, "ada@example.org"),
        json!({ "token": placed.order_id().to_string() }),
        json!({ "token": "" }),
    ] {
        assert_eq!(look_up(&shop, guess.clone()).await, Value::Null, "{guess}");
    }
    let node = format!("{{ node(id: \"gid://stoa/Order/{}\") {{ id }} }}", placed.order_id());
    assert_eq!(shop.shopper().ask(&node, json!({})).await.at("/node"), &Value::Null, "an id opens nothing");
}

/// Story 31: an order keeps every figure, whatever changes later.
#[tokio::test]
async fn a_later_price_changes_no_placed_order() {
    let setup = Setup::selling([Item::new("mug", "24.99", 9)]).config(|c| {
        c.settings.pricing.tax_rate = Rate::parse_percent("10.75").expect("a rate");
        c.settings.pricing.delivery.price = 644;
    });
    let shop = Shop::with(setup).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    // Story 27: 24.99 at 10.75 % and untaxed delivery of 6.44.
    assert_eq!(placed.answer.at("/orderPlace/order/totalPrice/amount"), "34.12");
    assert_eq!(placed.answer.at("/orderPlace/order/totalTax/amount"), "2.69");
    assert_eq!(shop.payment(placed.order_id()).await.amount, 3412, "charged alike");
    let before = shopper.order(&placed.token()).await;
    shop.restock(&[Item::new("mug", "99.00", 9)]).await;
    assert_eq!(shopper.order(&placed.token()).await, before);
}

/// Nobody is charged more than the cart's last change has told them, though they say nothing of a total; told of it, they may go on.
#[tokio::test]
async fn a_price_that_rose_unseen_is_charged_only_once_it_was_told() {
    let shop = Shop::with(Setup::selling([Item { ships: false, ..Item::new("mug", "12.50", 9) }])).await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    shop.restock(&[Item { ships: false, ..Item::new("mug", "15.00", 9) }]).await;
    let refused = shopper.place_order("k").await;
    assert_eq!(refused.refusals(), ["TOTAL_CHANGED"]);
    assert_eq!(refused.answer.at("/orderPlace/userErrors/0/actualTotal/amount"), "30.00");
    assert_eq!(shop.stock("mug").await.allocated, 0, "nothing is ordered");
    assert_eq!(shopper.quantities().await, [2], "and the cart is as it was");
    let placed = shopper.place_order("k").await;
    assert_eq!(placed.answer.at("/orderPlace/order/totalPrice/amount"), "30.00");
    assert_eq!(shop.payment(placed.order_id()).await.amount, 3000);

    // What has become cheaper nobody minds; and a change of the cart tells as well.
    let lucky = shop.shopper_with_cart([("mug", 1)]).await;
    shop.restock(&[Item { ships: false, ..Item::new("mug", "9.00", 9) }]).await;
    let placed = lucky.place_order("lucky").await;
    assert_eq!(shop.payment(placed.order_id()).await.amount, 900);
    let warned = shop.shopper_with_cart([("mug", 1)]).await;
    shop.restock(&[Item { ships: false, ..Item::new("mug", "11.00", 9) }]).await;
    shop.until("the catalogue has noticed", || async {
        let changed = warned.change("cartNoteUpdate", &[("note", "String!", json!("a bow, please"))]).await;
        changed.at("/cartNoteUpdate/cart/cost/totalAmount/amount") == "11.00"
    })
    .await;
    let placed = warned.place_order("warned").await;
    assert_eq!(shop.payment(placed.order_id()).await.amount, 1100);
}

/// Story 28: the rounding that applied is stored on the order.
#[tokio::test]
async fn the_order_knows_how_its_tax_was_rounded() {
    for (rounding, tax) in [(TaxRounding::Line, 232), (TaxRounding::Total, 230)] {
        let items = ["a", "b", "c", "d"].map(|h| Item { ships: false, ..Item::new(h, "2.50", 9) });
        let setup = Setup::selling(items).config(move |c| {
            c.settings.pricing.tax_rate = Rate::parse_percent("23").expect("a rate");
            c.settings.pricing.tax_rounding = rounding;
        });
        let shop = Shop::with(setup).await;
        let shopper = shop.shopper_with_cart([("a", 1), ("b", 1), ("c", 1), ("d", 1)]).await;
        let order = shop.order(shopper.place_order("k").await.order_id()).await;
        assert_eq!((order.figures.tax, order.figures.tax_rounding), (tax, rounding));
        assert_eq!(order.lines.iter().map(|l| l.tax).sum::<i64>(), tax);
    }
}
