//! Counting and correcting stock.

use super::shop::{change, key, units};
use crate::{
    admin::{StockAdjustment, StockCount, StockError},
    testing::TestShop,
};
use serde_json::json;
use std::sync::Arc;
use stoa_domain::{
    access::{Actor, grants::InventoryRead},
    inventory::SetStockError,
    shared::{LocationId, VariantId},
};

async fn first_place(shop: &TestShop) -> LocationId {
    shop.services.admin.stock.locations(&shop.eve::<InventoryRead>()).await.unwrap()[0].id
}

fn by(variant: VariantId, location: LocationId, by: i64) -> StockAdjustment {
    StockAdjustment { variant, location, by, compare: None }
}

#[tokio::test]
async fn stock_is_adjusted_and_the_log_says_what_it_was() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let at = first_place(&shop).await;
    let stock = &shop.services.admin.change_stock;
    let written = stock.adjust(&shop.eve(), &[by(mug, at, -3)], Some(&key())).await.unwrap();
    assert_eq!((written[0].variant, written[0].level.on_hand), (mug, 7));
    let log = shop.log(mug).await;
    assert_eq!((log.len(), log[0].0.as_str()), (1, "inventory.adjust"));
    let field = format!("onHand {mug} at {at}");
    assert_eq!(change(&log[0].1, &field), Some((&json!(10), &json!(7))));
    stock.adjust(&shop.eve(), &[by(mug, at, 0)], Some(&key())).await.unwrap();
    assert_eq!(shop.acts(mug).await.len(), 1, "what changes nothing is not in it");
    let levels = shop.services.admin.stock.levels(&shop.eve(), &[mug]).await.unwrap();
    assert_eq!(levels[&mug][0].on_hand, 7);
    shop.balances().await;
}

#[tokio::test]
async fn all_of_it_is_written_or_nothing() {
    let shop = TestShop::open().await;
    let (mug, bowl) = (shop.mugs(10).await, shop.add("Bowl", units(2, 0)).await.variants[0].id);
    let at = first_place(&shop).await;
    let stock = &shop.services.admin.change_stock;
    let before = shop.log_length().await;
    let wanted = [by(mug, at, 5), by(bowl, at, -3)];
    let refused = stock.adjust(&shop.eve(), &wanted, Some(&key())).await;
    assert!(
        matches!(refused, Err(StockError::Refused { at: 1, error: SetStockError::OutOfRange })),
        "{refused:?}"
    );
    let twice =
        stock.adjust(&shop.eve(), &[by(mug, at, 1), by(bowl, at, 1), by(mug, at, 1)], Some(&key())).await;
    assert!(matches!(twice, Err(StockError::NamedTwice { at: 2 })), "{twice:?}");
    let nowhere = LocationId::new(uuid::Uuid::from_u128(7));
    let unknown = stock.adjust(&shop.eve(), &[by(mug, nowhere, 1)], Some(&key())).await;
    assert!(
        matches!(unknown, Err(StockError::Refused { at: 0, error: SetStockError::UnknownLocation(_) })),
        "{unknown:?}"
    );
    let many = vec![by(mug, at, 1); 251];
    assert!(matches!(stock.adjust(&shop.eve(), &many, Some(&key())).await, Err(StockError::TooMany)));
    assert_eq!((shop.stocked(mug).await, shop.stocked(bowl).await), ((10, 0), (2, 0)));
    assert_eq!(shop.log_length().await, before);
    let both = stock.adjust(&shop.eve(), &[by(bowl, at, -1), by(mug, at, 5)], Some(&key())).await.unwrap();
    let figures: Vec<_> = both.iter().map(|one| (one.variant, one.level.on_hand)).collect();
    assert_eq!(figures, [(bowl, 1), (mug, 15)], "as they were asked for");
    assert_eq!(shop.log_length().await, before + 1);
    shop.balances().await;
}

#[tokio::test]
async fn units_are_added_once_however_often_that_is_asked_with_its_key() {
    let shop = TestShop::open().await;
    let (mug, bowl) = (shop.mugs(10).await, shop.add("Bowl", units(2, 0)).await.variants[0].id);
    let at = first_place(&shop).await;
    let stock = &shop.services.admin.change_stock;
    let (eve, wanted) = (shop.eve(), [by(mug, at, 5), by(bowl, at, 1)]);
    let (a, b) = tokio::join!(
        stock.adjust(&eve, &wanted, Some("delivery 7")),
        stock.adjust(&eve, &wanted, Some("delivery 7")),
    );
    assert_eq!(a.unwrap(), b.unwrap());
    assert_eq!((shop.stocked(mug).await, shop.stocked(bowl).await), ((15, 0), (3, 0)));
    let other = stock.adjust(&eve, &[by(mug, at, 6)], Some("delivery 7")).await;
    assert!(matches!(other, Err(StockError::KeyReused)), "{other:?}");
    let empty = stock.adjust(&eve, &[by(mug, at, 6)], Some("")).await;
    assert!(matches!(empty, Err(StockError::Key(_))), "{empty:?}");
    stock.adjust(&eve, &wanted, Some("delivery 8")).await.unwrap();
    assert_eq!(shop.stocked(mug).await, (20, 0));
    shop.balances().await;
}

#[tokio::test]
async fn a_count_from_a_stale_screen_is_refused_with_what_is_there() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    let at = first_place(&shop).await;
    let stock = &shop.services.admin.change_stock;
    let count = |on_hand, compare| StockCount { variant: mug, location: at, on_hand, compare };
    let (eve, up, down) = (shop.eve(), [count(12, Some(10))], [count(8, Some(10))]);
    let (a, b) = tokio::join!(stock.set(&eve, &up), stock.set(&eve, &down));
    let (done, refused): (Vec<_>, Vec<_>) = [a, b].into_iter().partition(Result::is_ok);
    assert_eq!(done.len(), 1, "of two who saw ten one is right");
    let now = shop.stocked(mug).await.0;
    let stale = refused.into_iter().next().unwrap();
    assert!(
        matches!(stale, Err(StockError::Refused { error: SetStockError::Stale { current }, .. }) if current == now),
        "{stale:?}"
    );
    let adjusted = StockAdjustment { compare: Some(now + 1), ..by(mug, at, 1) };
    let stale = stock.adjust(&eve, &[adjusted], None).await;
    assert!(
        matches!(stale, Err(StockError::Refused { error: SetStockError::Stale { current }, .. }) if current == now),
        "{stale:?}"
    );
    for _ in 0..2 {
        stock.set(&eve, &[count(9, None)]).await.unwrap();
    }
    assert_eq!(shop.stocked(mug).await, (9, 0));
    assert_eq!(shop.acts(mug).await, ["inventory.set", "inventory.set"]);
    shop.balances().await;
}

#[tokio::test]
async fn what_is_promised_cannot_be_counted_away() {
    let shop = TestShop::open().await;
    let mug = shop.mugs(10).await;
    shop.paid(&[(mug, 4)]).await;
    let at = first_place(&shop).await;
    let stock = &shop.services.admin.change_stock;
    let count = StockCount { variant: mug, location: at, on_hand: 3, compare: None };
    for refused in [
        stock.set(&shop.eve(), &[count]).await,
        stock.adjust(&shop.eve(), &[by(mug, at, -7)], Some(&key())).await,
    ] {
        assert!(
            matches!(
                refused,
                Err(StockError::Refused { error: SetStockError::BelowAllocated { allocated: 4 }, .. })
            ),
            "{refused:?}"
        );
    }
    stock.set(&shop.eve(), &[StockCount { on_hand: 4, ..count }]).await.unwrap();
    assert_eq!(shop.stocked(mug).await, (4, 4));
    shop.balances().await;
}

#[tokio::test]
async fn a_change_that_would_be_made_twice_takes_a_key_or_what_was_seen() {
    let shop = TestShop::open().await;
    let (mug, bowl) = (shop.mugs(10).await, shop.add("Bowl", units(2, 0)).await.variants[0].id);
    let at = first_place(&shop).await;
    let stock = &shop.services.admin.change_stock;
    let seen = StockAdjustment { compare: Some(10), ..by(mug, at, 1) };
    let refused = stock.adjust(&shop.eve(), &[seen, by(bowl, at, 1)], None).await;
    assert!(matches!(refused, Err(StockError::KeyRequired { at: 1 })), "{refused:?}");
    assert_eq!((shop.stocked(mug).await, shop.stocked(bowl).await), ((10, 0), (2, 0)));
    stock.adjust(&shop.eve(), &[seen], None).await.unwrap();
    let again = stock.adjust(&shop.eve(), &[seen], None).await;
    assert!(
        matches!(again, Err(StockError::Refused { at: 0, error: SetStockError::Stale { current: 11 } })),
        "{again:?}"
    );
    assert_eq!(shop.stocked(mug).await, (11, 0));
}

#[tokio::test]
async fn a_key_is_for_one_request_of_one_hand() {
    let shop = TestShop::open().await;
    let (mug, bowl) = (shop.mugs(10).await, shop.add("Bowl", units(2, 0)).await.variants[0].id);
    let at = first_place(&shop).await;
    let stock = &shop.services.admin.change_stock;
    let key = Some("delivery 7");
    stock.adjust(&shop.eve(), &[by(mug, at, 5)], key).await.unwrap();
    for other in [vec![by(bowl, at, 5)], vec![by(mug, at, 5), by(bowl, at, 5)], vec![by(mug, at, 4)], vec![]]
    {
        let reused = stock.adjust(&shop.eve(), &other, key).await;
        assert!(matches!(reused, Err(StockError::KeyReused)), "{other:?}: {reused:?}");
    }
    assert_eq!((shop.stocked(mug).await, shop.stocked(bowl).await), ((15, 0), (2, 0)));
    // It is known again though the stock is another by now, and was looked at again.
    let counted = StockCount { variant: mug, location: at, on_hand: 3, compare: None };
    stock.set(&shop.eve(), &[counted]).await.unwrap();
    let again = StockAdjustment { compare: Some(3), ..by(mug, at, 5) };
    let as_it_is = stock.adjust(&shop.eve(), &[again], key).await.unwrap();
    assert_eq!((as_it_is[0].level.on_hand, shop.stocked(mug).await), (3, (3, 0)));
    // What was refused has not used its key.
    let too_few = stock.adjust(&shop.eve(), &[by(bowl, at, -3)], Some("breakage")).await;
    assert!(matches!(too_few, Err(StockError::Refused { .. })), "{too_few:?}");
    stock.adjust(&shop.eve(), &[by(bowl, at, -2)], Some("breakage")).await.unwrap();
    // Somebody else's seventh delivery is another one.
    let rules = &shop.ctx().settings.accounts.staff_access;
    let machine = Arc::new(Actor::command("root".to_owned()));
    let root = machine.permit(rules, shop.ctx().now()).unwrap();
    stock.adjust(&root, &[by(mug, at, 5)], key).await.unwrap();
    assert_eq!((shop.stocked(mug).await, shop.stocked(bowl).await), ((8, 0), (0, 0)));
    shop.balances().await;
}
