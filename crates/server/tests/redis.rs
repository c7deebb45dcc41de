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
use tokio::net::TcpSocket;

/// Ends the process whatever becomes of the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A schema of its own on the tests' Postgres.
async fn schema(of: &str) -> String {
    let server = std::env::var("STOA_TEST_DATABASE").unwrap();
    // The process is the only one of its number, and the ports below are its own for now.
    let run = std::env::var("STOA_TEST_RUN").unwrap_or_default();
    let name = format!("{run}server_redis_{of}_{}", std::process::id());
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
    // The only instance there is.
    command.env("STOA_MEDIA__SHARED", "true");
    command.args(words).arg("--data-dir").arg(folder);
    command
}

/// A port that nobody else gets as long as this lives, at which nobody answers: it is taken, and not listened at. Below those that
/// systems give to outgoing connections, so that it is still free the moment it is let go.
fn vacant() -> TcpSocket {
    let mut port = 12_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    loop {
        let socket = TcpSocket::new_v4().unwrap();
        if socket.bind(([127, 0, 0, 1], port).into()).is_ok() {
            return socket;
        }
        port = if port < 22_000 { port + 1 } else { 12_000 };
    }
}

/// Somebody else who answers at the port is let alone: ours is known by the number of its process.
fn start_redis(port: u16, words: &[&str]) -> Process {
    let mut server = Command::new("redis-server");
    server.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
    // A replica writes down what its primary sends, whatever `--save` says.
    server.arg("--dir").arg(std::env::temp_dir());
    server.args(words).stdout(Stdio::null()).stderr(Stdio::null());
    let mut server = Process(server.spawn().unwrap());
    let own = format!("process_id:{}", server.0.id());
    let begun = Instant::now();
    while !cli(port, &["INFO", "server"]).lines().any(|line| line == own) {
        assert!(server.0.try_wait().unwrap().is_none(), "somebody has taken port {port} meanwhile");
        assert!(begun.elapsed() < Duration::from_secs(30), "redis-server does not come up");
        std::thread::sleep(Duration::from_millis(20));
    }
    server
}

/// The way to a Redis that says it is of version 4; gives its port.
fn as_an_old_one(port: u16) -> u16 {
    const VERSION: &[u8] = b"redis_version:";
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (client, server) = (client.unwrap(), TcpStream::connect(("127.0.0.1", port)).unwrap());
            let (mut asks, mut answers) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            let (mut to_server, mut to_client) = (server, client);
            std::thread::spawn(move || std::io::copy(&mut asks, &mut to_server));
            std::thread::spawn(move || {
                let mut chunk = vec![0; 65_536];
                while let Ok(read @ 1..) = answers.read(&mut chunk) {
                    let told = &mut chunk[..read];
                    if let Some(at) = told.windows(VERSION.len()).position(|words| words == VERSION) {
                        told[at + VERSION.len()..][..2].copy_from_slice(b"4.");
                    }
                    if to_client.write_all(told).is_err() {
                        break;
                    }
                }
            });
        }
    });
    own
}

fn cli(port: u16, words: &[&str]) -> String {
    let output = Command::new("redis-cli").args(["-p", &port.to_string()]).args(words).output().unwrap();
    said(&output)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn a_server_starts_without_and_says_when_it_comes_on_redis() {
    let folder = tempfile::tempdir().unwrap();
    let database = schema("comes").await;
    let vacant = vacant();
    let port = vacant.local_addr().unwrap().port();
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

    drop(vacant);
    let redis = start_redis(port, &["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]);
    while !lines.contains("Redis answers again") {
        assert!(log.read_line(&mut lines).unwrap() > 0, "it ended: {lines}");
    }
    let unfit = doctor(&open);
    assert_eq!(unfit.status.code(), Some(1));
    assert!(said(&unfit).contains("redis.eviction") && said(&unfit).contains("noeviction"), "{unfit:?}");
    assert_eq!(cli(port, &["CONFIG", "SET", "maxmemory-policy", "noeviction"]).trim(), "OK");
    let fit = doctor(&open);
    assert!(fit.status.success() && said(&fit).contains("Redis: reached, version"), "{fit:?}");
    drop(redis);
    assert!(said(&doctor(&open)).contains("carts.reachable"));
}

/// One that takes no writes, and one too old for the scripts: the doctor names what is wrong and what to do, and exits with 1.
#[tokio::test]
async fn a_redis_that_is_not_fit_to_keep_carts_is_found_on_redis() {
    let folder = tempfile::tempdir().unwrap();
    let database = schema("unfit").await;
    let (at_first, at_second) = (vacant(), vacant());
    let [first, second] = [&at_first, &at_second].map(|socket| socket.local_addr().unwrap().port());
    // Each port is let go of only when it is wanted.
    drop(at_first);
    let _primary = start_redis(first, &[]);
    drop(at_second);
    let _replica = start_redis(second, &["--replicaof", "127.0.0.1", &first.to_string()]);
    let run = |words: &[&str], port: u16| {
        stoa(words, folder.path(), &database, &format!("redis://127.0.0.1:{port}")).output().unwrap()
    };
    assert!(run(&["migrate"], first).status.success());
    assert!(run(&["doctor"], first).status.success(), "the primary is fit");
    let old = as_an_old_one(first);
    for (port, check, remedy) in [
        (second, "redis.role: Redis is a replica", "Let redis.url name the primary"),
        (old, "redis.version: Redis is of version \"4.", "Install Redis 5 or later"),
    ] {
        let unfit = run(&["doctor"], port);
        assert_eq!(unfit.status.code(), Some(1), "{unfit:?}");
        assert!(said(&unfit).contains(check) && said(&unfit).contains(remedy), "{unfit:?}");
        assert!(said(&unfit).ends_with("1 found, 1 left to mend\n"), "{unfit:?}");
    }
}
