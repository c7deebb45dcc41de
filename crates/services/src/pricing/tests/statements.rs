//! What prices cost in statements: so much, however many lines there are.

use super::shop::*;
use crate::{cart::IdentityChange, testing::TestShop};
use stoa_domain::{
    pricing::{Action, Class, Condition, Target},
    shared::{CartId, Rate, VariantId},
};

/// Statements of a change of the cart's note, and of a look at it, with everything in memory that can be.
async fn costs(shop: &TestShop, cart: CartId) -> [u64; 2] {
    let note = async || {
        Box::pin(shop.services.cart_details.set_note(&guest(), cart, "please wrap")).await.unwrap();
    };
    note().await;
    read(shop, cart).await;
    shop.ctx().catalog.refresh().await.unwrap();
    let (_, [edit, ..]) = shop.cost(note()).await;
    let (_, [look, ..]) = shop.cost(read(shop, cart)).await;
    [edit, look]
}

async fn carts(shop: &TestShop, goods: &[VariantId]) -> [CartId; 2] {
    let lines: Vec<_> = goods.iter().map(|variant| (*variant, 1)).collect();
    [cart(shop, &lines[..1]).await, cart(shop, &lines).await]
}

#[tokio::test]
async fn a_shop_without_rules_costs_what_it_did() {
    let shop = TestShop::open().await;
    let goods = sell(&shop, 500, 9).await;
    let [small, large] = carts(&shop, &goods).await;
    let plain = costs(&shop, small).await;
    assert_eq!(plain, [PLAIN_EDIT, PLAIN_LOOK]);
    assert_eq!(costs(&shop, large).await, plain, "with 500 lines");
    // A rule that asks for nothing but prices.
    promote(&shop, &tenth(1)).await;
    assert_eq!(costs(&shop, small).await, plain);
    assert_eq!(costs(&shop, large).await, plain);
}

/// The cart is saved: what was in it is in memory, and its hold was moved on a moment ago.
const PLAIN_EDIT: u64 = 1;
/// Its goods are read.
const PLAIN_LOOK: u64 = 1;

#[tokio::test]
async fn what_is_asked_for_is_asked_for_once() {
    let shop = TestShop::open().await;
    let goods = sell(&shop, 500, 9).await;
    let [small, large] = carts(&shop, &goods).await;
    for cart in [small, large] {
        enter(&shop, cart, &["one", "two", "three"]).await;
        assert_eq!(costs(&shop, cart).await, [PLAIN_EDIT + 1, PLAIN_LOOK + 1], "codes");
        enter(&shop, cart, &[]).await;
    }
    for n in 1..=3 {
        issue(&shop, n, &format!("GIFTCARD{n}"), (100, currency("EUR"))).await;
    }
    let codes: Vec<String> = (1..=3).map(|n| format!("giftcard{n}")).collect();
    for cart in [small, large] {
        let (view, _) = Box::pin(shop.services.gift_card_codes.add(&guest(), cart, &codes)).await.unwrap();
        assert_eq!(costs(&shop, cart).await, [PLAIN_EDIT + 1, PLAIN_LOOK + 1], "gift cards");
        let cards = view.cart.gift_cards;
        Box::pin(shop.services.gift_card_codes.remove(&guest(), cart, &cards)).await.unwrap();
    }
    let rate = Rate::from_millionths(100_000);
    let red = Target::Of {
        products: [].into(),
        variants: [].into(),
        collections: [].into(),
        tags: ["red".into()].into(),
    };
    promote(&shop, &with_action(1, Class::Product, Action::PercentOff { rate, target: red })).await;
    for cart in [small, large] {
        assert_eq!(costs(&shop, cart).await, [PLAIN_EDIT, PLAIN_LOOK + 1], "tags are kept with goods");
    }
    assert_eq!(read(&shop, small).await.priced.discount, 100);
    let mut first = tenth(2);
    first.promotion.definition.conditions.push(Condition::FirstOrder);
    promote(&shop, &first).await;
    assert_eq!(costs(&shop, small).await, [PLAIN_EDIT, PLAIN_LOOK + 1], "of nobody nothing is asked");
    let ada = IdentityChange { email: Some("ada@example.org".into()), ..IdentityChange::default() };
    Box::pin(shop.services.identify_buyer.run(&guest(), small, &ada)).await.unwrap();
    // Whether there is an order of theirs, and whether one has used it up under another name.
    assert_eq!(costs(&shop, small).await, [PLAIN_EDIT + 2, PLAIN_LOOK + 3], "whether they have ordered");
    let mut limited = tenth(3);
    limited.limits.most = Some(1);
    promote(&shop, &limited).await;
    assert_eq!(costs(&shop, large).await, [PLAIN_EDIT + 1, PLAIN_LOOK + 2], "what is left of a promotion");
}
