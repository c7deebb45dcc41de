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
    let row = counters::ActiveModel {
        promotion_id: sea_orm::ActiveValue::Set(PROMOTION),
        used: sea_orm::ActiveValue::Set(0),
        most: sea_orm::ActiveValue::Set(most),
        spent: sea_orm::ActiveValue::Set(0),
        budget: sea_orm::ActiveValue::Set(budget),
    };
    let tx = shop.write().await;
    counters::Entity::insert(row).exec_without_returning(tx.raw()).await.unwrap();
    tx.commit().await.unwrap();
    shop
}

async fn counter(shop: &TestShop) -> (i64, i64) {
    let row = counters::Entity::find_by_id(PROMOTION).one(shop.db.read().raw()).await.unwrap().unwrap();
    (row.used, row.spent)
}

/// An order that has taken this, if there was so much; as services take it.
async fn order_with(shop: &TestShop, wanted: &Taking) -> Option<Order> {
    let order = orders::order_of(shop, &[(VariantId::new(shop.ids.id()), 1)]);
    orders::place(shop, &order, &[]).await;
    let tx = shop.write().await;
    if !take(&tx, std::slice::from_ref(wanted)).await.unwrap() {
        tx.rollback().await.unwrap();
        return None;
    }
    let mut batch = Batch::new();
    write_uses(&mut batch, order.id, std::slice::from_ref(wanted), at(1)).unwrap();
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
