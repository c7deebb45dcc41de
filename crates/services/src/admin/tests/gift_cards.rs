//! Gift cards and store credit in the hands of the staff.

use super::shop::{ADA, change, key};
use crate::{
    admin::{
        GiftCardAdjustment, GiftCardDraft, GiftCardError, GiftCardMade, GiftCardPatch, InputPlace,
        StoreCreditAdjustment, Unfit, parse_gift_card_search,
    },
    testing::TestShop,
};
use chrono::TimeDelta;
use serde_json::json;
use stoa_domain::{
    access::grants::{CustomersErase, GiftCardsRead, GiftCardsWrite},
    gift_card::{CardRefusal, GiftCardState, InvalidCode, Ledger},
    shared::{Currency, CustomerId, GiftCardId, Money, page::PageRequest},
};
use stoa_persistence::gift_card::{self, GiftCardsListing, StaffGiftCard};

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::parse("EUR").unwrap())
}

fn dollars(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn worth(amount: Money) -> GiftCardDraft {
    GiftCardDraft { amount, code: None, expires_at: None, note: None, key: key() }
}

async fn make(shop: &TestShop, draft: &GiftCardDraft) -> Result<GiftCardMade, GiftCardError> {
    Box::pin(shop.services.admin.gift_cards.create(&shop.eve(), draft)).await
}

async fn made(shop: &TestShop, amount: i64) -> GiftCardId {
    make(shop, &worth(euros(amount))).await.unwrap().card.card.id
}

async fn put(
    shop: &TestShop,
    (card, amount): (GiftCardId, Money),
    key: &str,
) -> Result<StaffGiftCard, GiftCardError> {
    let asked = GiftCardAdjustment { card, amount, key: key.to_owned() };
    Box::pin(shop.services.admin.gift_cards.adjust(&shop.eve(), &asked)).await
}

async fn give(
    shop: &TestShop,
    (customer, amount): (CustomerId, Money),
    key: &str,
) -> Result<StaffGiftCard, GiftCardError> {
    let asked = StoreCreditAdjustment { customer, amount, key: key.to_owned() };
    Box::pin(shop.services.admin.gift_cards.adjust_credit(&shop.eve(), &asked)).await
}

async fn card(shop: &TestShop, id: GiftCardId) -> StaffGiftCard {
    gift_card::find(shop.db.read(), id).await.unwrap().unwrap()
}

/// What the ledger of a card says: it is one that could be, and sums to what is on the card.
async fn ledger(shop: &TestShop, id: GiftCardId) -> Vec<(&'static str, i64)> {
    let by = shop.eve::<GiftCardsRead>();
    let cards = &shop.services.admin.gift_cards;
    let page = cards.ledger(&by, id, (&PageRequest::first(99), false)).await.unwrap();
    let replayed = Ledger::replay(page.nodes().map(|kept| kept.entry)).unwrap();
    assert_eq!(replayed.balance(), card(shop, id).await.card.balance);
    page.nodes().map(|kept| (kept.entry.kind.name(), kept.entry.delta)).collect()
}

fn refused_at(error: GiftCardError) -> (InputPlace, Unfit) {
    match error {
        GiftCardError::Refused(refusal) => (refusal.at, refusal.why),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_gift_cards_code_is_told_once() {
    let shop = TestShop::open().await;
    let draft = GiftCardDraft { note: Some(" for Ada ".into()), ..worth(euros(5_000)) };
    let first = make(&shop, &draft).await.unwrap();
    let code = first.code.expect("whoever makes it is told");
    let again = make(&shop, &draft).await.unwrap();
    assert_eq!((again.card.card.id, again.code), (first.card.card.id, None));
    assert_eq!(first.card.note.as_deref(), Some("for Ada"));
    assert_eq!((first.card.card.balance, first.card.card.initial), (5_000, 5_000));
    let id = first.card.card.id;
    assert_eq!(ledger(&shop, id).await, [("issued", 5_000)]);
    let log = shop.log(id).await;
    assert_eq!((log.len(), log[0].0.as_str()), (1, "gift_card.create"));
    let text = log[0].1.to_string();
    assert!(!text.contains(code.expose()) && !text.contains("Ada"), "{text}");
    let last = code.last().unwrap();
    assert_eq!(change(&log[0].1, "lastCharacters").unwrap().1, &json!(last.as_str()));
    assert_eq!(change(&log[0].1, "balance").unwrap().1, &json!(5_000));
    let another = make(&shop, &worth(euros(5_000))).await.unwrap();
    assert_ne!(another.code.unwrap(), code, "another key makes another card");
    shop.balances().await;
}

#[tokio::test]
async fn a_gift_card_of_one_key_is_made_once_at_once() {
    let shop = TestShop::open().await;
    let draft = worth(euros(700));
    let (one, other) = tokio::join!(make(&shop, &draft), make(&shop, &draft));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.card.card.id, other.card.card.id);
    assert_eq!(one.code.is_some(), other.code.is_none(), "one of them is told the code");
    assert_eq!(ledger(&shop, one.card.card.id).await, [("issued", 700)]);
}

#[tokio::test]
async fn a_gift_card_keeps_the_code_that_staff_thought_of() {
    let shop = TestShop::open().await;
    let named = |code: &str| GiftCardDraft { code: Some(code.to_owned()), ..worth(euros(100)) };
    let merry = named("merry-2026");
    assert_eq!(make(&shop, &merry).await.unwrap().code.unwrap().expose(), "MERRY2026");
    assert_eq!(make(&shop, &merry).await.unwrap().code, None);
    let taken = make(&shop, &named("Merry 2026")).await;
    assert!(matches!(taken, Err(GiftCardError::CodeTaken)), "{taken:?}");
    let short = make(&shop, &named("merry26")).await;
    assert!(matches!(short, Err(GiftCardError::CodeTooShort)), "{short:?}");
    let odd = make(&shop, &named("merry%2026")).await;
    assert!(matches!(odd, Err(GiftCardError::Code(InvalidCode::Characters))), "{odd:?}");
    let other = GiftCardDraft { code: Some("merry-2027".into()), ..merry.clone() };
    let reused = make(&shop, &other).await;
    assert!(matches!(reused, Err(GiftCardError::KeyReused)), "{reused:?}");
    let other = GiftCardDraft { amount: euros(101), ..merry };
    let reused = make(&shop, &other).await;
    assert!(matches!(reused, Err(GiftCardError::KeyReused)), "{reused:?}");
    let all = &shop.services.admin.gift_cards;
    let page = all.list(&shop.eve(), &GiftCardsListing::default(), &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.rows.len(), 1, "what was refused made nothing");
}

#[tokio::test]
async fn a_gift_card_that_cannot_be_is_not_made() {
    let shop = TestShop::open().await;
    let now = shop.ctx().now();
    let before = shop.log_length().await;
    for (draft, field) in [
        (worth(euros(0)), "amount"),
        (worth(euros(-5)), "amount"),
        (GiftCardDraft { expires_at: Some(now), ..worth(euros(5)) }, "expiresAt"),
        (GiftCardDraft { note: Some("x".repeat(5_001)), ..worth(euros(5)) }, "note"),
    ] {
        let (at, _) = refused_at(make(&shop, &draft).await.unwrap_err());
        assert_eq!(at, InputPlace::field(field), "{draft:?}");
    }
    let foreign = make(&shop, &worth(dollars(5))).await;
    assert!(matches!(foreign, Err(GiftCardError::CurrencyMismatch { card: None })), "{foreign:?}");
    for bad in [String::new(), "x".repeat(256)] {
        let refused = make(&shop, &GiftCardDraft { key: bad, ..worth(euros(5)) }).await;
        assert!(matches!(refused, Err(GiftCardError::Key(_))), "{refused:?}");
    }
    assert_eq!(shop.log_length().await, before);
}

#[tokio::test]
async fn what_is_said_of_a_gift_card_changes() {
    let shop = TestShop::open().await;
    let cards = &shop.services.admin.gift_cards;
    let by = shop.eve::<GiftCardsWrite>();
    let id = made(&shop, 100).await;
    let end = shop.ctx().now() + TimeDelta::days(9);
    let patch = GiftCardPatch { expires_at: Some(Some(end)), note: Some(Some("lost".into())) };
    for _ in 0..2 {
        let now = cards.update(&by, (id, Some(1)), &patch).await.unwrap();
        assert_eq!((now.card.expires_at, now.note.as_deref()), (Some(end), Some("lost")));
        assert_eq!(now.card.version, 2);
    }
    let other = GiftCardPatch { note: Some(None), ..GiftCardPatch::default() };
    let stale = cards.update(&by, (id, Some(1)), &other).await;
    assert!(matches!(stale, Err(GiftCardError::Stale)), "{stale:?}");
    assert_eq!(card(&shop, id).await.note.as_deref(), Some("lost"));
    let past = GiftCardPatch { expires_at: Some(Some(shop.ctx().now())), ..GiftCardPatch::default() };
    let (at, _) = refused_at(cards.update(&by, (id, None), &past).await.unwrap_err());
    assert_eq!(at, InputPlace::field("expiresAt"));
    let cleared = GiftCardPatch { expires_at: Some(None), note: Some(Some(" ".into())) };
    let now = cards.update(&by, (id, Some(2)), &cleared).await.unwrap();
    assert_eq!((now.card.expires_at, now.note), (None, None));
    let missing = cards.update(&by, (GiftCardId::NIL, None), &cleared).await;
    assert!(matches!(missing, Err(GiftCardError::NotFound)), "{missing:?}");
    assert_eq!(shop.acts(id).await, ["gift_card.create", "gift_card.update", "gift_card.update"]);
    assert!(!format!("{:?}", shop.log(id).await).contains("lost"));
}

#[tokio::test]
async fn a_gift_card_is_switched_off_once() {
    let shop = TestShop::open().await;
    let cards = &shop.services.admin.gift_cards;
    let by = shop.eve::<GiftCardsWrite>();
    let id = made(&shop, 100).await;
    for _ in 0..2 {
        let now = cards.disable(&by, id).await.unwrap();
        assert_eq!((now.card.state, now.card.balance), (GiftCardState::Disabled, 100));
        assert_eq!(now.card.version, 2);
    }
    assert_eq!(shop.acts(id).await, ["gift_card.create", "gift_card.disable"]);
    let missing = cards.disable(&by, GiftCardId::NIL).await;
    assert!(matches!(missing, Err(GiftCardError::NotFound)), "{missing:?}");
}

#[tokio::test]
async fn a_gift_card_is_adjusted_once_a_key_and_never_below_nothing() {
    let shop = TestShop::open().await;
    let id = made(&shop, 100).await;
    for _ in 0..2 {
        assert_eq!(put(&shop, (id, euros(50)), "a").await.unwrap().card.balance, 150);
    }
    shop.wait(TimeDelta::seconds(1));
    let (one, other) = tokio::join!(put(&shop, (id, euros(-100)), "b"), put(&shop, (id, euros(-100)), "c"));
    let refused = [one, other].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert_eq!(refused.len(), 1, "150 are enough for one of them");
    assert!(matches!(refused[0], GiftCardError::Card(CardRefusal::NotEnough { left: 50 })), "{refused:?}");
    let reused = put(&shop, (id, euros(51)), "a").await;
    assert!(matches!(reused, Err(GiftCardError::KeyReused)), "{reused:?}");
    let foreign = put(&shop, (id, dollars(5)), "d").await;
    let Err(GiftCardError::CurrencyMismatch { card: Some(is) }) = foreign else { panic!("{foreign:?}") };
    assert_eq!(is, euros(0).currency);
    let (at, why) = refused_at(put(&shop, (id, euros(0)), "e").await.unwrap_err());
    assert_eq!((at, why), (InputPlace::field("amount"), Unfit::NothingToDo));
    let missing = put(&shop, (GiftCardId::NIL, euros(5)), "f").await;
    assert!(matches!(missing, Err(GiftCardError::NotFound)), "{missing:?}");
    let refused = put(&shop, (id, euros(5)), "").await;
    assert!(matches!(refused, Err(GiftCardError::Key(_))), "{refused:?}");
    assert_eq!(ledger(&shop, id).await, [("issued", 100), ("adjusted", 50), ("adjusted", -100)]);
    assert_eq!(shop.acts(id).await, ["gift_card.create", "gift_card.adjust", "gift_card.adjust"]);
    shop.balances().await;
}

#[tokio::test]
async fn nothing_is_put_on_a_gift_card_that_is_over() {
    let shop = TestShop::open().await;
    let end = shop.ctx().now() + TimeDelta::days(1);
    let draft = GiftCardDraft { expires_at: Some(end), ..worth(euros(100)) };
    let id = make(&shop, &draft).await.unwrap().card.card.id;
    put(&shop, (id, euros(5)), "before").await.unwrap();
    shop.wait(TimeDelta::days(1));
    let over = put(&shop, (id, euros(5)), "after").await;
    assert!(matches!(over, Err(GiftCardError::Card(CardRefusal::Expired))), "{over:?}");
    assert_eq!(put(&shop, (id, euros(5)), "before").await.unwrap().card.balance, 105, "that was done");
    let known = make(&shop, &draft).await.unwrap();
    assert_eq!((known.card.card.id, known.code), (id, None), "the answer to its key however old");
}

#[tokio::test]
async fn store_credit_is_one_a_customer_and_currency() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await.customer;
    let first = give(&shop, (ada, euros(500)), "a").await.unwrap();
    let again = give(&shop, (ada, euros(500)), "a").await.unwrap();
    shop.wait(TimeDelta::seconds(1));
    let more = give(&shop, (ada, euros(-200)), "b").await.unwrap();
    let id = first.card.id;
    assert_eq!((again.card.id, more.card.id), (id, id));
    assert_eq!((again.card.balance, more.card.balance), (500, 300));
    let refused = give(&shop, (ada, euros(-301)), "c").await;
    assert!(matches!(refused, Err(GiftCardError::Card(CardRefusal::NotEnough { left: 300 }))), "{refused:?}");
    let reused = give(&shop, (ada, euros(1)), "a").await;
    assert!(matches!(reused, Err(GiftCardError::KeyReused)), "{reused:?}");
    let foreign = give(&shop, (ada, dollars(5)), "d").await;
    assert!(matches!(foreign, Err(GiftCardError::CurrencyMismatch { card: None })), "{foreign:?}");
    let nobody = give(&shop, (CustomerId::NIL, euros(5)), "e").await;
    assert!(matches!(nobody, Err(GiftCardError::NoCustomer)), "{nobody:?}");
    assert_eq!(ledger(&shop, id).await, [("issued", 0), ("adjusted", 500), ("adjusted", -200)]);
    assert_eq!(shop.acts(id).await, ["store_credit.adjust", "store_credit.adjust"]);

    let bob = shop.customer("bob@example.org").await.customer;
    let (one, other) = tokio::join!(give(&shop, (bob, euros(5)), "f"), give(&shop, (bob, euros(7)), "g"));
    assert_eq!(one.unwrap().card.id, other.unwrap().card.id, "made once, though by two at once");
    let listing =
        parse_gift_card_search(&format!("kind:credit customer_id:{bob}"), GiftCardsListing::default());
    let cards = &shop.services.admin.gift_cards;
    let by = shop.eve::<GiftCardsRead>();
    let page = cards.list(&by, &listing.unwrap(), &PageRequest::first(9)).await.unwrap();
    let ids: Vec<GiftCardId> = page.nodes().copied().collect();
    assert_eq!(cards.find_all(&by, &ids).await.unwrap()[0].card.balance, 12);
    shop.balances().await;
}

#[tokio::test]
async fn who_was_erased_gets_no_store_credit() {
    let shop = TestShop::open().await;
    let ada = shop.customer(ADA).await.customer;
    let by = shop.eve::<CustomersErase>();
    Box::pin(shop.services.admin.erase_customer.run(&by, ada)).await.unwrap();
    let before = shop.log_length().await;
    let gone = give(&shop, (ada, euros(5)), "a").await;
    assert!(matches!(gone, Err(GiftCardError::NoCustomer)), "{gone:?}");
    assert_eq!(shop.log_length().await, before);
}
