//! docs/errors.md knows every code that a client may be given, and no other.

use std::collections::BTreeSet;

const ERRORS: &str = include_str!("../../../docs/errors.md");
/// Where the codes of GraphQL errors are: of the transport, and of the schema.
const REQUEST_ERRORS: [&str; 2] = [
    include_str!("../../../crates/graphql-http/src/error_code.rs"),
    include_str!("../../../crates/api/src/graphql/error.rs"),
];
/// The vocabulary of storefront clients, of which we use a part: what is not explained is not used.
const VOCABULARIES: [&str; 2] = ["CartErrorCode", "CustomerErrorCode"];

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The values of an enum of the schema.
fn values<'a>(sdl: &'a str, name: &str) -> Vec<&'a str> {
    let lines = sdl.lines().skip_while(|line| *line != format!("enum {name} {{")).skip(1);
    lines.take_while(|line| *line != "}").map(str::trim).filter(|line| is_code(line)).collect()
}

/// The enums of reasons for which something is refused.
fn enums(sdl: &str) -> Vec<&str> {
    let names = sdl.lines().filter_map(|line| line.strip_prefix("enum ")?.strip_suffix(" {"));
    names.filter(|name| name.ends_with("ErrorCode")).collect()
}

/// The parts of the page, each with its heading.
fn parts(page: &str) -> Vec<&str> {
    page.split("\n## ").collect()
}

/// The codes that the tables of a part explain: what stands first in a row.
fn explained(part: &str) -> BTreeSet<&str> {
    let firsts = part.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    firsts.flat_map(|first| first.split('`')).filter(|code| is_code(code)).collect()
}

/// Of each enum, the codes that no part which names the enum explains.
fn unexplained<'a>(sdl: &'a str, page: &str) -> Vec<(&'a str, &'a str)> {
    let missing = |name: &'a str| {
        let of_it = parts(page).into_iter().filter(|part| part.contains(&format!("`{name}`")));
        let known: BTreeSet<&str> = of_it.flat_map(explained).collect();
        let codes = values(sdl, name).into_iter().filter(|code| !known.contains(code));
        codes.map(move |code| (name, code)).collect::<Vec<_>>()
    };
    enums(sdl).into_iter().filter(|name| !VOCABULARIES.contains(name)).flat_map(missing).collect()
}

/// The codes that a part explains although no enum that it names has them.
fn made_up<'a>(sdl: &str, page: &'a str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for part in parts(page) {
        let named = enums(sdl).into_iter().chain(["CartWarningCode"]);
        let named: Vec<&str> = named.filter(|name| part.contains(&format!("`{name}`"))).collect();
        if named.is_empty() {
            continue;
        }
        let known: BTreeSet<&str> = named.into_iter().flat_map(|name| values(sdl, name)).collect();
        found.extend(explained(part).into_iter().filter(|code| !known.contains(code)));
    }
    found
}

#[test]
fn every_refusal_is_explained_where_its_theme_is() {
    let sdl = stoa_api::graphql::sdl();
    assert!(enums(&sdl).len() >= 12 && values(&sdl, "RoleErrorCode").contains(&"BUILT_IN"), "they are found");
    assert_eq!(unexplained(&sdl, ERRORS), Vec::<(&str, &str)>::new());
}

#[test]
fn no_refusal_is_explained_that_there_is_not() {
    assert_eq!(made_up(&stoa_api::graphql::sdl(), ERRORS), Vec::<&str>::new());
}

#[test]
fn every_request_error_is_explained() {
    let part = parts(ERRORS).into_iter().find(|part| part.starts_with("Codes of GraphQL errors"));
    let known = explained(part.expect("the page has that part"));
    let quoted = REQUEST_ERRORS.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    let codes: BTreeSet<&str> = quoted.filter(|text| text.len() > 3 && is_code(text)).collect();
    assert!(codes.contains("QUERY_TOO_DEEP") && codes.contains("STEP_UP_REQUIRED"), "{codes:?}");
    let missing: Vec<_> = codes.difference(&known).collect();
    assert!(missing.is_empty(), "docs/errors.md says nothing of {missing:?}");
}

#[test]
fn what_is_missing_or_made_up_is_noticed() {
    let sdl = "enum AErrorCode {\n\tX\n}\nenum BErrorCode {\n\t\"\"\"\n\tIt is RED.\n\t\"\"\"\n\tRED\n\tNOT_RED\n}\n\
               enum CartErrorCode {\n\tY\n}\nenum Colour {\n\tBLUE\n}\n";
    assert_eq!(values(sdl, "BErrorCode"), ["RED", "NOT_RED"]);
    assert_eq!(enums(sdl), ["AErrorCode", "BErrorCode", "CartErrorCode"]);
    let page = "# Errors\n## A\n`AErrorCode`:\n| `X`, `RED` | x |\n## B\n`BErrorCode`\n| `RED` | NOT_RED |\n## C\n| `BLUE` | x |";
    assert_eq!(unexplained(sdl, page), [("BErrorCode", "NOT_RED")]);
    assert_eq!(made_up(sdl, page), ["RED"]);
    assert_eq!(explained("| `A_1`, `B` | `C` |\n| code | `D` |\n`E`"), BTreeSet::from(["A_1", "B"]));
}
