//! Gift cards, on both databases.

use super::*;
use crate::{
    Batch,
    testing::{TestShop, at},
};
use futures_util::future::join_all;
use stoa_domain::{
    gift_card::{CardChange, EntryKind, GiftCard, GiftCardKind, GiftCardState, Last4, Ledger, LedgerEntry},
    shared::{
        Currency, CustomerId, GiftCardId, IdGenerator, LineItemId, OrderId,
        page::{Page, PageRequest, PageRow},
    },
};
use uuid::Uuid;

/// One that nobody has made.
const LOST: GiftCardId = GiftCardId::NIL;

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
async fn several_cards_pay_by_one_statement_or_none_does() {
    let shop = TestShop::open().await;
    let (one, other) = (made(&shop, 1_000).await, made(&shop, 500).await);
    let tx = shop.write().await;
    let before = shop.db.statements();
    assert!(spend(&tx, &[(other.id, 500), (one.id, 1)], Currency::USD, at(1)).await.unwrap());
    assert!(spend(&tx, &[], Currency::USD, at(1)).await.unwrap());
    assert_eq!(shop.db.statements() - before, 1);
    tx.rollback().await.unwrap();
    assert!(!pays(&shop, &[(one.id, 10), (other.id, 501)], 1).await);
    assert!(pays(&shop, &[(one.id, 10), (other.id, 500)], 1).await);
    let (one, other) = (now(&shop, &one).await, now(&shop, &other).await);
    assert_eq!(((one.balance, one.version), (other.balance, other.version)), ((990, 2), (0, 2)));
    // Nobody asks for this; were it done, money would come from nowhere.
    let tx = shop.write().await;
    for wrong in [&[(one.id, -1)][..], &[(one.id, 0)], &[(one.id, 1), (one.id, 1)]] {
        assert!(spend(&tx, wrong, Currency::USD, at(1)).await.is_err(), "{wrong:?}");
    }
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn a_code_is_one_cards_and_a_refusal_leaves_the_transaction_as_it_is() {
    let shop = TestShop::open().await;
    let first = card(&shop, 500);
    let same_code = NewGiftCard { code_hash: first.code_hash.clone(), ..card(&shop, 700) };
    let other = card(&shop, 900);
    shop.tx(async |tx| {
        assert!(create(tx, &first).await?);
        assert!(!create(tx, &first).await?, "once is enough");
        assert!(!create(tx, &same_code).await?);
        assert!(create(tx, &other).await?);
        Ok(())
    })
    .await;
    assert_eq!(find(shop.db.read(), same_code.card.id).await.unwrap(), None);
    let page = PageRequest::first(9);
    let entries = ledger(shop.db.read(), first.card.id, (&page, false)).await.unwrap();
    assert_eq!(entries.nodes().map(|of| of.entry.delta).collect::<Vec<_>>(), [500]);
    // Twice at once.
    let third = card(&shop, 300);
    let at_once = (0..4).map(async |_| {
        let new = NewGiftCard {
            card: GiftCard { id: GiftCardId::new(shop.ids.id()), ..third.card.clone() },
            entry: shop.ids.id(),
            ..third.clone()
        };
        shop.tx(async |tx| create(tx, &new).await).await
    });
    assert_eq!(join_all(at_once).await.into_iter().filter(|made| *made).count(), 1);
    assert!(out_of_balance(shop.db.read(), 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_customer_has_one_store_credit_in_a_currency_however_often_it_is_asked_for() {
    let shop = TestShop::open().await;
    let ada = CustomerId::new(shop.ids.id());
    let credit = |currency: &str| {
        let new = card(&shop, 0);
        let kind = GiftCardKind::Credit { customer: ada };
        let currency = Currency::parse(currency).unwrap();
        NewGiftCard {
            card: GiftCard { kind, currency, expires_at: None, ..new.card },
            code_hash: None,
            ..new
        }
    };
    let add = async |new: NewGiftCard, delta: i64| {
        shop.tx(async |tx| {
            let there = lock_credit(tx, &new).await?;
            let (changed, entries) = there.change(CardChange::Adjust { delta }, at(2)).unwrap();
            let entries: Vec<NewEntry> = entries
                .into_iter()
                .map(|entry| NewEntry { id: shop.ids.id(), card: there.id, entry, actor: "Eve".into() })
                .collect();
            save(tx, &changed, &entries).await
        })
        .await;
    };
    join_all((0..6).map(|_| add(credit("USD"), 100))).await;
    add(credit("EUR"), 7).await;
    let hers = async |currency| {
        of_cart(shop.db.read(), &[], Some((ada, Currency::parse(currency).unwrap()))).await.unwrap()
    };
    assert_eq!(hers("USD").await.iter().map(|of| of.balance).collect::<Vec<_>>(), [600]);
    assert_eq!(hers("EUR").await.iter().map(|of| of.balance).collect::<Vec<_>>(), [7]);
    assert!(out_of_balance(shop.db.read(), 9).await.unwrap().is_empty());
    let tx = shop.write().await;
    assert!(lock_credit(&tx, &card(&shop, 0)).await.is_err(), "a card with a code is nobody's");
    tx.rollback().await.unwrap();
    assert_eq!(of_cart(shop.db.read(), &[], None).await.unwrap(), [], "who asks for none gets none");
}

#[tokio::test]
async fn staff_find_cards_page_by_page_and_read_what_happened_to_them() {
    let shop = TestShop::open().await;
    let (one, off) = (made(&shop, 1_000).await, made(&shop, 500).await);
    let ada = CustomerId::new(shop.ids.id());
    let line = LineItemId::new(shop.ids.id());
    let new = card(&shop, 50);
    let credit = NewGiftCard {
        card: GiftCard { kind: GiftCardKind::Credit { customer: ada }, ..new.card },
        code_hash: None,
        note: Some("sorry\0".to_owned()),
        sold_as: Some((line, 3)),
        created_by: "Eve".to_owned(),
        ..new
    };
    assert!(shop.tx(async |tx| create(tx, &credit).await).await);
    let disabled = GiftCard { state: GiftCardState::Disabled, version: 2, ..off.clone() };
    shop.tx(async |tx| save(tx, &disabled, &[]).await).await;
    let listed = async |listing: GiftCardsListing| {
        let (mut found, mut request) = (Vec::new(), PageRequest::first(1));
        loop {
            let page = list_cards(shop.db.read(), &listing, &request).await.unwrap();
            found.extend(page.nodes().copied());
            match page.rows.last() {
                Some(last) if page.info.has_next => request.after = Some(last.cursor.clone()),
                _ => return found,
            }
        }
    };
    let all = GiftCardsListing::default();
    assert_eq!(listed(all.clone()).await, [one.id, off.id, credit.card.id]);
    assert_eq!(
        listed(GiftCardsListing { reverse: true, ..all.clone() }).await,
        [credit.card.id, off.id, one.id]
    );
    assert_eq!(listed(GiftCardsListing { credit: Some(true), ..all.clone() }).await, [credit.card.id]);
    assert_eq!(listed(GiftCardsListing { customer: Some(ada), ..all.clone() }).await, [credit.card.id]);
    assert_eq!(listed(GiftCardsListing { last: Last4::parse("7KQ2").ok(), ..all.clone() }).await.len(), 2);
    let state = Some(GiftCardState::Disabled);
    assert_eq!(listed(GiftCardsListing { state, ..all.clone() }).await, [off.id]);

    let found = find_all(shop.db.read(), &[credit.card.id, LOST, one.id]).await.unwrap();
    assert_eq!(found.iter().map(|of| of.card.id).collect::<Vec<_>>(), [credit.card.id, one.id]);
    let read = &found[0];
    assert_eq!(
        (read.sold_as, read.note.as_deref(), &*read.created_by),
        (Some((line, 3)), Some("sorry"), "Eve")
    );
    assert_eq!(read.card, credit.card);
    shop.tx(async |tx| set_note(tx, one.id, Some("lost in the post"), at(3)).await).await;
    let read = find(shop.db.read(), one.id).await.unwrap().unwrap();
    assert_eq!((read.note.as_deref(), read.card.version), (Some("lost in the post"), 1));

    assert!(pays(&shop, &[(one.id, 300)], 4).await && pays(&shop, &[(one.id, 200)], 5).await);
    let entries = async |reverse, after: Option<&PageRow<KeptEntry>>| {
        let after = after.map(|row| row.cursor.clone());
        let request = PageRequest { after, ..PageRequest::first(2) };
        ledger(shop.db.read(), one.id, (&request, reverse)).await.unwrap()
    };
    let first = entries(false, None).await;
    let rest = entries(false, first.rows.last()).await;
    let of = |page: &Page<KeptEntry>| page.nodes().map(|of| of.entry.delta).collect::<Vec<_>>();
    assert_eq!((of(&first), of(&rest)), (vec![1_000, -300], vec![-200]));
    assert_eq!(of(&entries(true, None).await), [-200, -300]);
    let all = first.nodes().chain(rest.nodes()).map(|of| of.entry);
    assert_eq!(Ledger::replay(all).unwrap().balance(), now(&shop, &one).await.balance);
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

#[tokio::test]
async fn an_entry_is_found_by_its_id_with_its_card() {
    let shop = TestShop::open().await;
    let new = card(&shop, 700);
    shop.tx(async |tx| issue(tx, std::slice::from_ref(&new)).await).await;
    let (of, kept) = find_entry(shop.db.read(), new.entry).await.unwrap().unwrap();
    assert_eq!((of, kept.id, kept.actor.as_str()), (new.card.id, new.entry, "test"));
    let entry = LedgerEntry { kind: EntryKind::Issued, delta: 700, at: at(0) };
    assert_eq!(kept.entry, entry);
    assert_eq!(find_entry(shop.db.read(), Uuid::nil()).await.unwrap(), None);
}

#[tokio::test]
async fn a_customers_credit_is_found_by_currency() {
    let shop = TestShop::open().await;
    let (ada, bob) = (CustomerId::new(shop.ids.id()), CustomerId::new(shop.ids.id()));
    let credit = |customer, currency: &str| {
        let new = card(&shop, 5);
        let currency = Currency::parse(currency).unwrap();
        let kind = GiftCardKind::Credit { customer };
        NewGiftCard { card: GiftCard { kind, currency, ..new.card }, code_hash: None, ..new }
    };
    for new in [credit(ada, "USD"), credit(ada, "EUR"), credit(bob, "EUR"), card(&shop, 9)] {
        assert!(shop.tx(async |tx| create(tx, &new).await).await);
    }
    let before = shop.db.statements();
    let theirs = credit_of(shop.db.read(), ada).await.unwrap();
    assert_eq!(shop.db.statements() - before, 1);
    let currencies: Vec<&str> = theirs.iter().map(|card| card.currency.code()).collect();
    assert_eq!(currencies, ["EUR", "USD"]);
    assert_eq!(credit_of(shop.db.read(), CustomerId::NIL).await.unwrap(), []);
}
