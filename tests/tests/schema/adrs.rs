//! docs/adr: what a decision is cited by leads to it.

use std::{collections::BTreeSet, fs, path::Path};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const LIST: &str = include_str!("../../../docs/adr/README.md");

#[test]
fn every_decision_is_listed_under_its_number_and_none_is_missing() {
    let folder = fs::read_dir(Path::new(ROOT).join("docs/adr")).unwrap();
    let names = folder.map(|file| file.unwrap().file_name().into_string().unwrap());
    let files: BTreeSet<String> = names.filter(|name| name != "README.md").collect();
    let listed: BTreeSet<String> = LIST
        .lines()
        .filter_map(|line| line.split_once("](")?.1.strip_suffix(')'))
        .filter(|name| name.starts_with("00"))
        .map(str::to_owned)
        .collect();
    assert_eq!(files, listed);
    for (number, name) in (1..).zip(&files) {
        assert!(
            name.starts_with(&format!("{number:04}-")),
            "decision {number} is cited and not there: {name}"
        );
    }
}
