//! `stoa serve`, as a person or a system starts and stops it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

/// Starts the server on a port of its own, and gives what it logged up to and with the line that says where it listens.
fn serve(folder: &std::path::Path) -> (Child, BufReader<std::process::ChildStderr>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(folder).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("listening") {
        assert!(lines.read_line(&mut said).unwrap() > 0, "it ended: {said}");
    }
    (child, lines, said)
}

fn address(said: &str) -> &str {
    said.split("address=").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap()
}

/// It says that it listens a moment before it listens for signals. Systems without `/proc` have to be slow enough.
fn until_it_heeds_sigterm(child: &Child) {
    const SIGTERM: u64 = 1 << (15 - 1);
    while let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", child.id())) {
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        if u64::from_str_radix(caught.trim(), 16).unwrap() & SIGTERM != 0 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn it_warns_that_no_money_moves_and_stops_whoever_is_in_the_middle_of_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, mut lines, mut said) = serve(&folder.path().join("data"));
    let warnings: Vec<_> = said.lines().filter(|line| line.contains("WARN")).collect();
    assert!(matches!(warnings[..], [one] if one.contains("no money moves")), "{said}");

    let health = |address: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
        command.arg("health").env("STOA_SERVER__LISTEN", address).stderr(Stdio::null());
        command.status().unwrap().code()
    };
    assert_eq!(health(address(&said)), Some(0));
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(health(&closed.to_string()), Some(1), "nobody is there");

    let mut half = TcpStream::connect(address(&said)).unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nhost: sh").unwrap();
    until_it_heeds_sigterm(&child);
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    lines.read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    assert!(!said.contains('\u{1b}'), "no colours where nobody sees them: {said}");
}
