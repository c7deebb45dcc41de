//! What orders keep of how they were priced, and that what was shown is what is done.

use super::{ordering::*, shop::*};
use crate::testing::TestShop;
use stoa_domain::{
    inventory::{Location, StockCause},
    order::CancelReason,
    pricing::GroupDeliveries,
    shared::LocationId,
};
use stoa_persistence::{
    inventory, order,
    pricing::{self, ShopSettings},
    promotion,
};

#[tokio::test]
async fn an_order_keeps_its_figures() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let plain = ready(&shop, "ada@example.org", &[(mug, 1)]).await;
    let plain = place(&shop, plain, "plain").await;
    let kept = async |id| order::pricing_of(shop.db.read(), id).await.unwrap();
    assert_eq!(kept(plain.order.id).await, None, "its columns tell all of it");

    promote_by_code(&shop, "ten", tenth(1)).await;
    issue(&shop, 1, "FIRSTCARD", (700, currency("EUR"))).await;
    let cart = ready(&shop, "ada@example.org", &[(mug, 2)]).await;
    enter(&shop, cart, &["ten"]).await;
    pay_with(&shop, cart, &["FIRSTCARD"]).await;
    let told = read(&shop, cart).await.priced;
    let placed = place(&shop, cart, "one").await;
    let figures = placed.order.figures.clone();
    assert_eq!((figures.discount, figures.total, figures.charge), (200, 1_800 + DELIVERY, 1_100 + DELIVERY));
    let pricing = kept(placed.order.id).await.unwrap();
    assert_eq!(
        (pricing.steps.sum_total(), pricing.steps.sum_charge()),
        (Ok(figures.total), Ok(figures.charge))
    );
    assert_eq!(
        (&pricing.steps, &pricing.applied),
        (&told.steps, &told.applied),
        "what was told, and nothing else"
    );
    assert_eq!(
        (pricing.deliveries.len(), pricing.deliveries[0].lines.as_slice()),
        (1, &[placed.order.lines[0].id][..])
    );

    // Whatever becomes of the rule: the order is what it was, and so is what it gives back.
    let mut other = tenth(1);
    other.promotion.title = "Something else".into();
    other.state = promotion::PromotionState::Archived;
    let now = shop.ctx().now();
    write(&shop, async |tx| promotion::update(tx, 1, &other, now).await.map(drop)).await;
    let again = order::find(shop.db.read(), placed.order.id).await.unwrap().unwrap();
    assert_eq!((again.figures, again.lines), (figures, placed.order.lines.clone()));
    assert_eq!(kept(placed.order.id).await.unwrap(), pricing);
    let cancel = crate::admin::Cancellation {
        order: placed.order.id,
        reason: CancelReason::Customer,
        restock: false,
        location: None,
        notify: false,
    };
    Box::pin(shop.services.admin.cancel_order.run(&shop.eve(), None, &cancel)).await.unwrap();
    assert_eq!(code_used(&shop, "ten").await, 0);
    shop.balances().await;
}

#[tokio::test]
async fn what_is_sent_comes_from_where_the_buyer_was_told() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 1).await[0];
    let now = shop.ctx().now();
    let barn = Location { id: id::<LocationId>(77), name: "Barn".into(), position: 9 };
    let cause = StockCause { reference: None, at: now };
    write(&shop, async |tx| {
        inventory::add_location(tx, &barn, now).await?;
        inventory::set_on_hand(tx, (mug, barn.id), 5, None, &cause).await.unwrap();
        Ok(())
    })
    .await;
    let by_place =
        ShopSettings { group_deliveries: Some(GroupDeliveries::Location), ..ShopSettings::default() };
    write(&shop, async |tx| pricing::save_settings(tx, 0, &by_place, now).await).await;
    let cart = ready(&shop, "ada@example.org", &[(mug, 2)]).await;
    assert_eq!(read(&shop, cart).await.groups[0].from, Some(barn.id), "the first place that has both");
    place(&shop, cart, "one").await;
    let levels = inventory::levels(shop.db.read(), mug).await.unwrap();
    let promised: Vec<(bool, i64)> =
        levels.iter().map(|level| (level.location == barn.id, level.allocated)).collect();
    assert!(promised.contains(&(true, 2)) && promised.contains(&(false, 0)), "{promised:?}");
    shop.balances().await;
}
