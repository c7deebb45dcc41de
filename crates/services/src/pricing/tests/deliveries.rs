//! What is delivered together, and what can be picked up.

use super::shop::*;
use crate::{cart::CartView, testing::TestShop};
use stoa_domain::{
    delivery::{DeliveryMethod, LoadBounds, MethodKind, RateTable},
    inventory::{Location, StockCause},
    pricing::GroupDeliveries,
    shared::{DeliveryMethodId, LocationId, VariantId},
};
use stoa_persistence::{
    delivery, inventory,
    pricing::{self, ShopSettings, Switched},
};

const BARN: u128 = 77;

/// Two goods, of which the second lies in the barn alone.
async fn two_places() -> (TestShop, Vec<VariantId>, LocationId) {
    let shop = TestShop::open().await;
    let goods = sell(&shop, 2, 5).await;
    let now = shop.ctx().now();
    let first = inventory::locations(shop.db.read()).await.unwrap()[0].id;
    let barn = Location { id: id(BARN), name: "Barn".into(), position: 9 };
    let cause = StockCause { reference: None, at: now };
    write(&shop, async |tx| {
        inventory::add_location(tx, &barn, now).await?;
        inventory::set_on_hand(tx, (goods[1], barn.id), 5, None, &cause).await.unwrap();
        inventory::set_on_hand(tx, (goods[1], first), 0, None, &cause).await.unwrap();
        Ok(())
    })
    .await;
    (shop, goods, first)
}

async fn by_place(shop: &TestShop) {
    let now = shop.ctx().now();
    let decided =
        ShopSettings { group_deliveries: Some(GroupDeliveries::Location), ..ShopSettings::default() };
    write(shop, async |tx| pricing::save_settings(tx, 0, &decided, now).await).await;
}

fn groups(view: &CartView) -> Vec<(Option<LocationId>, usize, i64)> {
    view.priced_groups().map(|(group, priced)| (group.from, group.lines.len(), priced.price)).collect()
}

#[tokio::test]
async fn two_places_are_two_groups() {
    let (shop, goods, first) = two_places().await;
    let cart = cart(&shop, &[(goods[0], 1), (goods[1], 2)]).await;
    let view = deliver(&shop, cart).await;
    assert_eq!(groups(&view), [(None, 2, 500)], "together, unless the shop says otherwise");
    let together = view.groups[0].id;
    by_place(&shop).await;
    let view = read(&shop, cart).await;
    assert_eq!(groups(&view), [(Some(first), 1, 500), (Some(id(BARN)), 1, 500)]);
    assert_eq!(view.groups[0].id, together, "what was chosen stays");
    assert_eq!(view.priced.delivery, 1_000);
    let choices = [(view.groups[1].id, "standard")];
    let (chosen, _) = shop.services.select_delivery.run(&guest(), cart, &choices).await.unwrap();
    assert_eq!(kept(&shop, cart).await.selection(view.groups[1].id).unwrap().option, "standard");
    assert_eq!(
        chosen.groups,
        view.groups
            .iter()
            .cloned()
            .map(|mut group| {
                if group.id == view.groups[1].id {
                    group.choice.option = Some("standard".into());
                }
                group
            })
            .collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn goods_are_picked_up_where_all_of_them_are() {
    let (shop, goods, first) = two_places().await;
    let now = shop.ctx().now();
    let method = |n, handle: &str, location| Switched {
        rule: DeliveryMethod {
            id: id::<DeliveryMethodId>(n),
            zone: None,
            handle: handle.into(),
            title: handle.into(),
            description: None,
            kind: MethodKind::PickUp { location },
            rates: RateTable::flat(0),
            free_from: None,
            divisor: None,
            tax_category: None,
            days: None,
            bounds: LoadBounds::default(),
            position: 0,
        },
        active: true,
    };
    write(&shop, async |tx| {
        delivery::insert_method(tx, &method(1, "shop", first), now).await?;
        delivery::insert_method(tx, &method(2, "barn", id(BARN)), now).await
    })
    .await;
    let offered = |view: &CartView| -> Vec<String> {
        view.delivery_options().iter().map(|offer| offer.handle.to_string()).collect()
    };
    let at_shop = cart(&shop, &[(goods[0], 1)]).await;
    let view = read(&shop, at_shop).await;
    assert_eq!((offered(&view), view.groups[0].to), (vec!["shop".to_owned()], None), "no address is needed");
    let in_barn = cart(&shop, &[(goods[1], 1)]).await;
    assert_eq!(offered(&read(&shop, in_barn).await), ["barn"]);
    let nowhere = cart(&shop, &[(goods[0], 1), (goods[1], 1)]).await;
    assert_eq!(offered(&read(&shop, nowhere).await), Vec::<String>::new());
}
