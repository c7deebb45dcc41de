//! Prices are numbers of a currency's minor units: no shop reads them as another's.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    path::Path,
    process::{Command, Output},
};

fn stoa(folder: &Path, currency: &str, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.env("STOA_SHOP__CURRENCY", currency).args(words).arg("--data-dir").arg(folder);
    command.output().unwrap()
}

#[test]
fn a_shop_in_another_currency_does_not_open_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("vases.csv"));
    std::fs::write(&file, "Handle,Title,Variant Price\nvase,Vase,333\n").unwrap();
    let file = file.to_str().unwrap();

    // Nothing is sold yet: the currency may still change.
    assert!(stoa(&data, "USD", &["import", "/dev/null"]).status.code() == Some(1));
    assert!(stoa(&data, "JPY", &["import", file]).status.success());

    for words in
        [&["import", file][..], &["serve", "--listen", "127.0.0.1:0"], &["demo", "--listen", "127.0.0.1:0"]]
    {
        let refused = stoa(&data, "USD", words);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{words:?}: {said}");
        assert!(said.contains("shop.currency is USD") && said.contains("in JPY"), "{words:?}: {said}");
    }
    assert!(stoa(&data, "JPY", &["import", file]).status.success());
}
