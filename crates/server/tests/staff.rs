//! `stoa staff`, typed as an operator types it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, process::Command};

/// What the program says, and what it exits with.
fn stoa(data: &Path, words: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    let output = command.args(words).arg("--data-dir").arg(data).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

fn link(said: &str) -> String {
    said.lines().map(str::trim).find(|line| line.contains("/staff/")).unwrap().to_owned()
}

#[test]
fn an_owner_is_made_by_a_link_that_is_printed_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert_eq!(stoa(data, &["migrate"]).0, Some(0));
    let (code, said) = stoa(data, &["staff", "list"]);
    assert!(code == Some(0) && said.contains("Nobody"), "{said}");
    let (code, said) = stoa(data, &["staff", "create-owner", "no address"]);
    assert!(code == Some(1) && said.contains("no e-mail address"), "{said}");
    let (code, first) = stoa(data, &["staff", "create-owner", "ada@example.org"]);
    assert_eq!(code, Some(0), "{first}");
    let (code, second) = stoa(data, &["staff", "create-owner", "ada@example.org"]);
    assert_eq!(code, Some(0), "{second}");
    let (first, second) = (link(&first), link(&second));
    assert!(first != second && first.contains("/staff/accept/"), "{first} {second}");
    let database = std::fs::read(data.join("stoa.db")).unwrap();
    let token = second.rsplit('/').next().unwrap().as_bytes();
    assert!(!database.windows(token.len()).any(|bytes| bytes == token), "nobody reads it from the database");

    let (code, said) = stoa(data, &["staff", "list"]);
    assert!(code == Some(0) && said.contains("ada@example.org  ada  invited  password only\n"), "{said}");
    let (code, said) = stoa(data, &["staff", "reset", "ada@example.org"]);
    assert!(code == Some(1) && said.contains("nobody with that address"), "who has not joined: {said}");
    let (code, said) = stoa(data, &["doctor"]);
    assert!(code == Some(0) && said.contains("audit log: 3 rows"), "{said}");

    let end = said.split("--audit-end ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    let (code, said) = stoa(data, &["doctor", "--audit-end", end]);
    assert_eq!(code, Some(0), "{said}");
    let wrong = end.replacen(':', ":0", 1);
    assert_eq!(stoa(data, &["doctor", "--audit-end", &wrong]).0, Some(2), "no hash");
    let later = end.replacen('3', "4", 1);
    let (code, said) = stoa(data, &["doctor", "--audit-end", &later]);
    assert!(code == Some(1) && said.contains("audit.end: ") && said.contains("row 4 "), "{said}");
}
