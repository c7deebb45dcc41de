//! Price lists, as staff make and fill them.

use super::shop::change;
use crate::{
    admin::{InputPlace, ListPriceKey, NewListPrice, PriceListDraft, PriceListError, PriceListPatch, Unfit},
    testing::TestShop,
};
use futures_util::future::join_all;
use serde_json::json;
use std::collections::BTreeSet;
use stoa_domain::{
    access::grants::{PricesRead, PricesWrite},
    pricing::{ListPrice, PriceListKind},
    shared::{Currency, CustomerGroupId, Money, PriceListId, VariantId, page::PageRequest},
};
use uuid::Uuid;

pub(super) fn sale(name: &str) -> PriceListDraft {
    PriceListDraft {
        name: name.to_owned(),
        kind: PriceListKind::Sale,
        currency: Currency::USD,
        adjustment: None,
        market: None,
        starts_at: None,
        ends_at: None,
        active: true,
    }
}

async fn make(shop: &TestShop, name: &str) -> PriceListId {
    shop.services.admin.price_lists.create(&shop.eve(), &sale(name)).await.unwrap().rule.rule.id
}

fn fixed(variant: VariantId, from_quantity: u32, price: i64) -> NewListPrice {
    NewListPrice { variant, from_quantity, price: Money::new(price, Currency::USD), compare_at: None }
}

fn figures(prices: &[ListPrice]) -> Vec<(u32, i64)> {
    prices.iter().map(|price| (price.from_quantity, price.price)).collect()
}

#[tokio::test]
async fn a_list_is_made_changed_and_taken_away() {
    let shop = TestShop::open().await;
    let lists = &shop.services.admin.price_lists;
    let by = shop.eve::<PricesWrite>();
    let id = make(&shop, "Summer").await;
    let taken = lists.create(&by, &sale("SUMMER")).await;
    assert!(matches!(taken, Err(PriceListError::Taken)), "{taken:?}");
    let tenth = PriceListPatch { adjustment: Some(Some(-100_000)), ..PriceListPatch::default() };
    for _ in 0..2 {
        let now = lists.update(&by, (id, Some(1)), &tenth).await.unwrap();
        assert_eq!((now.rule.rule.adjustment, now.version), (Some(-100_000), 2));
    }
    let renamed = PriceListPatch { name: Some("Winter".into()), ..PriceListPatch::default() };
    let stale = lists.update(&by, (id, Some(1)), &renamed).await;
    assert!(matches!(stale, Err(PriceListError::Stale)), "{stale:?}");
    let group = CustomerGroupId::new(Uuid::from_u128(9));
    let trade = PriceListDraft { kind: PriceListKind::Group(BTreeSet::from([group])), ..sale("Trade") };
    match lists.create(&by, &trade).await {
        Err(PriceListError::Refused(refusal)) => {
            assert_eq!(refusal.at, InputPlace::field("customerGroupIds"));
            assert_eq!(refusal.why, Unfit::NotThere(group.uuid()));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(lists.delete(&by, id, Some(1)).await, Err(PriceListError::Stale)));
    lists.delete(&by, id, None).await.unwrap();
    assert!(matches!(lists.delete(&by, id, None).await, Err(PriceListError::NotFound)));
    let log = shop.log(id).await;
    let acts: Vec<&str> = log.iter().map(|(act, _)| act.as_str()).collect();
    assert_eq!(acts, ["price_list.create", "price_list.update", "price_list.delete"]);
    assert_eq!(change(&log[1].1, "adjustment"), Some((&json!(null), &json!(-100_000))));
}

#[tokio::test]
async fn prices_are_fixed_and_taken_out() {
    let shop = TestShop::open().await;
    let (mug, bowl) = (shop.mugs(9).await, shop.mugs(9).await);
    let lists = &shop.services.admin.price_lists;
    let (by, reads) = (shop.eve::<PricesWrite>(), shop.eve::<PricesRead>());
    let id = make(&shop, "Summer").await;
    let wanted = [fixed(mug, 1, 900), fixed(mug, 10, 800), fixed(bowl, 1, 700), fixed(mug, 1, 950)];
    for _ in 0..2 {
        let there = lists.set(&by, id, &wanted).await.unwrap();
        assert_eq!(there.len(), 3, "of two for the same quantity the later counts");
    }
    assert_eq!(figures(&lists.prices(&reads, id, &[mug]).await.unwrap()), [(1, 950), (10, 800)]);
    let page = lists.variants(&reads, id, &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<BTreeSet<_>>(), BTreeSet::from([mug, bowl]));

    let nobody = VariantId::new(Uuid::from_u128(9));
    let log = shop.log_length().await;
    let refused = lists.set(&by, id, &[fixed(bowl, 1, 1), fixed(nobody, 1, 1)]).await;
    assert!(matches!(refused, Err(PriceListError::NoVariant { index: 1, .. })), "{refused:?}");
    let place = InputPlace::field("prices").entry(1);
    for (price, field) in [
        (fixed(mug, 0, 5), "fromQuantity"),
        (fixed(mug, 1, -5), "price"),
        (
            NewListPrice { compare_at: Some(Money::new(-1, Currency::USD)), ..fixed(mug, 1, 5) },
            "compareAtPrice",
        ),
    ] {
        match lists.set(&by, id, &[fixed(bowl, 1, 1), price]).await {
            Err(PriceListError::Refused(refusal)) => assert_eq!(refusal.at, place.then(field)),
            other => panic!("{field}: {other:?}"),
        }
    }
    let yen = Money::new(5, Currency::parse("JPY").unwrap());
    for other in [
        NewListPrice { price: yen, ..fixed(mug, 1, 5) },
        NewListPrice { compare_at: Some(yen), ..fixed(mug, 1, 5) },
    ] {
        let refused = lists.set(&by, id, &[fixed(bowl, 1, 1), other]).await;
        assert!(matches!(refused, Err(PriceListError::CurrencyMismatch { index: 1, .. })), "{refused:?}");
    }
    let gone = PriceListId::new(Uuid::from_u128(9));
    assert!(matches!(lists.set(&by, gone, &[fixed(mug, 1, 1)]).await, Err(PriceListError::NotFound)));
    assert_eq!(figures(&lists.prices(&reads, id, &[bowl]).await.unwrap()), [(1, 700)], "nothing has changed");
    assert_eq!(shop.log_length().await, log);

    let key = |variant, from_quantity| ListPriceKey { variant, from_quantity };
    for expected in [2, 0] {
        let these = [key(mug, Some(10)), key(bowl, None), key(bowl, Some(1)), key(mug, Some(7))];
        assert_eq!(lists.remove(&by, id, &these).await.unwrap(), expected);
    }
    assert_eq!(figures(&lists.prices(&reads, id, &[mug, bowl]).await.unwrap()), [(1, 950)]);
    let log = shop.log(id).await;
    let acts: Vec<&str> = log.iter().map(|(act, _)| act.as_str()).collect();
    assert_eq!(acts, ["price_list.create", "price_list.set_prices", "price_list.remove_prices"]);
    let field = format!("variant {mug} from 10 price");
    assert_eq!(change(&log[1].1, &field), Some((&json!(null), &json!(800))));
    assert_eq!(change(&log[2].1, &field), Some((&json!(800), &json!(null))));
}

#[tokio::test]
async fn lists_of_many_hands_are_filled_at_once() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(9).await;
    let id = make(&shop, "Summer").await;
    let lists = &shop.services.admin.price_lists;
    let by = shop.eve::<PricesWrite>();
    let wanted: Vec<[NewListPrice; 1]> = (1..=5).map(|n| [fixed(mug, n, 900)]).collect();
    for done in join_all(wanted.iter().map(|price| lists.set(&by, id, price))).await {
        done.unwrap();
    }
    assert_eq!(lists.prices(&shop.eve(), id, &[mug]).await.unwrap().len(), 5);
}
