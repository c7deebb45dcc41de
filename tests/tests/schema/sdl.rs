//! `schema.graphql` is the schema.

/// Where it is committed.
const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql");

/// The first line that differs, with its number, from 1, and what stands there on either side.
fn first_difference<'a>(committed: &'a str, now: &'a str) -> Option<(usize, &'a str, &'a str)> {
    let (mut committed, mut now) = (committed.lines(), now.lines());
    let mut number = 1;
    loop {
        match (committed.next(), now.next()) {
            (None, None) => return None,
            (before, after) if before != after => {
                return Some((number, before.unwrap_or("(the end)"), after.unwrap_or("(the end)")));
            }
            _ => number += 1,
        }
    }
}

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let committed =
        std::fs::read_to_string(COMMITTED).expect("schema.graphql is committed; `make schema` writes it");
    let now = stoa_api::graphql::sdl();
    if let Some((line, before, after)) = first_difference(&committed, &now) {
        panic!(
            "schema.graphql is out of date from line {line}:\n  committed  {before}\n  served     {after}\nRun `make schema`, look at \
             the difference as a client would, and commit it."
        );
    }
    assert_eq!(committed, now, "schema.graphql differs in its line ends; `make schema` writes it");
}

#[test]
fn a_difference_is_found_wherever_it_is() {
    assert_eq!(first_difference("a\nb", "a\nb"), None);
    assert_eq!(first_difference("a\nb", "a\nc"), Some((2, "b", "c")));
    assert_eq!(first_difference("a", "a\nb"), Some((2, "(the end)", "b")));
    assert_eq!(first_difference("a\nb", "a"), Some((2, "b", "(the end)")));
}
