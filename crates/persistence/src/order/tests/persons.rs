//! Taking people out of orders.

use super::*;
use chrono::TimeDelta;
use stoa_domain::customer::{ErasureObstacle, erased_email};

#[tokio::test]
async fn what_is_still_owed_stands_in_the_way() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let ada = CustomerId::new(shop.ids.id());
    let obstacle =
        async |days| erasure_obstacle(shop.db.read(), ada, at(0) + TimeDelta::days(days)).await.unwrap();
    assert_eq!(obstacle(0).await, None);
    let sent = Order {
        customer: Some(ada),
        state: OrderState::Paid { payment: None, paid_at: at(0) },
        fulfillment: FulfillmentStatus::Fulfilled,
        ..order_of(&shop, &[(mug, 1)])
    };
    place(&shop, &sent, &[]).await;
    assert_eq!(obstacle(0).await, None);
    let unsent = Order { fulfillment: FulfillmentStatus::Unfulfilled, ..order_of(&shop, &[(mug, 1)]) };
    place(&shop, &Order { customer: Some(ada), state: sent.state.clone(), ..unsent }, &[]).await;
    assert_eq!((obstacle(29).await, obstacle(30).await), (Some(ErasureObstacle::Unsent), None));
    place(&shop, &Order { customer: Some(ada), ..order_of(&shop, &[(mug, 1)]) }, &[]).await;
    assert_eq!(obstacle(365).await, Some(ErasureObstacle::AwaitingPayment));
    let somebody_else = CustomerId::new(shop.ids.id());
    assert_eq!(erasure_obstacle(shop.db.read(), somebody_else, at(0)).await.unwrap(), None);
}

#[tokio::test]
async fn an_order_forgets_its_buyer_and_keeps_what_the_tax_office_asks_for() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let ada = CustomerId::new(shop.ids.id());
    let mine = Order { customer: Some(ada), locale: Some(Locale::De), ..order_of(&shop, &[(mug, 2)]) };
    let bobs = Order { email: email("bob@example.org"), ..order_of(&shop, &[(mug, 1)]) };
    for order in [&mine, &bobs] {
        place(&shop, order, &[]).await;
    }
    let gone = async || shop.tx(async |tx| erase(tx, ada, 10, &shop.ids, at(9)).await).await;
    assert_eq!(gone().await, 1);
    let after = find(shop.db.read(), mine.id).await.unwrap().unwrap();
    assert_ne!(after.token, mine.token, "no link leads there any more");
    assert_eq!(find_by_token(shop.db.read(), &mine.token).await.unwrap(), None);
    let lines = mine.lines.iter().map(|line| LineItem { attributes: Vec::new(), ..line.clone() });
    let expected = Order {
        email: erased_email(ada),
        phone: None,
        note: None,
        locale: None,
        attributes: Vec::new(),
        token: after.token.clone(),
        lines: lines.collect(),
        updated_at: at(9),
        ..mine
    };
    assert_eq!(after, expected, "figures, number and the delivery's address stay");
    assert_eq!(find(shop.db.read(), bobs.id).await.unwrap(), Some(bobs.clone()), "nobody else's");
    assert_eq!(gone().await, 1, "again makes only another token");

    // Ten years later the name goes as well.
    let forget = async |days| {
        let now = at(0) + TimeDelta::days(days);
        shop.tx(async |tx| forget_persons(tx, now, 100).await).await
    };
    assert_eq!(forget(3_651).await, 0);
    assert_eq!(forget(3_653).await, 1);
    assert_eq!(forget(3_653).await, 0);
    assert_eq!(find(shop.db.read(), after.id).await.unwrap().unwrap().shipping_address, None);
    assert_eq!(find(shop.db.read(), bobs.id).await.unwrap(), Some(bobs));
    let left = shop.dump(&["orders", "order_lines"]).await;
    let hers = left.lines().filter(|line| !line.contains("bob@")).collect::<String>();
    assert!(!hers.contains("Ada@") && !hers.contains("Byron") && !hers.contains("Town"), "{hers}");
}

#[tokio::test]
async fn what_is_kept_for_ever_is_not_forgotten_at_once() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let ada = CustomerId::new(shop.ids.id());
    let mine = Order { customer: Some(ada), ..order_of(&shop, &[(mug, 1)]) };
    place(&shop, &mine, &[]).await;
    shop.tx(async |tx| erase(tx, ada, u32::MAX, &shop.ids, at(9)).await).await;
    assert_eq!(shop.tx(async |tx| forget_persons(tx, at(9), 100).await).await, 0);
    let after = find(shop.db.read(), mine.id).await.unwrap().unwrap();
    assert_eq!(after.shipping_address, mine.shipping_address);
}
