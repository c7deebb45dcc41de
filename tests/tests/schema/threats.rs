//! docs/threat-model.md names tests that there are: a defence whose test was renamed or removed is noticed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

const THREATS: &str = include_str!("../../../docs/threat-model.md");
const TEST_SCRIPT: &str = include_str!("../../../scripts/test.sh");
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// The part of the page whose rows have no tests.
const UNBUILT: &str = "## Not built yet";

/// Names of tests by the room they are in: a crate's folder, or a binary of tests/tests.
pub(super) type Tests = BTreeMap<String, BTreeSet<String>>;

/// The tests of one file. A rule of the contracts counts: another test sees to it that each is bound.
fn tests_of(text: &str, contracts: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut marked = false;
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            marked = true;
        } else if line.starts_with("#[ignore") {
            marked = false;
        } else if let Some((before, name)) = line.split_once("fn ")
            && before.split_whitespace().all(|word| ["pub", "async"].contains(&word))
        {
            let rule = contracts && line.starts_with("pub async fn ");
            if std::mem::take(&mut marked) || rule {
                found.insert(name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            }
        }
    }
    found
}

fn read(folder: &Path, contracts: bool, found: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("node_modules") {
            read(&path, contracts, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.append(&mut tests_of(&fs::read_to_string(&path)?, contracts));
        }
    }
    Ok(())
}

/// All tests of the house.
pub(super) fn tests() -> io::Result<Tests> {
    let mut rooms = Tests::new();
    for house in ["crates", "tests/tests"] {
        for room in fs::read_dir(Path::new(ROOT).join(house))? {
            let room = room?;
            let name = room.file_name().to_string_lossy().into_owned();
            if room.path().is_dir() {
                read(&room.path(), name == "contracts", rooms.entry(name).or_default())?;
            }
        }
    }
    Ok(rooms)
}

/// What is wrong with a page, in words.
fn complaints(page: &str, tests: &Tests, scripts: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut built = true;
    for line in page.lines() {
        if line.starts_with("## ") {
            built = line != UNBUILT;
        }
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let row = line.starts_with('|') && !line.starts_with("|---") && cells[0] != "at stake";
        if !row || (!built && cells.len() == 3) {
            continue;
        }
        let named: Vec<&str> = if cells.len() == 4 && built {
            cells[3].split('`').filter(|part| !part.trim_matches([',', ' ']).is_empty()).collect()
        } else {
            Vec::new()
        };
        if named.is_empty() {
            found.push(format!("a row has no test, or has one and is not built: {line}"));
        }
        for name in named {
            let there = match name.split_once("::") {
                Some((room, test)) => tests.get(room).is_some_and(|tests| tests.contains(test)),
                None => name.starts_with("scripts/") && scripts.contains(name),
            };
            if !there {
                found.push(format!("there is no test {name}"));
            }
        }
    }
    found
}

#[test]
fn every_threat_names_tests_that_exist() {
    let tests = tests().expect("the code is there and is text");
    assert!(tests["stories"].len() > 50 && tests["domain"].len() > 50, "the tests are found");
    assert!(THREATS.contains(UNBUILT), "docs/threat-model.md has the part {UNBUILT:?}");
    assert_eq!(complaints(THREATS, &tests, TEST_SCRIPT), Vec::<String>::new());
}

#[test]
fn a_row_without_a_test_is_noticed() {
    let code = "#[tokio::test(flavor = \"current_thread\")]\nasync fn there() {}\nfn helper() {}\n\
                #[test]\n#[ignore]\nfn asleep() {}\n    #[test]\n    fn inner() {}\n";
    let tests = Tests::from([("stories".to_owned(), tests_of(code, false))]);
    let of = |page: &str| complaints(page, &tests, "scripts/deny.sh\n").len();
    assert_eq!(of("| at stake | what | how | tests |\n|---|---|---|---|"), 0);
    assert_eq!(of("| a | b | c | `stories::there`, `stories::inner` |\n| | b | c | `scripts/deny.sh` |"), 0);
    let missing = "`stories::gone`, `web::there`, `stories::helper`, `stories::asleep`, `there`, `scripts/x`";
    assert_eq!(of(&format!("| a | b | c | {missing} |")), 6);
    assert_eq!(of("| a | b | c | |\n| a | b | c |\n| a | b | c | d |"), 3);
    assert_eq!(of("## Not built yet\n| a | b | c |"), 0);
    assert_eq!(of("## Not built yet\n| a | b | c | `stories::there` |"), 1);
}

#[test]
fn a_rule_of_the_contracts_is_a_test_of_every_store() {
    assert_eq!(tests_of("pub async fn rule(store: Store) {}\nfn other() {}", true).len(), 1);
    assert_eq!(tests_of("pub async fn rule(store: Store) {}", false).len(), 0);
}

const SECURITY: &str = include_str!("../../../SECURITY.md");

/// Who finds a hole reads there whether it is one: nothing that the threat model has defences for is said not to be there.
#[test]
fn what_is_said_to_reporters_is_what_is_built() {
    assert!(!SECURITY.contains("not built yet"), "what is not built stands in the threat model alone");
    for promised in ["signing in as somebody else", "an API key", "uploaded file"] {
        assert!(SECURITY.contains(promised), "{promised}");
    }
    assert!(!THREATS.contains("one day staff"));
}
