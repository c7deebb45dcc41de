//! Rules in memory.

use super::shop::*;
use crate::testing::TestShop;
use futures_util::future::join_all;
use std::sync::Arc;
use stoa_persistence::promotion;

#[tokio::test]
async fn a_rule_is_seen_with_the_next_look_and_with_goods_at_once() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let cart = cart(&shop, &[(mug, 1)]).await;
    assert_eq!(read(&shop, cart).await.priced.total, 1_000);
    // Another instance writes it: nobody tells this one.
    let (now, ten) = (shop.ctx().now(), tenth(1));
    let tx = shop.db.write(stoa_persistence::Durability::Relaxed).await.unwrap();
    promotion::insert(&tx, &ten, now).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(read(&shop, cart).await.priced.total, 900, "the goods bring the number of the rules");
    shop.ctx().catalog.refresh().await.unwrap();
    assert_eq!(add(&shop, cart, (mug, 1)).await.0.priced.total, 1_800);
}

#[tokio::test]
async fn one_reads_for_all() {
    let shop = TestShop::open().await;
    promote(&shop, &tenth(1)).await;
    let number = shop.ctx().catalog.rules_number().await.unwrap();
    let (rules, [statements, ..]) = shop.cost(join_all((0..20).map(|_| shop.ctx().rules_at(number)))).await;
    let rules: Vec<_> = rules.into_iter().map(Result::unwrap).collect();
    assert!(rules.iter().all(|read| Arc::ptr_eq(read, &rules[0])));
    assert!((1..20).contains(&statements), "{statements}");
    let (_, [again, ..]) = shop.cost(shop.ctx().rules_at(number)).await;
    assert_eq!(again, 0);
    let (older, [statements, ..]) = shop.cost(shop.ctx().rules_at(number - 1)).await;
    assert!(Arc::ptr_eq(&older.unwrap(), &rules[0]) && statements == 0, "newer ones will do");
}

#[tokio::test]
async fn a_shop_that_never_had_a_rule_reads_none() {
    let shop = TestShop::open().await;
    let number = shop.ctx().catalog.rules_number().await.unwrap();
    let (rules, [statements, ..]) = shop.cost(shop.ctx().rules_at(number)).await;
    assert_eq!((statements, rules.unwrap().number()), (0, number));
}
