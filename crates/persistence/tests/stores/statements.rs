//! What a call costs: statements do not grow with the lines of a cart.

use crate::scratch::{database, id, noon, postgres, want, wishes};
use stoa_domain::{
    cart::{Cart, CartLine, CartStore, Saved},
    inventory::{HoldPolicy, HoldRequest, ReservationStore, StockSnapshot},
    shared::{CartId, CartLineId, Currency, VariantId},
};
use stoa_persistence::{Db, SqlCartStore, SqlReservationStore};

struct Meter {
    db: Db,
    holds: SqlReservationStore,
    carts: SqlCartStore,
    /// Postgres locks what SQLite has to itself.
    on_postgres: bool,
}

impl Meter {
    fn new(db: &Db) -> Self {
        Self {
            db: db.clone(),
            holds: SqlReservationStore::new(db.clone()),
            carts: SqlCartStore::new(db.clone()),
            on_postgres: postgres().is_some(),
        }
    }

    async fn cost(&self, call: impl Future<Output = ()>) -> u64 {
        let before = self.db.statements();
        call.await;
        self.db.statements() - before
    }

    async fn hold(&self, cart: CartId, requests: &[HoldRequest], at: i64) -> u64 {
        let hold = async {
            let policy = HoldPolicy::AllOrNothing;
            let held = self.holds.hold(cart, requests, policy, noon(at), noon(at + 15)).await.unwrap();
            assert!(held.held);
        };
        self.cost(hold).await
    }
}

#[tokio::test]
async fn a_hold_is_one_statement_whatever_the_lines_on_sqlite() {
    let (db, _folder) = database().await;
    let meter = Meter::new(&db);
    assert!(!meter.on_postgres, "it takes the long way there, as the next test says");
    for lines in [1, 7, 16, 17, 500] {
        let (cart, requests) = (CartId::new(id()), wishes(lines));
        assert_eq!(meter.hold(cart, &requests, 0).await, 5, "{lines}: tried at once, then the long way");
        assert_eq!(meter.hold(cart, &requests, 1).await, 1, "{lines}: move the expiry");
        assert_eq!(meter.hold(cart, &requests, 1).await, 1, "{lines}: nothing to change");
        let newer: Vec<_> = requests.iter().map(|r| want(r.snapshot.variant, 2)).collect();
        assert_eq!(meter.hold(cart, &newer, 2).await, 5, "{lines}: told of newer stock");
        let fewer = &newer[..lines / 2];
        assert!(meter.hold(cart, fewer, 2).await <= 6, "{lines}: let go of half, which is the long way");
    }
}

#[tokio::test]
async fn a_hold_costs_the_same_for_one_line_and_for_five_hundred_on_postgres() {
    let (db, _folder) = database().await;
    let meter = Meter::new(&db);
    assert!(meter.on_postgres, "the test above is about SQLite");
    for lines in [1, 7, 500] {
        let (cart, requests) = (CartId::new(id()), wishes(lines));
        // It locks the cart and the fences, and has learnt by that.
        assert_eq!(meter.hold(cart, &requests, 0).await, 5, "{lines}: all is new");
        assert_eq!(meter.hold(cart, &requests, 1).await, 5, "{lines}: look, and move the expiry");
        assert_eq!(meter.hold(cart, &requests, 1).await, 4, "{lines}: nothing to change");
        let newer: Vec<_> = requests.iter().map(|r| want(r.snapshot.variant, 2)).collect();
        assert_eq!(meter.hold(cart, &newer, 2).await, 5, "{lines}: the stock has changed");
        let fewer = &newer[..lines / 2];
        assert!(meter.hold(cart, fewer, 2).await <= 6, "{lines}: let go of half");
    }
}

#[tokio::test]
async fn releasing_extending_and_reading_cost_the_same_whatever_the_cart_holds() {
    let (db, _folder) = database().await;
    let meter = Meter::new(&db);
    let turn = u64::from(meter.on_postgres);
    for lines in [1, 500] {
        let (cart, requests) = (CartId::new(id()), wishes(lines));
        meter.hold(cart, &requests, 0).await;
        let snapshots: Vec<StockSnapshot> = requests.iter().map(|r| r.snapshot).collect();
        let variants: Vec<VariantId> = snapshots.iter().map(|s| s.variant).collect();
        let holds = &meter.holds;

        let extend = async { holds.extend(cart, noon(1), noon(16)).await.unwrap() };
        assert_eq!(meter.cost(extend).await, turn + 1);
        let held_by = async { assert_eq!(holds.held_by(cart, noon(1)).await.unwrap().len(), lines) };
        assert_eq!(meter.cost(held_by).await, 1);
        let held = async { assert_eq!(holds.held(&variants, noon(1)).await.unwrap().len(), lines) };
        assert_eq!(meter.cost(held).await, 1);
        let learn = async { holds.learn(&snapshots).await.unwrap() };
        assert_eq!(meter.cost(learn).await, 1);
        let release = async { holds.release(cart, &snapshots).await.unwrap() };
        assert_eq!(meter.cost(release).await, turn + 2);
        let nothing = async { holds.learn(&[]).await.unwrap() };
        assert_eq!(meter.cost(nothing).await, 0);
    }
}

#[tokio::test]
async fn a_cart_costs_one_statement_a_verb() {
    let (db, _folder) = database().await;
    let meter = Meter::new(&db);
    let line = |quantity| CartLine {
        id: CartLineId::new(id()),
        variant: VariantId::new(id()),
        quantity,
        attributes: Vec::new(),
        gift: None,
    };
    for lines in [0, 500] {
        let mut cart = Cart::new(CartId::new(id()), Currency::USD, noon(0));
        cart.lines = (1..=lines).map(line).collect();
        for version in 1..=2 {
            let save = async {
                let saved = meter.carts.save(&cart, noon(0), noon(60)).await.unwrap();
                assert_eq!(saved, Saved::Yes(version));
            };
            assert_eq!(meter.cost(save).await, 1);
            cart.version = version;
        }
        let load =
            async { assert_eq!(meter.carts.load(cart.id, noon(1)).await.unwrap(), Some(cart.clone())) };
        assert_eq!(meter.cost(load).await, u64::from(meter.on_postgres), "on SQLite it was just saved here");
        let refused = async {
            assert_eq!(meter.carts.delete(cart.id, 1).await.unwrap(), Saved::Conflict);
        };
        assert_eq!(meter.cost(refused).await, 2, "a refusal asks why");
        let delete = async { assert_eq!(meter.carts.delete(cart.id, 2).await.unwrap(), Saved::Yes(2)) };
        assert_eq!(meter.cost(delete).await, 1);
    }
}

#[tokio::test]
async fn a_variant_twice_in_one_request_is_a_bug_and_changes_nothing() {
    let (db, _folder) = database().await;
    let meter = Meter::new(&db);
    let (cart, variant) = (CartId::new(id()), VariantId::new(id()));
    meter.hold(cart, &[want(variant, 1)], 0).await;
    let twice = [want(variant, 1), want(variant, 2)];
    let refused = meter.holds.hold(cart, &twice, HoldPolicy::UpToAvailable, noon(1), noon(16)).await;
    assert_eq!(refused.unwrap_err().kind(), stoa_domain::shared::FaultKind::Internal);
    let left = meter.holds.held_by(cart, noon(1)).await.unwrap();
    assert_eq!(left.get(&variant), Some(&(1, noon(15))));
}
