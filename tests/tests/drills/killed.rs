//! The program is killed again and again, a hundred times where nothing else is said, at random moments under a load of purchases, and started again on the same data. Its
//! sandbox goes down with it: what was paid there must be paid still.

use crate::{
    harness::{Load, Setup, Shop, goods},
    program::Program,
    report,
    sizes::Size,
};
use chrono::TimeDelta;
use std::time::{Duration, Instant};
use stoa_persistence::outbox;

const BUYERS: usize = 16;
const KILLS: u64 = 100;

/// How often it is killed: `scripts/drill.sh --kills` says so here.
pub(crate) fn kills() -> u64 {
    std::env::var("DRILL_KILLS").map_or(KILLS, |number| number.parse().expect("a number of kills"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_is_killed_again_and_again_on_sqlite() {
    killed(Size::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_is_killed_again_and_again_on_postgres() {
    killed(Size::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_is_killed_again_and_again_on_redis() {
    killed(Size::Redis).await;
}

async fn killed(size: Size) {
    let kills = kills();
    let shop = size.shop(goods()).await;
    let ids = [shop.gid("mug").await, shop.gid("bowl").await];
    let Shop { app, folder, .. } = shop;
    app.stop().await.expect("everything finishes in time");

    let mut program = Program::on(folder.path(), size).await;
    program.start();
    program.is_ready().await;
    let load = Load::at(&[program.base()], &ids, BUYERS);
    for round in 0..kills {
        // One in five dies while it is starting.
        if round % 5 != 4 {
            program.is_ready().await;
            load.go_on(rand::random_range(0..4)).await;
        }
        tokio::time::sleep(Duration::from_millis(rand::random_range(0..400))).await;
        program.kill();
        program.start();
    }
    program.is_ready().await;
    load.go_on(BUYERS as u64).await;
    let tally = load.end().await;
    program.kill();

    // The same data, and a clock that can be moved: what the dead had claimed is let go in minutes, and in an hour nothing is
    // left to be done.
    let setup = Setup { items: Vec::new(), ..Setup::default() }.config(move |c| size.configure(c));
    let shop = Shop::in_folder(folder, setup).await;
    shop.all_is_well_after(&tally).await;
    shop.clock.advance(TimeDelta::minutes(61));
    shop.settle().await;
    // Reconciliation, sweeping, keys, retention, gift cards that end.
    shop.until("what comes again is all that is left", || async {
        outbox::pending(shop.db().read()).await.expect("SQL answers") == 5
    })
    .await;
    assert!(shop.mails().len() >= tally.orders.len(), "every buyer is told");
    shop.all_is_well_after(&tally).await;
    let Shop { app, folder, .. } = shop;
    app.stop().await.expect("everything finishes in time");

    // By the machine's own clock what carts held that died with their server may have some seconds to go yet.
    let begun = Instant::now();
    loop {
        let doctor = program.run(&["doctor", "--payments", "100000"]);
        if doctor.status.success() {
            break;
        }
        let said = String::from_utf8_lossy(&doctor.stdout);
        assert!(said.contains("holds.carts: ") && said.contains("1 found, "), "{doctor:?}");
        assert!(begun.elapsed() < Duration::from_secs(180), "{doctor:?}");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    report(
        &format!("the program killed, {}", size.name()),
        &format!(
            "{kills} times SIGKILL under {BUYERS} buyers; {} orders placed and paid, none lost or doubled; {} requests repeated; the \
             longest wait for an order {:.1} s",
            tally.orders.len(),
            tally.repeats,
            tally.longest.as_secs_f64(),
        ),
    );
    drop(folder);
}
