//! tests/README.md names tests that there are: a story whose test was renamed or removed is noticed.

use super::threats::{Tests, tests};

const STORIES: &str = include_str!("../../README.md");

/// Tests of its rows that there are not; rows without any.
fn complaints(page: &str, tests: &Tests) -> Vec<String> {
    let rows = page
        .lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("|---") && !line.starts_with("| story |"));
    let mut found = Vec::new();
    for row in rows {
        let last = row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap_or_default();
        let named: Vec<&str> = last.split('`').filter(|part| part.contains("::")).collect();
        if named.is_empty() {
            found.push(format!("a story has no test: {row}"));
        }
        for name in named {
            let there = name
                .split_once("::")
                .is_some_and(|(room, test)| tests.get(room).is_some_and(|tests| tests.contains(test)));
            if !there {
                found.push(format!("there is no test {name}"));
            }
        }
    }
    found
}

#[test]
fn every_story_names_tests_that_exist() {
    let tests = tests().expect("the code is there and is text");
    assert_eq!(complaints(STORIES, &tests), Vec::<String>::new());
    assert_eq!(
        complaints("| 13 | it merges | `stories::gone` |\n| 14 | it does not | none |", &tests).len(),
        2
    );
}
