//! Rules of what is kept for those who do not ask at once.

use super::{Buses, goes_on_telling, hears_of, new_cart, saved};
use futures_util::future::FutureExt;
use stoa_domain::live::{Notice, Topic};

/// Events of one topic are heard in their order; some may be passed over.
pub async fn a_version_never_goes_back(buses: Buses) {
    let cart = new_cart();
    let mut listener = buses.there.subscribe(&[Topic::Cart(cart)]);
    let teller = {
        let bus = buses.here.clone();
        tokio::spawn(async move {
            for version in 1..=500 {
                bus.publish(saved(cart, version));
                tokio::task::yield_now().await;
            }
        })
    };
    let mut newest = 0;
    while newest < 500 {
        let Notice::Version(version) = listener.next().await else { panic!("nothing was missed") };
        assert!(version > newest, "{version} after {newest}");
        newest = version;
    }
    teller.await.unwrap();
}

/// However many were told meanwhile, the last is heard, and the bus has kept no heap of them.
pub async fn a_listener_that_does_not_ask_still_learns_of_the_last_version(buses: Buses) {
    let cart = new_cart();
    let mut listeners =
        [buses.here.subscribe(&[Topic::Cart(cart)]), buses.there.subscribe(&[Topic::Cart(cart)])];
    for version in 1..=20_000 {
        buses.here.publish(saved(cart, version));
    }
    for listener in &mut listeners {
        let mut heard = 0;
        loop {
            heard += 1;
            match listener.next().await {
                Notice::Version(20_000) | Notice::ReRead => break,
                Notice::Version(_) => {}
            }
        }
        assert!(heard < 2_000, "{heard} of 20,000 were kept for one who did not ask");
    }
}

/// Twenty thousand carts change at once: whoever watches one of them hears of it, or is told to read again.
pub async fn a_flood_of_other_topics_drowns_nobody(buses: Buses) {
    let carts: Vec<_> = (0..20_000).map(|_| new_cart()).collect();
    let watched = [carts[0], carts[9_999], carts[19_999]].map(Topic::Cart);
    let mut listeners = watched.map(|topic| buses.there.subscribe(&[topic]));
    for cart in carts {
        buses.here.publish(saved(cart, 2));
    }
    for listener in &mut listeners {
        assert!(matches!(listener.next().await, Notice::Version(2) | Notice::ReRead));
    }
    // Afterwards it goes on as before.
    let cart = new_cart();
    let mut listener = buses.there.subscribe(&[Topic::Cart(cart)]);
    // What is left of the flood may have swallowed the first of them, and says so.
    let teller = goes_on_telling(&buses, cart, 3);
    hears_of(&mut listener, 3).await;
    teller.abort();
}

/// A listener hears from the moment it was made, not from the moment it asks.
pub async fn what_came_before_the_listener_asked_is_kept(buses: Buses) {
    let cart = new_cart();
    let mut listener = buses.here.subscribe(&[Topic::Cart(cart)]);
    buses.here.publish(saved(cart, 4));
    assert_eq!(listener.next().await, Notice::Version(4));
}

/// Somebody who waits for two things at once gives up one wait whenever the other is over.
pub async fn a_wait_that_is_given_up_loses_nothing(buses: Buses) {
    let cart = new_cart();
    let mut listener = buses.there.subscribe(&[Topic::Cart(cart)]);
    for version in 1..=100 {
        assert_eq!(listener.next().now_or_never(), None, "nothing has happened yet");
        buses.here.publish(saved(cart, version));
        // Given up at any moment of its arrival.
        while !matches!(listener.next().now_or_never(), Some(Notice::Version(heard)) if heard == version) {
            tokio::task::yield_now().await;
        }
    }
    buses.here.publish(saved(cart, 101));
    hears_of(&mut listener, 101).await;
}
