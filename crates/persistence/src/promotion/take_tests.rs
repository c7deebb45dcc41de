//! Taking and giving back, by many at once.

use super::{entities::counters, *};
use crate::{
    Batch,
    db::Raw,
    order::tests as orders,
    testing::{TestShop, at},
};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use stoa_domain::{
    order::Order,
    pricing::{CodeKey, EnteredCode},
    shared::{IdGenerator, PromotionId, VariantId},
};
use uuid::Uuid;

const PROMOTION: Uuid = Uuid::from_u128(7);

fn taking(amount_shop: i64) -> Taking {
    Taking {
        promotion: PromotionId::new(PROMOTION),
        title: "Summer".to_owned(),
        code: None,
        amount: amount_shop,
        amount_shop,
        limited: true,
        buyer: None,
    }
}

async fn shop_with(most: Option<i64>, budget: Option<i64>) -> TestShop {
    let shop = TestShop::open().await;
    add_counter(&shop, PROMOTION, (most, budget)).await;
    shop
}

async fn add_counter(shop: &TestShop, of: Uuid, (most, budget): (Option<i64>, Option<i64>)) {
    let row = counters::ActiveModel {
        promotion_id: sea_orm::ActiveValue::Set(of),
        used: sea_orm::ActiveValue::Set(0),
        most: sea_orm::ActiveValue::Set(most),
        spent: sea_orm::ActiveValue::Set(0),
        budget: sea_orm::ActiveValue::Set(budget),
    };
    let tx = shop.write().await;
    counters::Entity::insert(row).exec_without_returning(tx.raw()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn counter(shop: &TestShop) -> (i64, i64) {
    counter_of(shop, PROMOTION).await
}

async fn counter_of(shop: &TestShop, of: Uuid) -> (i64, i64) {
    let row = counters::Entity::find_by_id(of).one(shop.db.read().raw()).await.unwrap().unwrap();
    (row.used, row.spent)
}

/// An order that has taken this, if there was so much; as services take it.
async fn order_with(shop: &TestShop, wanted: &Taking) -> Option<Order> {
    order_with_all(shop, std::slice::from_ref(wanted)).await
}

async fn order_with_all(shop: &TestShop, wanted: &[Taking]) -> Option<Order> {
    let order = orders::order_of(shop, &[(VariantId::new(shop.ids.id()), 1)]);
    orders::place(shop, &order, &[]).await;
    let tx = shop.write().await;
    if !take(&tx, wanted).await.unwrap() {
        tx.rollback().await.unwrap();
        return None;
    }
    let mut batch = Batch::new();
    write_uses(&mut batch, order.id, wanted, at(1)).unwrap();
    batch.write(&tx).await.unwrap();
    tx.commit().await.unwrap();
    Some(order)
}

async fn back(shop: &TestShop, order: &Order) {
    shop.tx(async |tx| give_back(tx, order.id, at(2)).await).await;
}

#[tokio::test]
async fn of_twelve_at_once_that_want_the_last_use_one_has_it() {
    let shop = shop_with(Some(1), None).await;
    let wanted = taking(100);
    let taken = join_all((0..12).map(|_| order_with(&shop, &wanted))).await;
    let taken: Vec<Order> = taken.into_iter().flatten().collect();
    assert_eq!((taken.len(), counter(&shop).await), (1, (1, 100)));
    join_all([back(&shop, &taken[0]), back(&shop, &taken[0])]).await;
    assert_eq!(counter(&shop).await, (0, 0), "given back once, though twice at once");
    assert!(order_with(&shop, &wanted).await.is_some());
    back(&shop, &taken[0]).await;
    assert_eq!(counter(&shop).await, (1, 100), "it is another's now");
    assert_eq!(miscounted(shop.db.read(), 9).await.unwrap(), []);
    // As a program leaves it that knows nothing of uses.
    let tx = shop.write().await;
    let row = counters::ActiveModel {
        promotion_id: sea_orm::ActiveValue::Unchanged(PROMOTION),
        used: sea_orm::ActiveValue::Set(3),
        ..Default::default()
    };
    counters::Entity::update(row).exec(tx.raw()).await.unwrap();
    tx.commit().await.unwrap();
    let wrong = Miscount { promotion: PromotionId::new(PROMOTION), used: [3, 1], spent: [100, 100] };
    assert_eq!(miscounted(shop.db.read(), 9).await.unwrap(), [wrong]);
}

#[tokio::test]
async fn a_budget_is_never_overdrawn() {
    let shop = shop_with(None, Some(750)).await;
    let wanted = taking(100);
    let taken = join_all((0..12).map(|_| order_with(&shop, &wanted))).await;
    assert_eq!((taken.into_iter().flatten().count(), counter(&shop).await), (7, (7, 700)));
    assert!(order_with(&shop, &taking(50)).await.is_some(), "the exact rest is allowed");
    assert!(order_with(&shop, &taking(1)).await.is_none());
}

#[tokio::test]
async fn a_buyer_has_used_it_up_under_any_of_their_keys() {
    let shop = shop_with(None, None).await;
    let of = |keys: &[&str]| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        Taking { buyer: Some(BuyerLimit { most: 1, keys }), ..taking(100) }
    };
    let at_once = [of(&["a"]), of(&["b", "a"]), of(&["a", "c"])];
    let taken = join_all(at_once.iter().map(|wanted| order_with(&shop, wanted))).await;
    let taken: Vec<Order> = taken.into_iter().flatten().collect();
    assert_eq!(taken.len(), 1);
    assert!(order_with(&shop, &of(&["d", "a"])).await.is_none());
    assert!(order_with(&shop, &of(&["d"])).await.is_some(), "what was refused has taken nothing");
    back(&shop, &taken[0]).await;
    assert!(order_with(&shop, &of(&["a"])).await.is_some());
}

#[tokio::test]
async fn a_code_is_used_so_often_and_not_once_it_is_switched_off() {
    let shop = shop_with(None, None).await;
    let code = EnteredCode::parse("Once").unwrap();
    let key: CodeKey = code.key.clone();
    let new = [NewCode { code, most: Some(1) }];
    shop.tx(async |tx| add_codes(tx, PromotionId::new(PROMOTION), &new, at(0)).await.map(drop)).await;
    let wanted = Taking { code: Some(key.clone()), ..taking(100) };
    let taken = join_all((0..5).map(|_| order_with(&shop, &wanted))).await;
    let taken: Vec<Order> = taken.into_iter().flatten().collect();
    assert_eq!((taken.len(), counter(&shop).await.0), (1, 1));
    back(&shop, &taken[0]).await;
    assert!(order_with(&shop, &wanted).await.is_some());
    let unknown = Taking { code: CodeKey::of("nobody made it"), ..taking(100) };
    assert!(order_with(&shop, &unknown).await.is_none());
}

#[tokio::test]
async fn what_is_not_limited_any_more_has_nothing_to_be_counted() {
    let shop = TestShop::open().await;
    let order = order_with(&shop, &taking(100)).await.unwrap();
    back(&shop, &order).await;
    back(&shop, &order).await;
}

/// Promotions of which there is only so much, with codes and for each buyer only so often; what the n-th takes off is n hundred.
async fn several(shop: &TestShop, most: i64) -> Vec<Taking> {
    let mut wanted = Vec::new();
    for n in 1..=4_u32 {
        let promotion = PromotionId::new(Uuid::from_u128(u128::from(100 + n)));
        add_counter(shop, promotion.uuid(), (Some(most), Some(10_000))).await;
        let code = EnteredCode::parse(&format!("code {n}")).unwrap();
        let key = code.key.clone();
        shop.tx(async |tx| {
            add_codes(tx, promotion, &[NewCode { code: code.clone(), most: None }], at(0)).await
        })
        .await;
        wanted.push(Taking {
            promotion,
            code: Some(key),
            buyer: Some(BuyerLimit { most: i64::from(n), keys: vec!["b".to_owned(), "a".to_owned()] }),
            ..taking(100 * i64::from(n))
        });
    }
    wanted
}

fn id(n: u32) -> Uuid {
    Uuid::from_u128(u128::from(100 + n))
}

#[tokio::test]
async fn however_much_an_order_takes_each_table_is_asked_once() {
    let shop = TestShop::open().await;
    let wanted = several(&shop, 9).await;
    let tx = shop.write().await;
    let before = shop.db.statements();
    assert!(take(&tx, &wanted).await.unwrap());
    assert_eq!(shop.db.statements() - before, 3, "codes, counters, buyers");
    tx.rollback().await.unwrap();
    let tx = shop.write().await;
    let before = shop.db.statements();
    assert!(take(&tx, &[]).await.unwrap());
    let unlimited = Taking { limited: false, code: None, buyer: None, ..wanted[0].clone() };
    assert!(take(&tx, &[unlimited]).await.unwrap());
    give_back(&tx, orders::order_of(&shop, &[]).id, at(1)).await.unwrap();
    assert_eq!(
        shop.db.statements() - before,
        1,
        "what is not limited costs nothing; whether something was taken is looked up"
    );
    tx.rollback().await.unwrap();

    let order = order_with_all(&shop, &wanted).await.unwrap();
    for n in 1..=4 {
        assert_eq!(counter_of(&shop, id(n)).await, (1, 100 * i64::from(n)), "each by its own amount");
    }
    let before = shop.db.statements();
    shop.tx(async |tx| give_back(tx, order.id, at(2)).await).await;
    assert_eq!(shop.db.statements() - before, 4, "uses, codes, counters, buyers");
    for n in 1..=4 {
        assert_eq!(counter_of(&shop, id(n)).await, (0, 0));
    }
    let ids: Vec<PromotionId> = wanted.iter().map(|of| of.promotion).collect();
    let used = used_by(shop.db.read(), &ids, &["a".to_owned(), "b".to_owned()]).await.unwrap();
    assert!(used.values().all(|used| *used == 0), "{used:?}");
    assert_eq!(miscounted_codes(shop.db.read(), 9).await.unwrap(), []);
}

#[tokio::test]
async fn orders_that_take_the_same_in_any_order_do_not_stand_in_each_others_way() {
    let shop = TestShop::open().await;
    let mut wanted = several(&shop, 5).await;
    for of in &mut wanted {
        of.buyer = None;
    }
    let backwards: Vec<Taking> = wanted.iter().rev().cloned().collect();
    let at_once = (0..12).map(|n| order_with_all(&shop, if n % 2 == 0 { &wanted } else { &backwards }));
    let taken: Vec<Order> = join_all(at_once).await.into_iter().flatten().collect();
    assert_eq!(taken.len(), 5);
    for n in 1..=4 {
        assert_eq!(counter_of(&shop, id(n)).await, (5, 500 * i64::from(n)));
    }
    assert_eq!(miscounted_codes(shop.db.read(), 9).await.unwrap(), []);
    assert_eq!(miscounted(shop.db.read(), 9).await.unwrap(), []);
    // Each given back twice at once, beside another one that takes.
    let back = taken.iter().flat_map(|order| [order, order]).map(|order| back(&shop, order));
    let (_, again) = futures_util::future::join(join_all(back), order_with_all(&shop, &wanted)).await;
    let left = i64::from(again.is_some());
    for n in 1..=4 {
        assert_eq!(counter_of(&shop, id(n)).await, (left, 100 * left * i64::from(n)));
    }
    assert_eq!(miscounted_codes(shop.db.read(), 9).await.unwrap(), []);
}

#[tokio::test]
async fn an_order_that_does_not_get_all_takes_nothing() {
    let shop = TestShop::open().await;
    let wanted = several(&shop, 2).await;
    // More than is left of the third's budget.
    let dear = Taking { amount_shop: 10_001, ..wanted[2].clone() };
    let with_dear = [wanted[0].clone(), wanted[1].clone(), dear, wanted[3].clone()];
    assert!(order_with_all(&shop, &with_dear).await.is_none());
    let unknown = Taking { code: CodeKey::of("nobody made it"), ..wanted[3].clone() };
    assert!(order_with_all(&shop, &[wanted[0].clone(), unknown]).await.is_none());
    // Of the first a buyer may have one, of the others more.
    assert!(order_with_all(&shop, &wanted).await.is_some());
    assert!(order_with_all(&shop, &wanted).await.is_none());
    assert!(order_with_all(&shop, &wanted[1..]).await.is_some());
    for (n, used) in [(1, 1), (2, 2), (3, 2), (4, 2)] {
        assert_eq!(counter_of(&shop, id(n)).await, (used, 100 * used * i64::from(n)));
    }
    assert!(order_with_all(&shop, &wanted[2..]).await.is_none(), "two orders have had it");
    let never = Taking { buyer: Some(BuyerLimit { most: 0, keys: vec!["c".to_owned()] }), ..taking(1) };
    assert!(order_with(&shop, &never).await.is_none());
    assert_eq!(miscounted_codes(shop.db.read(), 9).await.unwrap(), []);
}

#[tokio::test]
async fn codes_that_count_other_orders_are_found() {
    let shop = TestShop::open().await;
    let wanted = several(&shop, 5).await;
    order_with_all(&shop, &wanted).await.unwrap();
    let tx = shop.write().await;
    use sea_orm::ConnectionTrait;
    tx.raw()
        .execute_unprepared("UPDATE promotion_codes SET used = 0 WHERE code_key = 'CODE 2'")
        .await
        .unwrap();
    tx.raw()
        .execute_unprepared("UPDATE promotion_codes SET used = 2 WHERE code_key = 'CODE 3'")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut wrong = miscounted_codes(shop.db.read(), 9).await.unwrap();
    wrong.sort();
    assert_eq!(wrong, [wanted[1].code.clone().unwrap(), wanted[2].code.clone().unwrap()]);
}
