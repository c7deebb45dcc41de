//! Random histories: Redis answers as the model does, call by call.

use crate::scratch::{KINDS, Kind, id, noon};
use proptest::{collection::vec, prelude::*, sample::subsequence};
use stoa_contracts::model::{CartModel, HoldModel};
use stoa_domain::{
    cart::{Cart, CartStore},
    inventory::{HoldPolicy, HoldRequest, ReservationStore, StockSnapshot},
    shared::{CartId, Currency, VariantId},
};
use stoa_redis::{Redis, RedisCartStore, RedisReservationStore};
use uuid::Uuid;

const CASES: u32 = 48;
const VARIANTS: u8 = 5;
const CARTS: u8 = 4;

/// One run's ids, in the order of their numbers.
struct Ids(u128);

impl Ids {
    fn new() -> Self {
        Self(id().as_u128() & !0xff)
    }
    fn cart(&self, n: u8) -> CartId {
        CartId::new(Uuid::from_u128(self.0 | u128::from(n)))
    }
    fn variant(&self, n: u8) -> VariantId {
        VariantId::new(Uuid::from_u128(self.0 | u128::from(n)))
    }
    /// What SQL said of a variant at a version: any figure, but always the same for the same version.
    fn snapshot(&self, (variant, version): (u8, u8)) -> StockSnapshot {
        let figure = (i64::from(variant) * 7 + i64::from(version) * 5) % 12;
        let sellable = (figure != 11).then_some(figure - 1);
        StockSnapshot { variant: self.variant(variant), sellable, version: version.into() }
    }
}

#[derive(Clone, Debug)]
enum HoldStep {
    Wait(u8),
    Hold { cart: u8, requests: Vec<(u8, u8, u32)>, all: bool },
    Extend(u8),
    Release(u8, Vec<(u8, u8)>),
    Learn(Vec<(u8, u8)>),
}

fn hold_step() -> impl Strategy<Value = HoldStep> {
    let figures = || vec((0..VARIANTS, 0..6_u8), 0..4);
    let variants = subsequence((0..VARIANTS).collect::<Vec<_>>(), 0..=VARIANTS as usize).prop_shuffle();
    let requests = variants.prop_flat_map(|variants| {
        variants.into_iter().map(|v| (Just(v), 0..6_u8, 0..7_u32)).collect::<Vec<_>>()
    });
    prop_oneof![
        2 => (1..10_u8).prop_map(HoldStep::Wait),
        6 => (0..CARTS, requests, any::<bool>())
            .prop_map(|(cart, requests, all)| HoldStep::Hold { cart, requests, all }),
        1 => (0..CARTS).prop_map(HoldStep::Extend),
        1 => (0..CARTS, figures()).prop_map(|(cart, f)| HoldStep::Release(cart, f)),
        1 => figures().prop_map(HoldStep::Learn),
    ]
}

async fn replay_holds(redis: Redis, steps: Vec<HoldStep>) {
    let (store, ids) = (RedisReservationStore::new(redis), Ids::new());
    let mut model = HoldModel::default();
    let mut minute = 0;
    let everything: Vec<VariantId> = (0..VARIANTS).map(|v| ids.variant(v)).collect();
    for step in &steps {
        let (now, until) = (noon(minute), noon(minute + 15));
        match step {
            HoldStep::Wait(minutes) => minute += i64::from(*minutes),
            HoldStep::Hold { cart, requests, all } => {
                let request = |&(variant, version, quantity): &(u8, u8, u32)| HoldRequest {
                    quantity,
                    snapshot: ids.snapshot((variant, version)),
                };
                let requests: Vec<_> = requests.iter().map(request).collect();
                let policy = if *all { HoldPolicy::AllOrNothing } else { HoldPolicy::UpToAvailable };
                let expected = model.hold(ids.cart(*cart), &requests, policy, now, until);
                let got = store.hold(ids.cart(*cart), &requests, policy, now, until).await.unwrap();
                assert_eq!(got, expected, "{step:?}");
            }
            HoldStep::Extend(cart) => {
                model.extend(ids.cart(*cart), now, until);
                store.extend(ids.cart(*cart), now, until).await.unwrap();
            }
            HoldStep::Release(cart, figures) => {
                let figures: Vec<_> = figures.iter().map(|f| ids.snapshot(*f)).collect();
                model.release(ids.cart(*cart), &figures);
                store.release(ids.cart(*cart), &figures).await.unwrap();
            }
            HoldStep::Learn(figures) => {
                let figures: Vec<_> = figures.iter().map(|f| ids.snapshot(*f)).collect();
                model.learn(&figures);
                store.learn(&figures).await.unwrap();
            }
        }
        let now = noon(minute);
        assert_eq!(store.held(&everything, now).await.unwrap(), model.held(&everything, now), "{step:?}");
        for cart in 0..CARTS {
            let cart = ids.cart(cart);
            assert_eq!(store.held_by(cart, now).await.unwrap(), model.held_by(cart, now), "{step:?}");
        }
    }
}

#[derive(Clone, Debug)]
enum CartStep {
    Wait(u8),
    /// Takes a copy to work on.
    Load(u8),
    /// Saves the copy at hand, or a new cart.
    Save {
        cart: u8,
        anew: bool,
        minutes: u8,
    },
    Delete(u8),
}

fn cart_step() -> impl Strategy<Value = CartStep> {
    prop_oneof![
        1 => (1..20_u8).prop_map(CartStep::Wait),
        4 => (0..CARTS).prop_map(CartStep::Load),
        4 => (0..CARTS, any::<bool>(), 1..40_u8)
            .prop_map(|(cart, anew, minutes)| CartStep::Save { cart, anew, minutes }),
        2 => (0..CARTS).prop_map(CartStep::Delete),
    ]
}

async fn replay_carts(redis: Redis, steps: Vec<CartStep>) {
    let (store, ids) = (RedisCartStore::new(redis), Ids::new());
    let mut model = CartModel::default();
    let mut minute = 0;
    let fresh = |n: u8| Cart::new(ids.cart(n), Currency::USD, noon(0));
    let mut copies: Vec<Cart> = (0..CARTS).map(fresh).collect();
    for (number, step) in steps.iter().enumerate() {
        let now = noon(minute);
        match step {
            CartStep::Wait(minutes) => minute += i64::from(*minutes),
            CartStep::Load(n) => {
                let expected = model.load(ids.cart(*n), now);
                assert_eq!(store.load(ids.cart(*n), now).await.unwrap(), expected, "{step:?}");
                if let Some(cart) = expected {
                    copies[usize::from(*n)] = cart;
                }
            }
            CartStep::Save { cart, anew, minutes } => {
                let mut copy = if *anew { fresh(*cart) } else { copies[usize::from(*cart)].clone() };
                copy.note = Some(format!("step {number}"));
                let until = noon(minute + i64::from(*minutes));
                let expected = model.save(&copy, now, until);
                assert_eq!(store.save(&copy, now, until).await.unwrap(), expected, "{step:?}");
            }
            CartStep::Delete(n) => {
                let version = copies[usize::from(*n)].version;
                let expected = model.delete(ids.cart(*n), version);
                assert_eq!(store.delete(ids.cart(*n), version).await.unwrap(), expected, "{step:?}");
            }
        }
    }
}

/// Runs every case on one connection: each has ids of its own.
fn on_one_connection<S: Strategy, F: Future<Output = ()>>(
    kind: Kind,
    steps: S,
    replay: impl Fn(Redis, S::Value) -> F,
) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let redis = runtime.block_on(async { kind.redis() });
    proptest!(ProptestConfig::with_cases(CASES), |(steps in steps)| {
        runtime.block_on(replay(redis.clone(), steps));
    });
}

#[test]
fn holds_answer_as_the_model_does() {
    for kind in KINDS {
        on_one_connection(kind, vec(hold_step(), 1..40), replay_holds);
    }
}

#[test]
fn carts_answer_as_the_model_does() {
    for kind in KINDS {
        on_one_connection(kind, vec(cart_step(), 1..60), replay_carts);
    }
}
