//! Gift cards, on both databases.

use super::*;
use crate::{
    Batch,
    testing::{TestShop, at},
};
use futures_util::future::join_all;
use stoa_domain::{
    gift_card::{CardChange, EntryKind, GiftCard, GiftCardKind, GiftCardState, Last4, LedgerEntry},
    shared::{Currency, GiftCardId, IdGenerator, LineItemId, OrderId},
};
use uuid::Uuid;

fn card(shop: &TestShop, balance: i64) -> NewGiftCard {
    let id = shop.ids.id();
    NewGiftCard {
        card: GiftCard {
            id: GiftCardId::new(id),
            kind: GiftCardKind::Card { last: Last4::parse("7KQ2").unwrap() },
            currency: Currency::USD,
            initial: balance,
            balance,
            state: GiftCardState::Enabled,
            expires_at: Some(at(1_000)),
            version: 1,
            created_at: at(0),
            updated_at: at(0),
        },
        code_hash: Some(format!("{:064x}", id.as_u128())),
        sold_as: None,
        note: None,
        created_by: "test".to_owned(),
        entry: shop.ids.id(),
    }
}

async fn made(shop: &TestShop, balance: i64) -> GiftCard {
    let new = card(shop, balance);
    shop.tx(async |tx| issue(tx, std::slice::from_ref(&new)).await).await;
    new.card
}

async fn now(shop: &TestShop, of: &GiftCard) -> GiftCard {
    of_cart(shop.db.read(), &[of.id], None).await.unwrap().remove(0)
}

/// An order pays with cards, if they can; as services have them pay.
async fn pays(shop: &TestShop, amounts: &[(GiftCardId, i64)], seconds: i64) -> bool {
    let tx = shop.write().await;
    if !spend(&tx, amounts, Currency::USD, at(seconds)).await.unwrap() {
        tx.rollback().await.unwrap();
        return false;
    }
    let order = OrderId::new(shop.ids.id());
    let entry = |(card, amount): &(GiftCardId, i64)| NewEntry {
        id: shop.ids.id(),
        card: *card,
        entry: LedgerEntry { kind: EntryKind::Spent(order), delta: -amount, at: at(seconds) },
        actor: "system".to_owned(),
    };
    let mut batch = Batch::new();
    append(&mut batch, &amounts.iter().map(entry).collect::<Vec<_>>());
    batch.write(&tx).await.unwrap();
    tx.commit().await.unwrap();
    true
}

#[tokio::test]
async fn ten_orders_at_once_spend_no_more_than_there_is() {
    let shop = TestShop::open().await;
    let (one, other) = (made(&shop, 1_000).await, made(&shop, 5_000).await);
    // In both orders: nobody waits for who waits for them.
    let wanted = |n: i64| match n % 2 {
        0 => vec![(one.id, 300), (other.id, 100)],
        _ => vec![(other.id, 100), (one.id, 300)],
    };
    let at_once = (0..10).map(async |n| pays(&shop, &wanted(n), 1).await);
    let paid = join_all(at_once).await.into_iter().filter(|paid| *paid).count();
    assert_eq!(paid, 3);
    assert_eq!((now(&shop, &one).await.balance, now(&shop, &other).await.balance), (100, 4_700));
    assert!(out_of_balance(shop.db.read(), 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn only_what_may_be_spent_is() {
    let shop = TestShop::open().await;
    let of = made(&shop, 1_000).await;
    assert!(!pays(&shop, &[(of.id, 1_001)], 1).await);
    assert!(!pays(&shop, &[(of.id, 1)], 1_000).await, "its end is no part of it");
    assert!(!pays(&shop, &[(GiftCardId::new(shop.ids.id()), 1)], 1).await);
    let euros = Currency::parse("EUR").unwrap();
    assert!(!shop.tx(async |tx| spend(tx, &[(of.id, 1)], euros, at(1)).await).await);
    let off = GiftCard { state: GiftCardState::Disabled, version: 2, ..of.clone() };
    shop.tx(async |tx| save(tx, &off, &[]).await).await;
    assert!(!pays(&shop, &[(of.id, 1)], 1).await);
    assert_eq!(now(&shop, &of).await.balance, 1_000);
}

#[tokio::test]
async fn a_unit_that_was_sold_is_one_card() {
    let shop = TestShop::open().await;
    let line = LineItemId::new(shop.ids.id());
    let unit = |n: u32| NewGiftCard { sold_as: Some((line, n)), ..card(&shop, 500) };
    // Other ids each time, as a job makes them that runs again.
    let at_once = (0..4).map(async |_| {
        let new = [unit(0), unit(1), unit(2)];
        shop.tx(async |tx| issue(tx, &new).await).await
    });
    let written: Vec<GiftCardId> = join_all(at_once).await.concat();
    assert_eq!(written.len(), 3);
    let sold = sold_with(shop.db.read(), &[line, LineItemId::new(shop.ids.id())]).await.unwrap();
    assert_eq!(sold.iter().map(|of| of.unit).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(sold.iter().all(|of| written.contains(&of.card)));
    assert!(out_of_balance(shop.db.read(), 9).await.unwrap().is_empty(), "each was issued once");
}

#[tokio::test]
async fn a_card_that_is_over_is_found_as_long_as_something_is_on_it() {
    let shop = TestShop::open().await;
    let (over, _empty) = (made(&shop, 500).await, made(&shop, 0).await);
    assert_eq!(expired(shop.db.read(), at(999), 9).await.unwrap(), []);
    assert_eq!(expired(shop.db.read(), at(1_000), 9).await.unwrap(), [over.id]);
    shop.tx(async |tx| {
        let locked = lock(tx, &[over.id, over.id]).await?;
        assert_eq!(locked, std::slice::from_ref(&over));
        let (changed, entries) = locked[0].change(CardChange::Expire, at(1_000)).unwrap();
        let entries: Vec<NewEntry> = entries
            .into_iter()
            .map(|entry| NewEntry { id: Uuid::from_u128(9), card: over.id, entry, actor: "system".into() })
            .collect();
        save(tx, &changed, &entries).await
    })
    .await;
    assert_eq!(expired(shop.db.read(), at(1_000), 9).await.unwrap(), []);
    assert!(out_of_balance(shop.db.read(), 9).await.unwrap().is_empty());
    // Whoever has read it before writes nothing over it.
    let tx = shop.write().await;
    assert!(save(&tx, &GiftCard { balance: 7, version: 2, ..over.clone() }, &[]).await.is_err());
    tx.rollback().await.unwrap();
    // And what has no entry is found.
    let wrong = GiftCard { balance: 7, version: 3, ..now(&shop, &over).await };
    shop.tx(async |tx| save(tx, &wrong, &[]).await).await;
    assert_eq!(out_of_balance(shop.db.read(), 9).await.unwrap(), [over.id]);
}
