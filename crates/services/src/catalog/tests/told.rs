//! The stock that is shown where the store of holds does not list them, as Redis does not.

use super::*;
use std::sync::atomic::AtomicBool;
use stoa_domain::live::{Event, EventBus};
use stoa_live::Hub;

/// A store of holds that must be asked for each variant.
struct Discreet {
    store: Arc<SqlReservationStore>,
    /// It does not answer.
    silent: AtomicBool,
}

#[async_trait::async_trait]
impl ReservationStore for Discreet {
    async fn hold(
        &self,
        cart: CartId,
        requests: &[HoldRequest],
        policy: HoldPolicy,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Reservation, Fault> {
        self.store.hold(cart, requests, policy, now, expires_at).await
    }
    async fn extend(&self, cart: CartId, now: Timestamp, expires_at: Timestamp) -> Result<(), Fault> {
        self.store.extend(cart, now, expires_at).await
    }
    async fn release(&self, cart: CartId, handed_over: &[StockSnapshot]) -> Result<(), Fault> {
        self.store.release(cart, handed_over).await
    }
    async fn learn(&self, snapshots: &[StockSnapshot]) -> Result<(), Fault> {
        self.store.learn(snapshots).await
    }
    async fn held_by(
        &self,
        cart: CartId,
        now: Timestamp,
    ) -> Result<HashMap<VariantId, (u32, Timestamp)>, Fault> {
        self.store.held_by(cart, now).await
    }
    async fn held_until(
        &self,
        variants: &[VariantId],
        now: Timestamp,
    ) -> Result<HashMap<VariantId, (i64, Timestamp)>, Fault> {
        if self.silent.load(Ordering::SeqCst) {
            return Err(Fault::unavailable("holds.held", "nobody is there"));
        }
        self.store.held_until(variants, now).await
    }
}

/// A shop that sells so many mugs, and the catalogue of another process that shares its data.
struct Apart {
    shop: TestShop,
    holds: Arc<Discreet>,
    bus: Option<Arc<Hub>>,
    catalog: Catalog,
    mugs: Vec<Arc<Product>>,
}

impl Apart {
    async fn selling(mugs: usize, bus: Option<Arc<Hub>>) -> Self {
        let shop = TestShop::open().await;
        let ids = shop.add(&(0..mugs).map(|n| product(&format!("Mug {n}"))).collect::<Vec<_>>()).await;
        let holds = Arc::new(Discreet { store: Arc::clone(&shop.holds), silent: AtomicBool::new(false) });
        let port: Arc<dyn ReservationStore> = Arc::<Discreet>::clone(&holds);
        let mut catalog = Catalog::new(shop.db.clone(), port, Arc::<MovedClock>::clone(&shop.clock));
        if let Some(bus) = &bus {
            catalog = catalog.with_bus(Arc::<Hub>::clone(bus));
        }
        let mut mugs = Vec::new();
        for id in &ids {
            mugs.push(catalog.product(*id).await.unwrap().unwrap());
        }
        Self { shop, holds, bus, catalog, mugs }
    }

    async fn shown(&self) -> Vec<i64> {
        let stock = self.catalog.stock_of(self.mugs.iter().map(|p| &**p)).await.unwrap();
        stock.iter().map(|s| s.get(0).unwrap().quantity.unwrap()).collect()
    }

    /// What is shown, and what that costs, once it is time to ask again what has changed.
    async fn later(&self) -> (Vec<i64>, u64) {
        tokio::time::sleep(Duration::from_millis(600)).await;
        self.shop.cost(self.shown()).await
    }

    async fn hold(&self, at: usize, quantity: u32) {
        self.shop.hold(&self.mugs[at], quantity).await;
    }

    fn tell(&self, at: usize) {
        let variants = vec![self.mugs[at].variants[0].id];
        self.bus.as_ref().unwrap().publish(Event::StockChanged { variants });
    }

    /// Waits until this is shown.
    async fn comes_to(&self, expected: &[i64]) {
        let comes = async {
            while self.shown().await != expected {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let limit = Duration::from_secs(40);
        assert!(
            tokio::time::timeout(limit, comes).await.is_ok(),
            "{:?}, not {expected:?}",
            self.shown().await
        );
    }
}

#[tokio::test]
async fn without_a_bus_such_a_store_is_asked_again_each_second() {
    let apart = Apart::selling(1, None).await;
    apart.hold(0, 4).await;
    assert_eq!(apart.shown().await, [6]);
    assert_eq!(apart.shop.cost(apart.shown()).await, (vec![6], 0));
    apart.hold(0, 1).await;
    apart.comes_to(&[5]).await;
}

#[tokio::test]
async fn only_what_was_told_is_read_again() {
    let apart = Apart::selling(20, Some(Arc::new(Hub::new()))).await;
    let mut expected = vec![10; 20];
    assert_eq!(apart.shown().await, expected);
    for _ in 0..3 {
        assert_eq!(apart.later().await, (expected.clone(), 1), "nobody has told of anything");
    }
    apart.hold(3, 4).await;
    apart.tell(3);
    expected[3] = 6;
    // What has changed in the ledger, and who holds the one: what there is of it nobody has to read again.
    assert_eq!(apart.later().await, (expected.clone(), 2));

    apart.hold(5, 1).await;
    assert_eq!(apart.later().await.0, expected, "it was not told");
    apart.bus.as_ref().unwrap().re_read_all();
    expected[5] = 9;
    assert_eq!(apart.later().await.0, expected, "a line was cut, and everything may have changed");

    let tx = apart.shop.write().await;
    let cause = StockCause { reference: None, at: apart.shop.clock.now() };
    let place = (apart.mugs[9].variants[0].id, apart.shop.location);
    inventory::set_on_hand(&tx, place, 7, None, &cause).await.unwrap();
    tx.commit().await.unwrap();
    expected[9] = 7;
    // The ledger tells, too; then the stock of the one, and who holds it.
    assert_eq!(apart.later().await, (expected, 3));
}

#[tokio::test]
async fn who_asks_first_reads_for_all_whose_stock_has_changed() {
    let apart = Apart::selling(20, Some(Arc::new(Hub::new()))).await;
    apart.shown().await;
    assert_eq!(apart.later().await.1, 1);
    for at in [3, 4] {
        apart.hold(at, 4).await;
        apart.tell(at);
    }
    let set = async |at: usize, on_hand| {
        let tx = apart.shop.write().await;
        let cause = StockCause { reference: None, at: apart.shop.clock.now() };
        let place = (apart.mugs[at].variants[0].id, apart.shop.location);
        inventory::set_on_hand(&tx, place, on_hand, None, &cause).await.unwrap();
        tx.commit().await.unwrap();
    };
    set(5, 8).await;
    // Told of by both at once.
    apart.hold(5, 1).await;
    apart.tell(5);
    tokio::time::sleep(Duration::from_millis(600)).await;
    let left = async |at: usize| {
        let stock = apart.shop.cost(apart.catalog.stock(&apart.mugs[at])).await;
        (stock.0.unwrap().get(0).unwrap().quantity.unwrap(), stock.1)
    };
    // What has changed in the ledger, the stock of the one, and who holds the three.
    assert_eq!(left(0).await, (10, 3));
    let mut all = Vec::new();
    for at in 3..6 {
        all.push(left(at).await);
    }
    assert_eq!(all, [(6, 0), (6, 0), (7, 0)]);
}

#[tokio::test]
async fn a_hold_that_ends_by_itself_is_noticed_though_nobody_tells() {
    let apart = Apart::selling(2, Some(Arc::new(Hub::new()))).await;
    assert_eq!(apart.shown().await, [10, 10]);
    apart.hold(1, 4).await;
    // Ten seconds before its end.
    apart.shop.clock.0.store(50, Ordering::Relaxed);
    apart.tell(1);
    apart.comes_to(&[10, 6]).await;
    apart.comes_to(&[10, 10]).await;
}

#[tokio::test]
async fn what_was_shown_without_holds_is_read_again_though_nobody_tells() {
    let apart = Apart::selling(2, Some(Arc::new(Hub::new()))).await;
    assert_eq!(apart.shown().await, [10, 10]);
    assert_eq!(apart.later().await.0, [10, 10]);
    apart.hold(0, 4).await;
    apart.holds.silent.store(true, Ordering::SeqCst);
    apart.tell(0);
    assert_eq!(apart.later().await.0, [10, 10], "what SQL has");
    apart.holds.silent.store(false, Ordering::SeqCst);
    apart.comes_to(&[6, 10]).await;
}
