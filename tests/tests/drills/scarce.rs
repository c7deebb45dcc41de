//! Little of something, held for whoever has it in a cart, until the last unit is sold, while the stores that hold it are emptied and
//! restarted and the program is killed: exactly as many are sold as there are.

use crate::{
    harness::{Item, OwnCluster, OwnPostgres, OwnRedis, Setup, Shop, at, hasty},
    hunters::Hunters,
    program::Program,
    report,
    sizes::Size,
    sold_out::sold_out,
};
use chrono::TimeDelta;
use std::time::Duration;
use stoa::config::Config;
use stoa_domain::inventory::HoldTiming;

const UNITS: usize = 300;
const BUYERS: usize = 12;
/// How long a cart holds its unit: what a lost cart holds can be sold soon.
const HOLD: TimeDelta = TimeDelta::seconds(10);
/// More faults than these teach nothing.
const RESTARTS: usize = 12;
const KILLS: u64 = 60;

/// A shop that has so many lamps and no more.
async fn selling_lamps(
    folder: tempfile::TempDir,
    configure: impl Fn(&mut Config) + Send + Clone + 'static,
) -> [Shop; 2] {
    let lamp = Item { ships: false, ..Item::new("lamp", "12.50", UNITS as i64) };
    let configure = move |c: &mut Config| {
        configure(c);
        c.settings.hold_timing = HoldTiming::Cart;
        c.settings.hold_for = HOLD;
    };
    let first = Shop::in_folder(folder, Setup::selling([lamp]).config(configure.clone())).await;
    let second = first.beside(configure).await;
    [first, second]
}

async fn come(shops: &[Shop; 2]) -> Hunters {
    let bases = shops.each_ref().map(|shop| shop.base.clone());
    Hunters::come(&bases, &shops[0].gid("lamp").await, BUYERS)
}

/// Everything is sold by now, and the books of both instances balance.
async fn end(shops: [Shop; 2], mut hunters: Hunters, drill: &str, faults: &str) {
    hunters.until_sold(UNITS).await;
    let haul = hunters.go_home().await;
    sold_out(&shops, "lamp", UNITS as i64, &haul.sold).await;
    tell(drill, "2 instances in one process", faults, &haul.otherwise);
    for shop in shops.into_iter().rev() {
        shop.app.stop().await.expect("everything finishes in time");
    }
}

fn tell(drill: &str, instances: &str, faults: &str, otherwise: &str) {
    report(
        drill,
        &format!(
            "{faults} while {BUYERS} buyers at {instances} took the last {UNITS} units, each held for whoever has it in a cart: exactly \
             {UNITS} sold and paid; {otherwise}"
        ),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_loses_everything_while_the_last_ones_are_sold() {
    let mut server = OwnRedis::start().await;
    let url = server.url();
    let folder = tempfile::tempdir().expect("a folder");
    let shops = selling_lamps(folder, move |c| c.redis = Some(hasty(&url, &c.data_dir))).await;
    let hunters = come(&shops).await;
    let (mut emptied, mut killed) = (0, 0);
    while hunters.sold() < UNITS {
        hunters.go_on(rand::random_range(1..8), Duration::from_secs(1)).await;
        if rand::random() {
            assert!(server.cli(&["FLUSHALL"]).starts_with("OK"));
            emptied += 1;
        } else {
            server.kill();
            tokio::time::sleep(Duration::from_millis(rand::random_range(0..400))).await;
            server.restart().await;
            killed += 1;
        }
    }
    let faults = format!("emptied {emptied} times, killed and restarted empty {killed} times,");
    end(shops, hunters, "the last units, Redis losing everything", &faults).await;
}

/// What a primary had not told its replica yet is forgotten, and with it who holds the last ones.
#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_fails_over_while_the_last_ones_are_sold() {
    let mut cluster = OwnCluster::start(3).await;
    let url = cluster.url();
    let folder = tempfile::tempdir().expect("a folder");
    let shops = selling_lamps(folder, move |c| c.redis = Some(hasty(&url, &c.data_dir))).await;
    let hunters = come(&shops).await;
    let mut failed_over = 0;
    while hunters.sold() < UNITS {
        hunters.go_on(rand::random_range(1..8), Duration::from_secs(1)).await;
        let primaries = cluster.primaries();
        let node = primaries[rand::random_range(0..primaries.len())];
        cluster.kill(node);
        cluster.has_taken_over().await;
        hunters.go_on(rand::random_range(1..8), Duration::from_secs(1)).await;
        cluster.restart(node).await;
        failed_over += 1;
    }
    let faults = format!("failed over {failed_over} times,");
    end(shops, hunters, "the last units, a Redis Cluster failing over", &faults).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_restarted_while_the_last_ones_are_sold_on_postgres() {
    Box::pin(restarted(Size::Postgres)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_restarted_while_the_last_ones_are_sold_on_redis() {
    Box::pin(restarted(Size::Redis)).await;
}

async fn restarted(size: Size) {
    // fsync as it is: a crash must lose nothing.
    let server = OwnPostgres::start(&[], |_| {});
    let folder = tempfile::tempdir().expect("a folder");
    at(folder.path(), &server.url());
    let shops = selling_lamps(folder, move |c| size.configure(c)).await;
    let hunters = come(&shops).await;
    let mut restarts = 0;
    for mode in ["fast", "immediate"].into_iter().cycle().take(RESTARTS) {
        hunters.go_on(rand::random_range(10..30), Duration::from_secs(2)).await;
        if hunters.sold() == UNITS {
            break;
        }
        tokio::task::block_in_place(|| server.restart(mode));
        restarts += 1;
    }
    let faults = format!("restarted {restarts} times, every other time by a crash,");
    end(shops, hunters, &format!("the last units, Postgres restarted, {}", size.name()), &faults).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_is_killed_while_the_last_ones_are_sold_on_sqlite() {
    killed(Size::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_is_killed_while_the_last_ones_are_sold_on_postgres() {
    killed(Size::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_is_killed_while_the_last_ones_are_sold_on_redis() {
    killed(Size::Redis).await;
}

async fn killed(size: Size) {
    let lamp = Item { ships: false, ..Item::new("lamp", "12.50", UNITS as i64) };
    let shop = size.shop([lamp]).await;
    let id = shop.gid("lamp").await;
    let Shop { app, folder, .. } = shop;
    app.stop().await.expect("everything finishes in time");

    let mut program = Program::on(folder.path(), size).await;
    program.start();
    program.is_ready().await;
    let mut hunters = Hunters::come(&[program.base()], &id, BUYERS);
    let (mut kills, most) = (0, KILLS.min(crate::killed::kills()));
    while hunters.sold() < UNITS && kills < most {
        hunters.go_on(rand::random_range(2..14), Duration::from_secs(2)).await;
        tokio::time::sleep(Duration::from_millis(rand::random_range(0..100))).await;
        program.kill();
        program.start();
        program.is_ready().await;
        kills += 1;
    }
    // What the dead held is let go in a minute.
    hunters.until_sold(UNITS).await;
    let haul = hunters.go_home().await;
    program.kill();

    let setup = Setup { items: Vec::new(), ..Setup::default() }.config(move |c| size.configure(c));
    let shops = [Shop::in_folder(folder, setup).await];
    sold_out(&shops, "lamp", UNITS as i64, &haul.sold).await;
    let drill = format!("the last units, the program killed, {}", size.name());
    tell(&drill, "1 instance", &format!("{kills} times SIGKILL"), &haul.otherwise);
    for shop in shops {
        shop.app.stop().await.expect("everything finishes in time");
    }
}
