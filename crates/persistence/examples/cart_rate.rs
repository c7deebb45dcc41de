//! How fast carts and holds are on an SQLite file: `cargo run --profile quick -p stoa-persistence --example cart_rate`.
//!
//! What adding a line does to the stores, without GraphQL and prices: load the cart, hold stock for all its lines, save
//! it. Figures of one run, wall clock and processor time (all threads; on Linux), so that a busy machine shows; nothing
//! is asserted.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench, run by hand")]

use chrono::{DateTime, TimeDelta};
use std::{sync::Arc, time::Instant};
use stoa_domain::{
    cart::{Cart, CartLine, CartStore, Saved},
    inventory::{HoldPolicy, HoldRequest, ReservationStore, StockSnapshot},
    shared::{CartId, CartLineId, Currency, Timestamp, VariantId},
};
use stoa_persistence::{Db, DbConfig, Durability, SqlCartStore, SqlReservationStore};
use uuid::Uuid;

const CARTS: u128 = 2_000;
const VARIANTS: u128 = 3_000;

struct Shop {
    db: Db,
    carts: SqlCartStore,
    holds: SqlReservationStore,
}

/// Spreads numbers over the whole range, as random ids are.
fn id(kind: u128, n: u128) -> Uuid {
    Uuid::from_u128((kind << 64 | n).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}

fn at(seconds: i64) -> Timestamp {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_800_000_000 + seconds)
}

impl Shop {
    /// Adds a line to cart `n`: what the second round finds is a cart with one line, and so on.
    async fn add_line(&self, n: u128, round: u128, now: Timestamp) {
        let cart_id = CartId::new(id(1, n));
        let loaded = self.carts.load(cart_id, now).await.unwrap();
        let mut cart = loaded.unwrap_or_else(|| Cart::new(cart_id, Currency::USD, now));
        cart.lines.push(CartLine {
            id: CartLineId::new(id(2, n << 16 | round)),
            variant: VariantId::new(id(3, (n * 7 + round * 13) % VARIANTS)),
            quantity: 1,
            attributes: Vec::new(),
            gift: None,
        });
        let until = now + TimeDelta::minutes(15);
        let requests: Vec<HoldRequest> = cart.demand().into_iter().map(request).collect();
        let policy = HoldPolicy::UpToAvailable;
        assert!(self.holds.hold(cart_id, &requests, policy, now, until).await.unwrap().held);
        cart.held_until = Some(until);
        let saved = self.carts.save(&cart, now, now + TimeDelta::days(30)).await.unwrap();
        assert!(matches!(saved, Saved::Yes(_)));
    }
}

fn request((variant, quantity): (VariantId, u64)) -> HoldRequest {
    let snapshot = StockSnapshot { variant, sellable: Some(1_000_000), version: 1 };
    HoldRequest { quantity: u32::try_from(quantity).unwrap(), snapshot }
}

/// When a phase began.
struct Phase {
    wall: Instant,
    cpu: u128,
}

impl Phase {
    fn begin() -> Self {
        Self { wall: Instant::now(), cpu: cpu_nanos() }
    }

    fn report(self, what: &str, count: u128) {
        let micros = self.wall.elapsed().as_micros() as f64 / count as f64;
        let cpu = (cpu_nanos() - self.cpu) as f64 / 1_000.0 / count as f64;
        println!("{what:<46} {micros:>7.1} µs {:>7.0} /s {cpu:>7.1} µs of processor", 1e6 / micros);
    }
}

/// Time all threads have spent on a processor; 0 where the system does not say.
fn cpu_nanos() -> u128 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0 };
    tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
        .filter_map(|stat| stat.split(' ').next()?.parse::<u128>().ok())
        .sum()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::connect(&DbConfig::sqlite(folder.path().join("shop.db"))).await.unwrap();
    db.migrate().await.unwrap();
    let shop = Arc::new(Shop {
        carts: SqlCartStore::new(db.clone()),
        holds: SqlReservationStore::new(db.clone()),
        db,
    });

    let phase = Phase::begin();
    for _ in 0..CARTS {
        shop.db.write(Durability::Relaxed).await.unwrap().commit().await.unwrap();
    }
    phase.report("an empty transaction", CARTS);

    let empty = Cart::new(CartId::new(id(6, 0)), Currency::USD, at(0));
    shop.carts.save(&empty, at(0), at(60)).await.unwrap();
    let phase = Phase::begin();
    for _ in 0..CARTS {
        shop.carts.load(empty.id, at(1)).await.unwrap();
    }
    phase.report("load an empty cart", CARTS);
    let phase = Phase::begin();
    for version in 1..=CARTS {
        let cart = Cart { version: u64::try_from(version).unwrap(), ..empty.clone() };
        shop.carts.save(&cart, at(1), at(60)).await.unwrap();
    }
    phase.report("save an empty cart", CARTS);

    for round in 0..5 {
        let phase = Phase::begin();
        for n in 0..CARTS {
            shop.add_line(n, round, at(round as i64)).await;
        }
        phase.report(&format!("load, hold {} lines, save; one after the other", round + 1), CARTS);
    }
    let phase = Phase::begin();
    let tasks = (0..16).map(|task| {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move {
            for n in (task..CARTS).step_by(16) {
                shop.add_line(CARTS + n, 0, at(9)).await;
            }
        })
    });
    futures_util::future::join_all(tasks).await.into_iter().for_each(Result::unwrap);
    phase.report("load, hold 1 line, save; sixteen at once", CARTS);

    let hot = VariantId::new(id(4, 0));
    let hold_hot = async |n: u128| {
        let (now, until) = (at(10), at(910));
        let request = [request((hot, 1))];
        shop.holds.hold(CartId::new(id(5, n)), &request, HoldPolicy::UpToAvailable, now, until).await.unwrap()
    };
    for held in [0, 1_000, 10_000] {
        for n in held / 10..held {
            hold_hot(n).await;
        }
        let phase = Phase::begin();
        for n in 0..500 {
            hold_hot(1_000_000 + held + n).await;
        }
        phase.report(&format!("hold one thing that {held} others hold"), 500);
    }
}
