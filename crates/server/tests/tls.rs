//! A server that encrypts by itself, as an operator starts it and asks for it.

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

fn stoa(folder: &Path, listen: &str, key: &str, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.env("STOA_SERVER__LISTEN", listen).env("STOA_TLS__CERTIFICATE", folder.join("shop.crt"));
    command.env("STOA_TLS__KEY", folder.join(key)).args(words).arg("--data-dir").arg(folder.join("data"));
    command
}

fn openssl(words: &[&str], folder: &Path) {
    let made = Command::new("openssl").args(words).current_dir(folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[test]
fn it_is_asked_over_tls_by_browsers_and_by_its_own_health_check() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    openssl(
        &[
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=shop", "-keyout", "shop.key",
            "-out", "shop.crt",
        ],
        folder,
    );
    openssl(&["genpkey", "-algorithm", "ed25519", "-out", "other.key"], folder);

    let refused = stoa(folder, "127.0.0.1:0", "other.key", &["serve"]).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("tls.key") && said.contains("other.key"), "{said}");

    let mut server = stoa(folder, "127.0.0.1:0", "shop.key", &["serve"]);
    let mut server = Server(server.stderr(Stdio::piped()).spawn().unwrap());
    let mut log = BufReader::new(server.0.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("listening") {
        assert!(log.read_line(&mut said).unwrap() > 0, "it ended: {said}");
    }
    let address = said.split("address=").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    assert!(said.contains(&format!("url=https://{address}")), "{said}");

    for words in [&["health"][..], &["health", "--live"]] {
        let health = stoa(folder, address, "shop.key", words).output().unwrap();
        assert_eq!(health.status.code(), Some(0), "{health:?}");
    }
    let page = format!("https://{address}/healthz");
    let answer = Command::new("curl").args(["-sk", "--max-time", "60", "-D", "-", &page]).output().unwrap();
    let answer = String::from_utf8_lossy(&answer.stdout).to_lowercase();
    assert!(answer.contains(" 200") && answer.contains("strict-transport-security: max-age="), "{answer}");

    let mut plain = TcpStream::connect(address).unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n").unwrap();
    let mut heard = Vec::new();
    // It may as well be reset.
    let _ = plain.read_to_end(&mut heard);
    assert!(!heard.starts_with(b"HTTP"), "nothing is told in plain text");
}
