//! Gift cards and store credit on carts.

use super::shop::*;
use crate::{
    account::{Caller, Client},
    cart::{CardsRefusal, CartError, CreditRefusal},
    testing::{TestShop, client},
};

async fn put(
    shop: &TestShop,
    by: &Caller,
    cart: stoa_domain::shared::CartId,
    codes: &[&str],
) -> Result<crate::cart::Edited, CartError<CardsRefusal>> {
    let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
    Box::pin(shop.services.gift_card_codes.add(by, cart, &codes)).await
}

#[tokio::test]
async fn gift_cards_pay_in_their_order() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let eur = currency("EUR");
    let one = issue(&shop, 1, "FIRSTCARD", (300, eur)).await;
    let two = issue(&shop, 2, "SECONDCARD", (5_000, eur)).await;
    let cart = cart(&shop, &[(mug, 1)]).await;
    let (view, _) = put(&shop, &guest(), cart, &["first-card", "second card", "FIRSTCARD"]).await.unwrap();
    let paid: Vec<_> = view.cards().map(|card| (card.id, card.balance, card.amount)).collect();
    assert_eq!(paid, [(one, 300, 300), (two, 5_000, 700)]);
    assert_eq!((view.priced.total, view.priced.charge), (1_000, 0));
    let kept_told =
        |kept: &stoa_domain::cart::Cart| (kept.told.unwrap().minor, kept.told_charge.map(|m| m.minor));
    assert_eq!(kept_told(&kept(&shop, cart).await), (1_000, Some(0)));
    let (view, _) = shop.services.gift_card_codes.remove(&guest(), cart, &[two]).await.unwrap();
    assert_eq!(view.priced.charge, 700);
    let codes = ["secondcard".to_owned()];
    let (view, _) = shop.services.gift_card_codes.replace(&guest(), cart, &codes).await.unwrap();
    assert_eq!((view.cart.gift_cards.clone(), view.priced.charge), (vec![two], 0));
    shop.services.gift_card_codes.remove(&guest(), cart, &[two]).await.unwrap();
    assert_eq!(kept_told(&kept(&shop, cart).await), (1_000, None), "nothing pays beside the buyer");
}

#[tokio::test]
async fn of_a_card_that_cannot_be_used_nothing_is_said_but_that() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    issue(&shop, 1, "EMPTYCARD", (0, currency("EUR"))).await;
    issue(&shop, 2, "DOLLARCARD", (500, currency("USD"))).await;
    issue(&shop, 3, "GOODCARD", (500, currency("EUR"))).await;
    let cart = cart(&shop, &[(mug, 1)]).await;
    for code in ["EMPTYCARD", "DOLLARCARD", "NOSUCHCARD", "no"] {
        let refused = put(&shop, &guest(), cart, &["GOODCARD", code]).await;
        assert!(matches!(refused, Err(CartError::Refused(CardsRefusal::OfNoUse { index: 1 }))), "{code}");
    }
    assert_eq!(kept(&shop, cart).await.gift_cards, []);
    let many: Vec<&str> = std::iter::repeat_n("GOODCARD", 11).collect();
    let refused = put(&shop, &guest(), cart, &many).await;
    assert!(matches!(refused, Err(CartError::Refused(CardsRefusal::TooMany { max: 10 }))));
}

#[tokio::test]
async fn guessing_cards_is_stopped() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    issue(&shop, 1, "GOODCARD", (500, currency("EUR"))).await;
    let cart = cart(&shop, &[(mug, 1)]).await;
    let from = |n| Caller { client: Client { ..client(n) }, ..Caller::default() };
    for _ in 0..20 {
        put(&shop, &from(1), cart, &["GOODCARD"]).await.unwrap();
    }
    let stopped = |outcome| matches!(outcome, Err(CartError::Refused(CardsRefusal::TooManyGuesses { .. })));
    for n in 0..10 {
        let guess = put(&shop, &from(1), cart, &[&format!("GUESS{n}GUESS")]).await;
        assert!(matches!(guess, Err(CartError::Refused(CardsRefusal::OfNoUse { index: 0 }))), "{n}");
    }
    assert!(stopped(put(&shop, &from(1), cart, &["GOODCARD"]).await), "what is right counted for nothing");
    put(&shop, &from(2), cart, &["GOODCARD"]).await.unwrap();
    for n in 0..10 {
        let guess = put(&shop, &from(3), cart, &[&format!("OTHER{n}OTHER")]).await;
        assert!(matches!(guess, Err(CartError::Refused(CardsRefusal::OfNoUse { .. }))), "{n}");
    }
    assert!(stopped(put(&shop, &from(4), cart, &["GOODCARD"]).await), "twenty a day a cart, from wherever");
}

#[tokio::test]
async fn a_shop_says_how_many_cards_one_network_may_guess_at() {
    let few = |settings: &mut crate::Settings| {
        settings.gift_cards.guesses = std::num::NonZeroU32::new(2).unwrap();
    };
    let shop = TestShop::with(few).await;
    let mug = sell(&shop, 1, 50).await[0];
    issue(&shop, 1, "GOODCARD", (500, currency("EUR"))).await;
    let cart = cart(&shop, &[(mug, 1)]).await;
    for n in 0..2 {
        let guess = put(&shop, &guest(), cart, &[&format!("GUESS{n}GUESS")]).await;
        assert!(matches!(guess, Err(CartError::Refused(CardsRefusal::OfNoUse { index: 0 }))), "{n}");
    }
    let stopped = put(&shop, &guest(), cart, &["GOODCARD"]).await;
    assert!(matches!(stopped, Err(CartError::Refused(CardsRefusal::TooManyGuesses { .. }))));
}

#[tokio::test]
async fn store_credit_pays_for_its_owner_alone() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let ada = shop.customer("ada@example.org").await;
    credit(&shop, 1, ada.customer, (400, currency("EUR"))).await;
    let by = Caller::customer(ada, client(1));
    let cart = cart_of(&shop, &by, &[(mug, 1)]).await.cart.id;
    let (view, _) = shop.services.store_credit.apply(&by, cart, true).await.unwrap();
    assert_eq!((view.priced.total, view.priced.charge), (1_000, 600));
    assert_eq!(read(&shop, cart).await.priced.charge, 1_000, "who has its id is not whose it is");
    let refused = shop.services.store_credit.apply(&guest(), cart, true).await;
    assert!(matches!(refused, Err(CartError::Refused(CreditRefusal::SignInNeeded))));
    let (view, _) = shop.services.store_credit.apply(&by, cart, false).await.unwrap();
    assert_eq!(view.priced.charge, 1_000);
}
