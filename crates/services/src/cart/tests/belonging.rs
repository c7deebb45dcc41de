//! Whose a cart is.

use super::shop::{cart, given, guest, kept, refusal, sell_mugs, signed_in, somewhere, units};
use crate::{
    UnitSettings,
    account::Caller,
    cart::{
        CartError, CreateRefusal, DetailsRefusal, IdentityChange, IdentityRefusal, MergeCartsRefusal,
        NewCart, TooManyUnits,
    },
    testing::{TestShop, client},
};
use std::num::NonZeroU32;
use stoa_domain::{
    cart::{AddLine, MergeRefusal},
    checkout::PlaceOrder,
    shared::Locale,
};
use stoa_persistence::customer;

fn nothing() -> IdentityChange {
    IdentityChange::default()
}

#[tokio::test]
async fn the_first_cart_becomes_theirs_and_the_next_goes_into_it() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let ada = signed_in(shop.customer("ada@example.org").await);
    let first = cart(&shop, &guest(), mug, 2).await;
    let (nothing, identifies) = (nothing(), &shop.services.identify_buyer);
    let identify = |id| Box::pin(identifies.run(&ada, id, &nothing));
    assert_eq!(given(&identify(first).await.unwrap()), (first, 2));
    let theirs = kept(&shop, first).await.unwrap();
    assert_eq!(theirs.buyer.customer, ada.viewer.customer());
    assert_eq!(theirs.buyer.email, None, "the account's address is not for whoever has the cart's id");

    let next = cart(&shop, &guest(), mug, 3).await;
    assert_eq!(given(&identify(next).await.unwrap()), (first, 5));
    assert_eq!(given(&identify(next).await.unwrap()), (first, 5), "the answer was lost");
    assert_eq!(units(&shop, &guest(), next).await, None);
    assert_eq!(cart(&shop, &ada, mug, 1).await, first, "who has signed in makes no second one");
    assert_eq!(units(&shop, &ada, first).await, Some(6));
}

#[tokio::test]
async fn two_first_carts_at_once_are_one_in_the_end() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let who = shop.customer("ada@example.org").await;
    let ada = signed_in(who);
    let (one, other) = (cart(&shop, &guest(), mug, 2).await, cart(&shop, &guest(), mug, 3).await);
    let (nothing, identifies) = (nothing(), &shop.services.identify_buyer);
    let identify = |id| Box::pin(identifies.run(&ada, id, &nothing));
    let (a, b) = tokio::join!(identify(one), identify(other));
    let (a, b) = (given(&a.unwrap()), given(&b.unwrap()));
    assert_eq!(a.0, b.0);
    assert_eq!(units(&shop, &ada, a.0).await, Some(5));
    assert_eq!(customer::cart_of(shop.db.read(), who.customer).await.unwrap(), Some(a.0));
}

#[tokio::test]
async fn nobody_is_given_anybody_elses_cart() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let ada = signed_in(shop.customer("ada@example.org").await);
    let eve = signed_in(shop.customer("eve@example.org").await);
    let (of_ada, of_eve) = (cart(&shop, &ada, mug, 2).await, cart(&shop, &eve, mug, 3).await);
    assert_eq!(units(&shop, &eve, of_ada).await, None);
    let taken = Box::pin(shop.services.identify_buyer.run(&eve, of_ada, &nothing())).await;
    assert!(matches!(taken, Err(CartError::NotFound)), "{taken:?}");
    let note = shop.services.cart_details.set_note(&eve, of_ada, "mine").await;
    assert!(matches!(note, Err(CartError::NotFound)), "{note:?}");
    let merged = Box::pin(shop.services.merge_carts.run(&eve, of_ada, of_eve)).await;
    assert_eq!(refusal(merged), MergeCartsRefusal::NoSuchCart);
    // Who knows the ids and is nobody: a customer's cart goes into nobody else's.
    let merged = Box::pin(shop.services.merge_carts.run(&guest(), of_ada, of_eve)).await;
    assert_eq!(refusal(merged), MergeCartsRefusal::Rule(MergeRefusal::OtherCustomer));
    assert_eq!((units(&shop, &ada, of_ada).await, units(&shop, &eve, of_eve).await), (Some(2), Some(3)));
}

#[tokio::test]
async fn a_refusal_makes_a_cart_nobodys() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let who = shop.customer("ada@example.org").await;
    let of_guest = cart(&shop, &guest(), mug, 2).await;
    let bad = IdentityChange { email: Some("ada".into()), ..nothing() };
    let refused = Box::pin(shop.services.identify_buyer.run(&signed_in(who), of_guest, &bad)).await;
    assert_eq!(refusal(refused), IdentityRefusal::Details(DetailsRefusal::BadEmail));
    assert_eq!(kept(&shop, of_guest).await.unwrap().buyer.customer, None);
    assert_eq!(customer::cart_of(shop.db.read(), who.customer).await.unwrap(), None);
}

/// A cart that goes into none is not left behind, and neither is what it held.
#[tokio::test]
async fn a_new_cart_that_does_not_go_into_theirs_leaves_nothing() {
    let bound = UnitSettings { per_buyer: NonZeroU32::new(8), per_network: NonZeroU32::new(12) };
    let shop = TestShop::with(|settings| settings.units = bound).await;
    let mug = sell_mugs(&shop, 100, true).await;
    let ada = Caller::customer(shop.customer("ada@example.org").await, client(1));
    let theirs = cart(&shop, &ada, mug, 5).await;
    let line = AddLine { variant: mug, quantity: 7, attributes: Vec::new() };
    let new = NewCart { lines: vec![line], ..NewCart::default() };
    for _ in 0..3 {
        let refused = Box::pin(shop.services.create_cart.run(&ada, new.clone())).await;
        let too_many = MergeCartsRefusal::TooManyUnits(TooManyUnits::InCart { max: 8 });
        assert_eq!(refusal(refused), CreateRefusal::Customer(IdentityRefusal::Merge(too_many)));
    }
    assert_eq!(units(&shop, &ada, theirs).await, Some(5));
    let held = shop.ctx().ports.holds.held(&[mug], shop.ctx().now()).await.unwrap();
    assert_eq!(held.get(&mug), Some(&5), "what came to nothing holds nothing");
}

#[tokio::test]
async fn an_order_is_the_customers_in_the_language_they_read() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let mut ada = signed_in(shop.customer("ada@example.org").await);
    ada.client.locale = Some(Locale::Ja);
    let eve = signed_in(shop.customer("eve@example.org").await);
    let of_ada = cart(&shop, &ada, mug, 2).await;
    shop.services.delivery_addresses.add(&ada, of_ada, &[somewhere()]).await.unwrap();
    let request = PlaceOrder {
        cart: of_ada,
        idempotency_key: "once".into(),
        expected_total: None,
        expected_charge: None,
    };
    let place = |by| Box::pin(shop.services.place_order.run(by, request.clone()));
    assert!(place(&eve).await.is_err());
    let placed = place(&ada).await.unwrap().order;
    assert_eq!((placed.customer, placed.locale), (ada.viewer.customer(), Some(Locale::Ja)));
    assert_eq!(place(&ada).await.unwrap().order.id, placed.id, "once more");
    assert!(place(&eve).await.is_err(), "not even with the key");
    // The next cart takes the place of the one that was ordered.
    let next = cart(&shop, &guest(), mug, 1).await;
    let identified = Box::pin(shop.services.identify_buyer.run(&ada, next, &nothing())).await.unwrap();
    assert_eq!(given(&identified), (next, 1));
}
