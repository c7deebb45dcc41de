//! `stoa migrate`, typed as a person types it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    path::Path,
    process::{Command, Output},
};

fn stoa(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.args(words).arg("--data-dir").arg(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_check_names_what_is_missing_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");

    let nothing = stoa(&data, &["migrate", "--check"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(said(&nothing).contains("There is no database"), "{nothing:?}");
    assert!(!data.exists(), "not even an empty file was made");

    assert!(stoa(&data, &["migrate"]).status.success());
    let done = stoa(&data, &["migrate", "--check"]);
    assert!(done.status.success(), "{done:?}");

    // An empty database is one that lacks every step.
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    std::fs::write(empty.join("stoa.db"), "").unwrap();
    let pending = stoa(&empty, &["migrate", "--check"]);
    assert_eq!(pending.status.code(), Some(1));
    assert!(said(&pending).contains("m20261120_000001_catalog"), "{pending:?}");
    let again = stoa(&empty, &["migrate", "--check"]);
    assert_eq!(said(&again), said(&pending), "nothing was applied");
}
