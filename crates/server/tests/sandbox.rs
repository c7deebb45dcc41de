//! `stoa sandbox`, typed as a person types it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.arg("sandbox").args(words).arg("--data-dir").arg(folder);
    command
}

/// Ended whatever happens.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What it answers to somebody with this key who wants to be paid.
fn charge(address: &str, key: &str) -> String {
    let mut line = TcpStream::connect(address).unwrap();
    let body = "amount=1250&currency=usd";
    let length = body.len();
    let request = format!(
        "POST /v1/payment_intents HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    line.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_says_how_it_is_used_and_takes_payments_by_that_alone() {
    let folder = tempfile::tempdir().unwrap();
    let words =
        ["--listen", "127.0.0.1:0", "--webhook", "http://127.0.0.1:9/hook", "--webhook-secret", "whsec_told"];
    let started = command(folder.path(), &words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut running = Running(started.unwrap());
    let said = BufReader::new(running.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let settings: HashMap<String, String> = said
        .take_while(|line| !line.starts_with("Ctrl-C"))
        .filter_map(|line| {
            line.trim().split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
        })
        .collect();
    assert_eq!(settings["STOA_STRIPE__WEBHOOK_SECRETS"], "whsec_told");
    assert!(settings.contains_key("STOA_STRIPE__PUBLISHABLE_KEY"), "{settings:?}");
    let base = settings["STOA_STRIPE__API_BASE"].strip_prefix("http://").unwrap();
    let address = base.trim_end_matches('/');
    let made = charge(address, &settings["STOA_STRIPE__SECRET_KEY"]);
    assert!(made.starts_with("HTTP/1.1 200") && made.contains("requires_payment_method"), "{made}");
    let refused = charge(address, "sk_test_somebody");
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
}

#[test]
fn it_does_not_run_beside_a_live_key() {
    let folder = tempfile::tempdir().unwrap();
    let mut live = command(folder.path(), &["--listen", "127.0.0.1:0"]);
    live.env("STOA_STRIPE__SECRET_KEY", "sk_live_1").env("STOA_STRIPE__PUBLISHABLE_KEY", "pk_live_1");
    let output = live.env("STOA_STRIPE__WEBHOOK_SECRETS", "whsec_1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("live Stripe key"), "{said}");
    assert!(!said.contains("sk_live_1"), "the key itself is never shown: {said}");
}
