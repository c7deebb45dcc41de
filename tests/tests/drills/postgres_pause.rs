//! Postgres stops to answer for a while, with its connections open, under a load of purchases.

use crate::{
    harness::{Load, OwnPostgres, Setup, Shop, at, goods},
    report,
    sizes::Size,
};
use std::time::Duration;

const BUYERS: usize = 6;
const PAUSES: usize = 2;
const PAUSE: Duration = Duration::from_secs(12);

#[tokio::test(flavor = "multi_thread")]
async fn postgres_pauses_while_people_buy_on_postgres() {
    paused(Size::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_pauses_while_people_buy_on_redis() {
    paused(Size::Redis).await;
}

async fn paused(size: Size) {
    let server = OwnPostgres::start(&[], |_| {});
    let folder = tempfile::tempdir().expect("a folder");
    at(folder.path(), &server.url());
    let setup = Setup::selling(goods()).config(move |c| size.configure(c));
    let shop = Shop::in_folder(folder, setup).await;
    let load = Load::begin(&shop, BUYERS).await;
    for _ in 0..PAUSES {
        load.go_on(20).await;
        server.pause();
        let before = load.placed();
        tokio::time::sleep(PAUSE).await;
        assert!(
            load.placed() <= before + BUYERS as u64,
            "nothing can be bought from a database that is silent"
        );
        server.resume();
        // Nobody has to do anything.
        load.go_on(20).await;
    }
    let tally = load.end().await;
    shop.all_is_well_after(&tally).await;
    report(
        &format!("Postgres paused, {}", size.name()),
        &format!(
            "{PAUSES} pauses of {} s under {BUYERS} buyers; {} orders placed and paid, none lost or doubled; {} requests repeated; the \
             longest wait for an order {:.1} s",
            PAUSE.as_secs(),
            tally.orders.len(),
            tally.repeats,
            tally.longest.as_secs_f64(),
        ),
    );
    shop.app.stop().await.expect("everything finishes in time");
}
