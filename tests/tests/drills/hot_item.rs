//! Five thousand buyers want one each of what there are five hundred of: all at the last word, where nothing is held before an order
//! is placed, and where each unit is held for whoever put it in a cart.

use crate::{
    crowd::Crowd,
    harness::{Item, Setup, Shop},
    report,
    sizes::Size,
    sold_out::sold_out,
};
use futures_util::{StreamExt, stream};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};
use stoa_domain::inventory::HoldTiming;

const BUYERS: usize = 5_000;
const UNITS: i64 = 500;
const AT_ONCE: usize = 64;

#[tokio::test(flavor = "multi_thread")]
async fn one_instance_sells_every_unit_once_on_sqlite() {
    sell(Size::Sqlite, 1, HoldTiming::Checkout).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_instances_sell_every_unit_once_on_postgres() {
    sell(Size::Postgres, 3, HoldTiming::Checkout).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_instances_sell_every_unit_once_on_redis() {
    sell(Size::Redis, 3, HoldTiming::Checkout).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_instance_holds_every_unit_once_on_sqlite() {
    sell(Size::Sqlite, 1, HoldTiming::Cart).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_instances_hold_every_unit_once_on_postgres() {
    sell(Size::Postgres, 3, HoldTiming::Cart).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_instances_hold_every_unit_once_on_redis() {
    sell(Size::Redis, 3, HoldTiming::Cart).await;
}

async fn sell(size: Size, instances: usize, timing: HoldTiming) {
    let shops = open(size, instances, timing).await;
    let crowd = Crowd::at(&shops, "lamp").await;
    let begun = Instant::now();
    let (mut sold, mut last) = (BTreeSet::new(), Duration::ZERO);
    let buy = async |buyer| match timing {
        HoldTiming::Checkout => crowd.buy(buyer).await,
        HoldTiming::Cart => crowd.hold_and_buy(buyer).await,
    };
    let mut buyers = stream::iter(0..BUYERS).map(buy).buffer_unordered(AT_ONCE);
    while let Some(order) = buyers.next().await {
        if let Some(id) = order {
            assert!(sold.insert(id), "nobody is told of another's order");
            last = begun.elapsed();
        }
    }
    drop(buyers);
    let whole = begun.elapsed();
    let how = match timing {
        HoldTiming::Checkout => "nothing held before the order",
        HoldTiming::Cart => {
            assert_eq!(i64::try_from(crowd.held()), Ok(UNITS), "as many are held, and each is sold");
            "500 held in carts"
        }
    };
    sold_out(&shops, "lamp", UNITS, &sold).await;
    report(
        &format!("the hot item, {how}, {}", size.name()),
        &format!(
            "{BUYERS} buyers, {AT_ONCE} of them at once, in one process with the {instances} instance(s); {UNITS} units; every request twice at \
             once: exactly {} sold and paid, {} told that there are none; {} requests repeated; {:.0} orders and payments per second while there were any, {:.0} \
             requests per second in all",
            sold.len(),
            BUYERS - sold.len(),
            crowd.repeats(),
            sold.len() as f64 / last.as_secs_f64(),
            crowd.requests() as f64 / whole.as_secs_f64(),
        ),
    );
    for shop in shops.into_iter().rev() {
        shop.app.stop().await.expect("everything finishes in time");
    }
}

async fn open(size: Size, instances: usize, timing: HoldTiming) -> Vec<Shop> {
    let lamp = Item { ships: false, ..Item::new("lamp", "12.50", UNITS) };
    let configure = move |c: &mut stoa::config::Config| {
        size.configure(c);
        c.settings.hold_timing = timing;
    };
    let mut shops = vec![Shop::with(Setup::selling([lamp]).config(configure)).await];
    while shops.len() < instances {
        let next = shops[0].beside(configure).await;
        shops.push(next);
    }
    shops
}
