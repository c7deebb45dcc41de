//! A Postgres whose host is gone without a word; run with `STOA_TEST_DATABASE` only.

use super::*;
use crate::testing::new_postgres_schema;
use conn::Raw;
use sea_orm::ConnectionTrait;
use sqlx::postgres::PgConnectOptions;
use std::{future::pending, str::FromStr, time::Duration};
use stoa_domain::shared::{Fault, FaultKind};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

/// For what must come some time, however busy the machine is.
const SOME_TIME: Duration = Duration::from_secs(120);

/// A wire on which all connections die without being closed.
struct Wire {
    port: u16,
    silent: watch::Sender<bool>,
}

impl Wire {
    async fn to(host: String, port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Self { port: listener.local_addr().unwrap().port(), silent: watch::Sender::new(false) };
        let silent = wire.silent.subscribe();
        tokio::spawn(async move {
            while let Ok((mut program, _)) = listener.accept().await {
                let (host, mut silent) = (host.clone(), silent.clone());
                tokio::spawn(async move {
                    let mut database = TcpStream::connect((host, port)).await.unwrap();
                    let gone = async {
                        let _ = silent.wait_for(|silent| *silent).await;
                    };
                    tokio::select! {
                        biased;
                        () = gone => {}
                        _ = copy_bidirectional(&mut program, &mut database) => return,
                    }
                    pending::<()>().await;
                });
            }
        });
        wire
    }

    /// What is connected now, and what connects before it speaks again, is never answered again, and never closed.
    fn fall_silent(&self) {
        self.silent.send_replace(true);
    }

    /// What connects from now on is answered.
    fn speak(&self) {
        self.silent.send_replace(false);
    }
}

/// A schema of its own behind a wire, of two writers and two readers.
async fn behind_a_wire() -> (DbConfig, Wire) {
    let mut config = new_postgres_schema().await;
    let DbTarget::Postgres(url) = &mut config.target else { panic!("a Postgres") };
    let server = PgConnectOptions::from_str(url).unwrap();
    let wire = Wire::to(server.get_host().to_owned(), server.get_port()).await;
    // The later one counts.
    url.push_str(&format!("&host=127.0.0.1&port={}", wire.port));
    config.writers = 2;
    config.acquire_timeout = Duration::from_secs(2);
    config.postgres.statement_timeout = Duration::from_secs(1);
    (config, wire)
}

fn is_unavailable<T>(outcome: Result<T, Fault>) {
    let fault = outcome.err().expect("nobody answers");
    assert_eq!(fault.kind(), FaultKind::Unavailable, "{fault:?}");
    assert!(!is_transient(&fault), "it would take as long again");
}

/// All connections are in use when the host vanishes: none answers again, and each must be given up before it is missed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_waits_for_ever_on_a_host_that_is_gone_on_postgres() {
    let (config, wire) = behind_a_wire().await;
    let db = Db::connect(&config).await.unwrap();
    db.migrate().await.unwrap();
    let asked = async |tx: &WriteTx| tx.raw().execute_unprepared("SELECT 1").await.map_err(fault("asking"));

    let (first, second) = tokio::try_join!(db.write(Durability::Full), db.write(Durability::Full)).unwrap();
    asked(&first).await.unwrap();
    asked(&second).await.unwrap();
    crate::catalog::version(db.read()).await.unwrap();
    // One that is just being taken back is in its pool's hands (see `watched`).
    let taken_back = async {
        while db.pools().iter().any(|pool| pool.name == "reader" && pool.busy > 0) {
            tokio::task::yield_now().await;
        }
    };
    timeout(SOME_TIME, taken_back).await.expect("nobody reads");
    wire.fall_silent();
    let given_up = async {
        tokio::join!(
            async {
                is_unavailable(asked(&first).await);
                drop(first);
            },
            async { is_unavailable(second.commit().await) },
            async { is_unavailable(db.write(Durability::Full).await) },
            async { is_unavailable(crate::catalog::version(db.read()).await) },
            async { is_unavailable(db.ping().await) },
            async { is_unavailable(db.pending_migrations().await) },
        )
    };
    timeout(SOME_TIME, Box::pin(given_up)).await.expect("every wait has an end");

    wire.speak();
    let all_back = async {
        loop {
            let both = tokio::try_join!(db.write(Durability::Full), db.write(Durability::Full));
            let read = crate::catalog::version(db.read()).await;
            if let (Ok((one, other)), Ok(_)) = (both, read) {
                one.commit().await.unwrap();
                return other.commit().await.unwrap();
            }
        }
    };
    timeout(SOME_TIME, all_back).await.expect("no connection is missed for ever");
    timeout(SOME_TIME, db.close()).await.expect("it can be closed").unwrap();
}

/// The one who waited has gone away, and nobody is there to give the statement up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_left_on_a_host_that_is_gone_is_not_waited_for_on_postgres() {
    let (config, wire) = behind_a_wire().await;
    let db = Db::connect(&config).await.unwrap();
    let (first, second) = tokio::try_join!(db.write(Durability::Full), db.write(Durability::Full)).unwrap();
    wire.fall_silent();
    let asked = timeout(Duration::from_millis(10), first.raw().execute_unprepared("SELECT 1")).await;
    assert!(asked.is_err(), "nobody answers");
    drop((first, second));
    wire.speak();
    let both_back =
        async { while tokio::try_join!(db.write(Durability::Full), db.write(Durability::Full)).is_err() {} };
    timeout(SOME_TIME, both_back).await.expect("no connection is missed for ever");
}

/// Who listens notices it, and is heard again over new connections.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_events_find_another_way_on_postgres() {
    use stoa_live::Carrier;
    let (config, wire) = behind_a_wire().await;
    let DbTarget::Postgres(url) = &config.target else { panic!("a Postgres") };
    let carrier = crate::live::PgCarrier::new(url).unwrap();
    let line = carrier.listen().await.unwrap();
    carrier.send("before").await.unwrap();
    wire.fall_silent();
    assert!(timeout(Duration::from_millis(10), carrier.send("lost")).await.is_err(), "nobody answers");
    // As the relay does, when it has heard nothing for too long.
    drop(line);
    wire.speak();
    let again = async {
        let mut line = loop {
            if let Ok(line) = carrier.listen().await {
                break line;
            }
        };
        while carrier.send("after").await.is_err() {}
        line.next().await.unwrap()
    };
    assert_eq!(timeout(SOME_TIME, again).await.expect("another connection is made"), "after");
}
