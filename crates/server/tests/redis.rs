//! A server whose Redis is not there yet, comes, and goes: what `stoa serve` says of it, and `stoa doctor`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// Ends the process whatever becomes of the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A schema of its own on the tests' Postgres.
async fn schema() -> String {
    let server = std::env::var("STOA_TEST_DATABASE").unwrap();
    // The process is the only one of its number, and the port below is its own for now.
    let name = format!("server_redis_{}", std::process::id());
    let mut connection = PgConnection::connect(&server).await.unwrap();
    for statement in [format!("DROP SCHEMA IF EXISTS {name} CASCADE"), format!("CREATE SCHEMA {name}")] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    }
    let separator = if server.contains('?') { '&' } else { '?' };
    format!("{server}{separator}options[search_path]={name}")
}

fn stoa(words: &[&str], folder: &Path, database: &str, redis: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.env("STOA_DATABASE__URL", database).env("STOA_REDIS__URL", redis);
    command.env("STOA_SERVER__LISTEN", "127.0.0.1:0");
    command.args(words).arg("--data-dir").arg(folder);
    command
}

fn start_redis(port: u16) -> Process {
    let mut server = Command::new("redis-server");
    server.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--maxmemory", "100mb"]);
    server.args(["--maxmemory-policy", "allkeys-lru"]).stdout(Stdio::null()).stderr(Stdio::null());
    let server = Process(server.spawn().unwrap());
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(30), "redis-server does not come up");
        std::thread::sleep(Duration::from_millis(20));
    }
    server
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn a_server_starts_without_and_says_when_it_comes_on_redis() {
    let folder = tempfile::tempdir().unwrap();
    let database = schema().await;
    // Free a moment ago; nobody else on this machine is asked for one so often.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("redis://u:hunter2@127.0.0.1:{port}");
    let open = format!("redis://127.0.0.1:{port}");
    let doctor = |url: &str| stoa(&["doctor"], folder.path(), &database, url).output().unwrap();

    let mut server =
        Process(stoa(&["serve"], folder.path(), &database, &open).stderr(Stdio::piped()).spawn().unwrap());
    let mut log = BufReader::new(server.0.stderr.take().unwrap());
    let mut lines = String::new();
    while !(lines.contains("listening") && lines.contains("Redis does not answer")) {
        assert!(log.read_line(&mut lines).unwrap() > 0, "it ended: {lines}");
    }
    let address = lines.split("address=").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    let mut ready = TcpStream::connect(address).unwrap();
    ready.write_all(b"GET /readyz HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    ready.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    let gone = doctor(&url);
    assert_eq!(gone.status.code(), Some(1));
    assert!(said(&gone).contains("carts.reachable") && !said(&gone).contains("hunter2"), "{gone:?}");

    let redis = start_redis(port);
    while !lines.contains("Redis answers again") {
        assert!(log.read_line(&mut lines).unwrap() > 0, "it ended: {lines}");
    }
    let unfit = doctor(&open);
    assert_eq!(unfit.status.code(), Some(1));
    assert!(said(&unfit).contains("redis.eviction") && said(&unfit).contains("noeviction"), "{unfit:?}");
    let set = ["-p", &port.to_string(), "config", "set", "maxmemory-policy", "noeviction"];
    assert!(Command::new("redis-cli").args(set).output().unwrap().status.success());
    let fit = doctor(&open);
    assert!(fit.status.success() && said(&fit).contains("Redis: reached, version"), "{fit:?}");
    drop(redis);
    assert!(said(&doctor(&open)).contains("carts.reachable"));
}
