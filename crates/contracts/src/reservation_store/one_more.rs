//! Rules of holding a little more: who shows the cart's last call is served as anybody else, with or without shortcuts.

use super::{
    Store,
    counter::{Counter, HOLD, stock, want},
};
use crate::{
    race::at_once,
    sample::{cart_id, minutes},
};
use stoa_domain::{
    inventory::{Grant, HeldBefore, HoldPolicy::UpToAvailable, HoldRequest, HoldTicket},
    shared::{CartId, VariantId},
};

/// What a cart knows of its last call.
type Known = Option<(HoldTicket, Vec<(VariantId, u64)>)>;

/// Holds more or less of this, all of which there is, and gives what the cart knows then.
async fn rehold(counter: &Counter, cart: CartId, requests: &[HoldRequest], known: &Known) -> Known {
    let before = known.as_ref().map(|(ticket, units)| HeldBefore { ticket: *ticket, units });
    let (now, until) = (counter.now, counter.now + HOLD);
    let (held, ticket) = counter.store.rehold(cart, requests, before, now, until).await.unwrap();
    assert!(held.held);
    let wanted =
        |r: &HoldRequest| Grant { variant: r.snapshot.variant, wanted: r.quantity, available: r.quantity };
    assert_eq!(held.grants, requests.iter().map(wanted).collect::<Vec<_>>());
    ticket.map(|t| (t, requests.iter().map(|r| (r.snapshot.variant, u64::from(r.quantity))).collect()))
}

/// That the cart holds exactly this for a whole term.
async fn assert_holds(counter: &Counter, cart: CartId, requests: &[HoldRequest]) {
    let mut expected: Vec<_> =
        requests.iter().map(|r| (r.snapshot.variant, r.quantity, counter.now + HOLD)).collect();
    expected.sort_unstable();
    assert_eq!(counter.holds_of(cart).await, expected);
    for request in requests {
        assert_eq!(counter.held(request.snapshot.variant).await, i64::from(request.quantity));
    }
}

/// A line more, one of another quantity, one less.
pub async fn one_line_more_leaves_the_others_held(store: Store) {
    let (counter, cart) = (Counter::open(store), cart_id());
    let [mug, bowl, plate] = [stock(5), stock(5), stock(5)];
    let mut known = rehold(&counter, cart, &[want(mug, 2)], &None).await;
    let wishes = [
        vec![want(mug, 2), want(bowl, 1)],
        vec![want(plate, 1), want(mug, 2), want(bowl, 3)],
        vec![want(mug, 2), want(plate, 1)],
        vec![want(mug, 2), want(plate, 1)],
    ];
    for wish in &wishes {
        known = rehold(&counter, cart, wish, &known).await;
        assert_holds(&counter, cart, wish).await;
    }
    assert_eq!(counter.held(bowl.variant).await, 0);
}

/// What another call of the cart has done meanwhile is made good, whatever the caller believes.
pub async fn a_call_in_between_is_made_good(store: Store) {
    let counter = Counter::open(store);
    let [mug, bowl, plate] = [stock(5), stock(5), stock(5)];
    let (first, then) =
        (vec![want(mug, 2), want(bowl, 2)], vec![want(mug, 2), want(bowl, 2), want(plate, 1)]);

    let cart = cart_id();
    let known = rehold(&counter, cart, &first, &None).await;
    counter.hold(cart, &[want(mug, 1)], UpToAvailable).await;
    rehold(&counter, cart, &then, &known).await;
    assert_holds(&counter, cart, &then).await;
    counter.release(cart, &[]).await;

    let cart = cart_id();
    let known = rehold(&counter, cart, &first, &None).await;
    counter.release(cart, &[]).await;
    rehold(&counter, cart, &then, &known).await;
    assert_holds(&counter, cart, &then).await;
    counter.release(cart, &[]).await;

    // Another's ticket is none of this cart's.
    let (cart, other) = (cart_id(), cart_id());
    let known = rehold(&counter, other, &first, &None).await;
    counter.release(other, &[]).await;
    rehold(&counter, cart, &then, &known).await;
    assert_holds(&counter, cart, &then).await;
}

/// Who names another moment than before gets it for all of it, if the expiry was moved in between.
pub async fn an_expiry_that_was_moved_is_moved_again(store: Store) {
    let (counter, cart) = (Counter::open(store), cart_id());
    let [mug, bowl] = [stock(5), stock(5)];
    let known = rehold(&counter, cart, &[want(mug, 2)], &None).await;
    counter.after(minutes(5)).extend(cart).await;
    let both = [want(mug, 2), want(bowl, 1)];
    rehold(&counter, cart, &both, &known).await;
    assert_holds(&counter, cart, &both).await;
}

/// Two of one cart that both show the same call: what is held is what one of them wants, and no mixture.
pub async fn two_that_know_the_same_call_leave_no_mixture(store: Store) {
    let (counter, [mug, bowl, plate]) = (Counter::open(store), [stock(9_000), stock(9_000), stock(9_000)]);
    for _ in 0..40 {
        let cart = cart_id();
        let first = vec![want(mug, 2), want(bowl, 2)];
        let known = rehold(&counter, cart, &first, &None).await;
        let wishes = [vec![want(mug, 2), want(bowl, 3)], vec![want(plate, 1), want(mug, 2)]];
        let calls = wishes.clone().map(|wish| {
            let (counter, known) = (counter.clone(), known.clone());
            async move { rehold(&counter, cart, &wish, &known).await }
        });
        at_once(calls).await;
        let holds: Vec<_> =
            counter.holds_of(cart).await.into_iter().map(|(v, units, _)| (v, units)).collect();
        let of = |wish: &[HoldRequest]| {
            let mut units: Vec<_> = wish.iter().map(|r| (r.snapshot.variant, r.quantity)).collect();
            units.sort_unstable();
            units
        };
        assert!(wishes.iter().any(|wish| of(wish) == holds), "{holds:?}");
        counter.release(cart, &[]).await;
    }
}
