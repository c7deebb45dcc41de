//! ADR 15 lists what the subprotocol of our WebSockets asks for, each with its test: that test is there, and speaks of the same codes.

use std::collections::BTreeSet;

const LIST: &str = include_str!("../../../docs/adr/0015-live-events.md");
const TESTS: [&str; 3] = [
    include_str!("../../../crates/graphql-http/tests/it/websocket_opening.rs"),
    include_str!("../../../crates/graphql-http/tests/it/websocket_operations.rs"),
    include_str!("../../../crates/graphql-http/tests/it/websocket_bounds.rs"),
];
const CLOSE: &str = include_str!("../../../crates/graphql-http/src/ws/close.rs");

/// Behaviours and the names of their tests.
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
fn rows() -> Vec<(&'static str, &'static str)> {
    let section = LIST.split("## The sockets").nth(1).expect("the section");
    let table = section.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix("` |"));
    table.map(|row| row.split_once(" | `").expect("two columns")).collect()
}

/// What a test does, if there is one of this name that runs.
fn test(name: &str) -> Option<&'static str> {
    let head = format!("\n#[tokio::test]\nasync fn {name}() {{\n");
    let rest = TESTS.iter().find_map(|file| Some(file.split_once(&head)?.1))?;
    rest.split_once("\n}\n").map(|(body, _)| body)
}

/// The subprotocol's own codes in a text.
fn codes(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_digit());
    words.filter(|word| word.len() == 4 && (word.starts_with("44") || word.starts_with("45"))).collect()
}

#[test]
fn every_behaviour_of_the_subprotocol_has_its_test() {
    let rows = rows();
    assert_eq!(rows.len(), 21);
    assert_eq!(rows.iter().map(|(_, name)| name).collect::<BTreeSet<_>>().len(), 21, "one test each");
    for (behaviour, name) in &rows {
        let body = test(name).unwrap_or_else(|| panic!("{behaviour}: there is no test {name}"));
        let shown = codes(body);
        assert!(codes(behaviour).is_subset(&shown), "{behaviour}: {name} is about {shown:?}");
    }
    let listed: BTreeSet<_> = rows.iter().flat_map(|(behaviour, _)| codes(behaviour)).collect();
    let known = codes(CLOSE.split("mod tests").next().expect("the codes"));
    assert_eq!(listed, known, "every code that we close with stands in the list");
}

#[test]
fn a_test_that_is_not_there_is_missed() {
    assert_eq!(test("a_second_init_is_4430"), None);
    assert!(test("a_second_init_is_4429").is_some_and(|body| codes(body).contains("4429")));
}
