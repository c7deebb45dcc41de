//! Postgres is restarted under a load of purchases: in order, and by a crash.

use crate::{
    harness::{Load, OwnPostgres, Setup, Shop, at, goods},
    report,
    sizes::Size,
};

const BUYERS: usize = 6;
/// Each way.
const RESTARTS: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_restarted_while_people_buy_on_postgres() {
    restarted(Size::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_restarted_while_people_buy_on_redis() {
    restarted(Size::Redis).await;
}

async fn restarted(size: Size) {
    // fsync as it is: a crash must lose nothing.
    let server = OwnPostgres::start(&[], |_| {});
    let folder = tempfile::tempdir().expect("a folder");
    at(folder.path(), &server.url());
    let setup = Setup::selling(goods()).config(move |c| size.configure(c));
    let shop = Shop::in_folder(folder, setup).await;
    let load = Load::begin(&shop, BUYERS).await;
    for mode in ["fast", "immediate"].repeat(RESTARTS) {
        load.go_on(20).await;
        tokio::task::block_in_place(|| server.restart(mode));
    }
    load.go_on(20).await;
    let tally = load.end().await;
    shop.all_is_well_after(&tally).await;
    report(
        &format!("Postgres restarted, {}", size.name()),
        &format!(
            "{} restarts, half of them crashes, under {BUYERS} buyers; {} orders placed and paid, none lost or doubled; {} requests \
             repeated; the longest wait for an order {:.1} s",
            2 * RESTARTS,
            tally.orders.len(),
            tally.repeats,
            tally.longest.as_secs_f64(),
        ),
    );
    shop.app.stop().await.expect("everything finishes in time");
}
