//! `stoa demo`: somebody to look around as.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

/// Ends the server whatever becomes of the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A demo shop, and how it greets.
fn demo(data: &Path) -> (Server, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.args(["demo", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data);
    let mut server = Server(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut lines = BufReader::new(server.0.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("Ctrl-C stops.") {
        assert!(lines.read_line(&mut said).unwrap() > 0, "it ended: {said}");
    }
    (server, said)
}

/// What stands behind a word of the greeting.
fn after<'a>(said: &'a str, word: &str) -> Option<&'a str> {
    said.lines().find_map(|line| line.trim().strip_prefix(word)).map(str::trim)
}

fn signs_in(said: &str, email: &str, password: &str) -> bool {
    let url = after(said, "GraphQL").unwrap();
    let host = url.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let body = format!(
        r#"{{"query":"mutation {{ staffSignIn(input: {{ email: \"{email}\", password: \"{password}\" }}) {{ tokens {{ accessToken }} }} }}"}}"#
    );
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer.contains(r#""accessToken":""#)
}

#[test]
fn a_demo_shop_prints_a_sign_in_once_and_it_works() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (first, said) = demo(&data);
    let (email, password) = (after(&said, "Address").unwrap(), after(&said, "Password").unwrap());
    assert!(email == "owner@demo.invalid" && password.len() >= 15, "{said}");
    assert!(said.contains("Safari keeps no cart here"), "over http: {said}");
    assert!(signs_in(&said, email, password), "{said}");
    assert!(!signs_in(&said, email, "another sentence of that length"), "{said}");
    drop(first);

    let (_second, again) = demo(&data);
    assert!(!again.contains("Password") && !again.contains(password), "{again}");
    assert!(again.contains("stoa staff reset owner@demo.invalid"), "{again}");
    assert!(signs_in(&again, email, password), "it is still theirs");

    let (_other, other) = demo(&folder.path().join("other"));
    assert_ne!(after(&other, "Password").unwrap(), password, "no two shops have the same");
}
