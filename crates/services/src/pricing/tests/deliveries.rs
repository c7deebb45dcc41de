//! What is delivered together, and what can be picked up.

use super::shop::*;
use crate::{
    admin::{DeliveryKind, DeliveryMethodDraft, DeliveryMethodPatch, DeliveryZoneDraft, Figure, RateDraft},
    cart::CartView,
    testing::TestShop,
};
use stoa_domain::{
    access::grants::DeliveryWrite,
    delivery::{DeliveryMethod, LoadBounds, Measure, MethodKind, RateTable},
    inventory::{Location, StockCause},
    pricing::GroupDeliveries,
    shared::{CartId, DeliveryMethodId, DeliveryZoneId, LocationId, VariantId},
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

async fn zone(shop: &TestShop, name: &str, of: &[&str]) -> DeliveryZoneId {
    let draft = DeliveryZoneDraft {
        name: name.to_owned(),
        countries: countries(of),
        provinces: Vec::new(),
        postal_ranges: Vec::new(),
        priority: 0,
    };
    shop.services.admin.delivery_zones.create(&shop.eve(), &draft).await.unwrap().rule.id
}

fn by_units(handle: &str, zone: Option<DeliveryZoneId>, rates: Vec<RateDraft>) -> DeliveryMethodDraft {
    DeliveryMethodDraft {
        active: true,
        bounds: LoadBounds::default(),
        description: None,
        free_from: None,
        handle: handle.to_owned(),
        kind: DeliveryKind::Shipping,
        location: None,
        maximum_days: None,
        measure: Measure::Quantity,
        minimum_days: None,
        position: 0,
        rates,
        tax_category: None,
        title: handle.to_owned(),
        volume_divisor: None,
        zone,
    }
}

fn from_units(from: i64, base: i64) -> RateDraft {
    RateDraft { from: Figure::Known(from), base, per_step: 0, step: Figure::Known(0) }
}

async fn make(shop: &TestShop, draft: &DeliveryMethodDraft) -> DeliveryMethodId {
    shop.services.admin.delivery_methods.create(&shop.eve(), draft).await.unwrap().rule.rule.id
}

async fn prices(shop: &TestShop, cart: CartId) -> Vec<(String, i64)> {
    let view = read(shop, cart).await;
    view.delivery_options().iter().map(|offer| (offer.handle.to_string(), offer.price)).collect()
}

fn options(all: &[(&str, i64)]) -> Vec<(String, i64)> {
    all.iter().map(|(handle, price)| ((*handle).to_owned(), *price)).collect()
}

#[tokio::test]
async fn a_cart_is_offered_the_delivery_that_staff_make_at_its_price_at_once() {
    let shop = TestShop::open().await;
    let goods = sell(&shop, 1, 20).await;
    let (methods, by) = (&shop.services.admin.delivery_methods, shop.eve::<DeliveryWrite>());
    let cart = cart(&shop, &[(goods[0], 3)]).await;
    deliver(&shop, cart).await;
    assert_eq!(prices(&shop, cart).await, options(&[("standard", 500)]), "that of the configuration");

    let germany = zone(&shop, "Germany", &["DE"]).await;
    let world = zone(&shop, "World", &[]).await;
    let steps = RateDraft { per_step: 100, step: Figure::Known(1), ..from_units(1, 490) };
    let post = make(&shop, &by_units("post", Some(germany), vec![from_units(0, 0), steps])).await;
    make(&shop, &by_units("far", Some(world), vec![from_units(0, 2_500)])).await;
    assert_eq!(prices(&shop, cart).await, options(&[("post", 690)]), "three units: 4.90 and twice 1.00");

    let place = inventory::locations(shop.db.read()).await.unwrap()[0].id;
    let comes = DeliveryMethodDraft {
        kind: DeliveryKind::PickUp,
        location: Some(place),
        position: -1,
        ..by_units("shop", None, vec![from_units(0, 0)])
    };
    let comes = make(&shop, &comes).await;
    assert_eq!(prices(&shop, cart).await, options(&[("shop", 0), ("post", 690)]));
    let free = DeliveryMethodPatch { free_from: Some(Some(3_000)), ..DeliveryMethodPatch::default() };
    methods.update(&by, (post, None), &free).await.unwrap();
    assert_eq!(prices(&shop, cart).await, options(&[("shop", 0), ("post", 0)]), "three at 10.00");
    let off = DeliveryMethodPatch { active: Some(false), ..DeliveryMethodPatch::default() };
    methods.update(&by, (post, None), &off).await.unwrap();
    assert_eq!(prices(&shop, cart).await, options(&[("shop", 0)]));
    methods.delete(&by, comes, None).await.unwrap();
    let nothing = options(&[]);
    assert_eq!(prices(&shop, cart).await, nothing, "nobody delivers there: not the configuration either");
}
