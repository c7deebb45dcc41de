//! `stoa doctor` and `stoa reconcile`, typed as an operator types them: without a server, and beside one.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

fn stoa(folder: &Path, listen: &str, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.env("STOA_SERVER__LISTEN", listen).args(words).arg("--data-dir").arg(folder);
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Ends the server whatever becomes of the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_shop_is_examined_with_and_without_its_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // Free a moment ago; nobody else on this machine is asked for one so often.
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let run = |words: &[&str]| stoa(&data, &listen, words).output().unwrap();

    let nothing = run(&["doctor"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(said(&nothing).contains("there is no database"), "{nothing:?}");

    assert!(run(&["migrate"]).status.success());
    let empty = run(&["doctor"]);
    assert!(empty.status.success() && said(&empty).contains("nothing wrong"), "{empty:?}");
    let reconciled = run(&["reconcile"]);
    assert!(reconciled.status.success() && said(&reconciled).contains("0 open payments"), "{reconciled:?}");

    let mut server =
        Server(stoa(&data, &listen, &["demo"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("GraphQL")), "the server has greeted");
    let beside = run(&["doctor"]);
    assert!(beside.status.success() && said(&beside).contains("nothing wrong"), "{beside:?}");
    let reconciled = run(&["reconcile"]);
    assert!(reconciled.status.success(), "{reconciled:?}");
}
