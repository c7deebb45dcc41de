//! Sweeping: it deletes what is over, all of it, and nothing else.

use crate::scratch::{database, id, noon, postgres, wishes, with_own_schema};
use sqlx::{Connection, PgConnection};
use std::sync::Arc;
use stoa_domain::{
    cart::{Cart, CartStore, Saved},
    inventory::{HoldPolicy, ReservationStore},
    shared::{CartId, Currency},
};
use stoa_persistence::{Db, DbConfig, SqlCartStore, SqlReservationStore};

fn new_cart() -> Cart {
    Cart::new(CartId::new(id()), Currency::USD, noon(0))
}

#[tokio::test]
async fn expired_carts_go_in_several_batches_and_live_ones_stay() {
    let (db, _folder) = database().await;
    let carts = SqlCartStore::new(db);
    let live = new_cart();
    carts.save(&live, noon(0), noon(11)).await.unwrap();
    for _ in 0..1_001 {
        carts.save(&new_cart(), noon(0), noon(10)).await.unwrap();
    }
    let deleted = new_cart();
    carts.save(&deleted, noon(0), noon(10)).await.unwrap();
    carts.delete(deleted.id, 1).await.unwrap();

    assert_eq!(carts.sweep(noon(9)).await.unwrap(), 0);
    assert_eq!(carts.sweep(noon(10)).await.unwrap(), 1_002);
    assert_eq!(carts.sweep(noon(10)).await.unwrap(), 0);
    assert_eq!(carts.load(live.id, noon(10)).await.unwrap(), Some(Cart { version: 1, ..live }));
    // The id of a swept cart is as good as new.
    assert_eq!(carts.save(&deleted, noon(11), noon(20)).await.unwrap(), Saved::Yes(1));
}

#[tokio::test]
async fn holds_that_are_over_go_in_several_batches_and_live_ones_stay() {
    let (db, _folder) = database().await;
    let holds = SqlReservationStore::new(db);
    let live = CartId::new(id());
    let policy = HoldPolicy::AllOrNothing;
    holds.hold(live, &wishes(3), policy, noon(0), noon(11)).await.unwrap();
    for _ in 0..3 {
        let requests = wishes(400);
        assert!(holds.hold(CartId::new(id()), &requests, policy, noon(0), noon(10)).await.unwrap().held);
    }
    assert_eq!(holds.sweep(noon(9)).await.unwrap(), 0);
    assert_eq!(holds.sweep(noon(10)).await.unwrap(), 1_200);
    assert_eq!(holds.sweep(noon(10)).await.unwrap(), 0);
    assert_eq!(holds.held_by(live, noon(10)).await.unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sweeping_while_carts_come_back_neither_blocks_nor_loses_a_hold() {
    let (db, _folder) = database().await;
    let holds = Arc::new(SqlReservationStore::new(db));
    let wishes = wishes(20);
    let policy = HoldPolicy::AllOrNothing;
    for round in 0..20 {
        // Each round's holds are over when the next begins: it renews them while they are being swept.
        let (now, until) = (noon(round * 15), noon(round * 15 + 15));
        let sweeper = tokio::spawn({
            let holds = Arc::clone(&holds);
            async move { holds.sweep(now).await.unwrap() }
        });
        let cart = CartId::new(id());
        assert!(holds.hold(cart, &wishes, policy, now, until).await.unwrap().held);
        assert!(holds.hold(cart, &wishes, policy, now, until).await.unwrap().held);
        sweeper.await.unwrap();
        assert_eq!(holds.held_by(cart, now).await.unwrap().len(), 20, "round {round}");
    }
}

/// As every instance does once a minute: one leads at a time, whoever does not goes away, and each row goes once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_who_sweep_at_once_delete_each_row_once() {
    let (db, _folder) = database().await;
    let (carts, holds) = (SqlCartStore::new(db.clone()), SqlReservationStore::new(db));
    let live = new_cart();
    carts.save(&live, noon(0), noon(11)).await.unwrap();
    holds.hold(live.id, &wishes(3), HoldPolicy::AllOrNothing, noon(0), noon(11)).await.unwrap();
    for _ in 0..600 {
        carts.save(&new_cart(), noon(0), noon(10)).await.unwrap();
    }
    for _ in 0..3 {
        let cart = CartId::new(id());
        assert!(
            holds.hold(cart, &wishes(400), HoldPolicy::AllOrNothing, noon(0), noon(10)).await.unwrap().held
        );
    }
    let now = noon(10);
    let (a, b, c) = tokio::join!(carts.sweep(now), carts.sweep(now), carts.sweep(now));
    let (d, e, f) = tokio::join!(holds.sweep(now), holds.sweep(now), holds.sweep(now));
    // What one of them left because another had it, and let it go again, is for the next minute.
    let (left, still) = (carts.sweep(now).await.unwrap(), holds.sweep(now).await.unwrap());
    assert_eq!(a.unwrap() + b.unwrap() + c.unwrap() + left, 600);
    assert_eq!(d.unwrap() + e.unwrap() + f.unwrap() + still, 1_200);
    assert_eq!(carts.load(live.id, now).await.unwrap(), Some(Cart { version: 1, ..live.clone() }));
    assert_eq!(holds.held_by(live.id, now).await.unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_who_sweep_at_once_each_row_is_deleted_once_and_none_stays() {
    let (db, _folder) = database().await;
    let carts = SqlCartStore::new(db);
    for _ in 0..700 {
        carts.save(&new_cart(), noon(0), noon(10)).await.unwrap();
    }
    let sweeps = [carts.clone(), carts.clone(), carts.clone()];
    let sweeps = sweeps.map(|carts| tokio::spawn(async move { carts.sweep(noon(10)).await.unwrap() }));
    let mut swept = 0;
    for sweep in sweeps {
        swept += sweep.await.unwrap();
    }
    // Who comes while another one is at it leaves it the rest, and the last of them finds what came in between.
    assert_eq!(swept + carts.sweep(noon(10)).await.unwrap(), 700);
    assert_eq!(carts.sweep(noon(10)).await.unwrap(), 0);
}

/// Another instance is at it, and has not come to an end: whoever comes meanwhile leaves it everything, and does not wait.
#[tokio::test]
async fn while_one_instance_sweeps_no_other_does_on_postgres() {
    let url = with_own_schema(&postgres().unwrap()).await;
    let db = Db::connect(&DbConfig::parse(&url)).await.unwrap();
    db.migrate().await.unwrap();
    let (carts, holds) = (SqlCartStore::new(db.clone()), SqlReservationStore::new(db));
    for _ in 0..3 {
        carts.save(&new_cart(), noon(0), noon(10)).await.unwrap();
    }
    let (cart, policy) = (CartId::new(id()), HoldPolicy::AllOrNothing);
    assert!(holds.hold(cart, &wishes(4), policy, noon(0), noon(10)).await.unwrap().held);

    let mut other = PgConnection::connect(&url).await.unwrap();
    let mut at_it = other.begin().await.unwrap();
    // What is swept, in ASCII "swpc" and "swph", and whose.
    for what in [0x73_77_70_63_i32, 0x73_77_70_68] {
        let take = "SELECT pg_try_advisory_xact_lock($1, hashtext(current_schema()))";
        let leads: bool = sqlx::query_scalar(take).bind(what).fetch_one(&mut *at_it).await.unwrap();
        assert!(leads, "nobody sweeps yet");
    }
    assert_eq!((carts.sweep(noon(10)).await.unwrap(), holds.sweep(noon(10)).await.unwrap()), (0, 0));
    at_it.commit().await.unwrap();
    assert_eq!((carts.sweep(noon(10)).await.unwrap(), holds.sweep(noon(10)).await.unwrap()), (3, 4));
}
