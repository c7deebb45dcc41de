//! A command whose answer was lost was carried out, and is sent again: the second time must change nothing.

use crate::{
    lossy::Lossy,
    scratch::{Kind, cart_id, new_cart, noon, patient, stock, want},
};
use stoa_domain::{
    cart::{Cart, CartStore, Saved},
    inventory::{
        HoldPolicy::{AllOrNothing, UpToAvailable},
        ReservationStore,
    },
};
use stoa_redis::{Redis, RedisCartStore, RedisReservationStore};

async fn lossy() -> (Lossy, Redis) {
    let lossy = Lossy::in_front_of(&Kind::Single.url()).await;
    let redis = Redis::new(&patient(&lossy.url())).unwrap();
    redis.ping().await.unwrap();
    (lossy, redis)
}

#[tokio::test]
async fn a_cart_is_saved_once_and_deleted_once() {
    let (lossy, redis) = lossy().await;
    let (carts, mut cart) = (RedisCartStore::new(redis), new_cart());
    for version in 1..=5 {
        lossy.lose_one_after(0);
        cart.note = Some(format!("save {version}"));
        assert_eq!(carts.save(&cart, noon(0), noon(60)).await.unwrap(), Saved::Yes(version));
        assert!(lossy.has_lost());
        cart.version = version;
        assert_eq!(carts.load(cart.id, noon(1)).await.unwrap().as_ref(), Some(&cart));
    }
    let stale = Cart { version: 3, ..cart.clone() };
    lossy.lose_one_after(0);
    assert_eq!(carts.save(&stale, noon(0), noon(60)).await.unwrap(), Saved::Conflict);
    lossy.lose_one_after(0);
    assert_eq!(carts.delete(cart.id, cart.version).await.unwrap(), Saved::Yes(5));
    assert_eq!(carts.load(cart.id, noon(1)).await.unwrap(), None);
}

#[tokio::test]
async fn holds_are_taken_moved_and_let_go_once() {
    let (lossy, redis) = lossy().await;
    let holds = RedisReservationStore::new(redis);
    // Whichever of its answers a call loses.
    for place in 0..8 {
        let (cart, mug, bowl) = (cart_id(), stock(9), stock(9));
        let variants = [mug.variant, bowl.variant];
        let requests = [want(mug, 2), want(bowl, 3)];
        for policy in [UpToAvailable, AllOrNothing] {
            lossy.lose_one_after(place);
            let reservation = holds.hold(cart, &requests, policy, noon(0), noon(15)).await.unwrap();
            assert!(reservation.held && reservation.grants.iter().all(|g| g.is_full()), "{place}");
            let held = holds.held(&variants, noon(1)).await.unwrap();
            assert_eq!((held[&mug.variant], held[&bowl.variant]), (2, 3), "{place}");
        }
        lossy.lose_one_after(place);
        holds.extend(cart, noon(1), noon(20)).await.unwrap();
        let own = holds.held_by(cart, noon(1)).await.unwrap();
        assert_eq!((own[&mug.variant], own[&bowl.variant]), ((2, noon(20)), (3, noon(20))), "{place}");

        lossy.lose_one_after(place);
        holds.release(cart, &[]).await.unwrap();
        assert_eq!(holds.held(&variants, noon(1)).await.unwrap().len(), 0, "{place}");
        assert_eq!(holds.held_by(cart, noon(1)).await.unwrap().len(), 0, "{place}");
    }
}
