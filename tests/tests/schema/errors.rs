//! docs/errors.md knows every reason for which an order is not placed, or an account not changed.

const ERRORS: &str = include_str!("../../../docs/errors.md");

/// The values of an enum of the schema.
fn values<'a>(sdl: &'a str, name: &str) -> Vec<&'a str> {
    let is_value = |line: &&str| {
        !line.is_empty() && line.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    let lines = sdl.lines().skip_while(|line| *line != format!("enum {name} {{")).skip(1);
    lines.take_while(|line| *line != "}").map(str::trim).filter(is_value).collect()
}

#[test]
fn every_refusal_of_an_order_is_explained() {
    let sdl = stoa_api::graphql::sdl();
    let codes = values(&sdl, "OrderPlaceErrorCode");
    assert!(codes.contains(&"TOTAL_CHANGED"), "{codes:?}");
    let unexplained: Vec<_> =
        codes.iter().filter(|code| !ERRORS.contains(&format!("| `{code}` |"))).collect();
    assert!(unexplained.is_empty(), "docs/errors.md says nothing of {unexplained:?}");
}

#[test]
fn every_refusal_of_an_account_is_explained() {
    let sdl = stoa_api::graphql::sdl();
    let codes = values(&sdl, "AccountErrorCode");
    assert!(codes.contains(&"NOT_SIGNED_IN"), "{codes:?}");
    // Some share a row.
    let unexplained: Vec<_> = codes.iter().filter(|code| !ERRORS.contains(&format!("`{code}`"))).collect();
    assert!(unexplained.is_empty(), "docs/errors.md says nothing of {unexplained:?}");
}

#[test]
fn every_refusal_of_the_admin_half_is_explained() {
    let sdl = stoa_api::graphql::sdl();
    let themes = sdl.lines().filter_map(|line| line.strip_prefix("enum ")?.strip_suffix("ErrorCode {"));
    // Those of storefronts are their vocabulary, of which we use a part.
    let ours = themes.filter(|theme| !["Cart", "Customer"].contains(theme));
    let codes: Vec<(&str, &str)> = ours
        .flat_map(|theme| {
            values(&sdl, &format!("{theme}ErrorCode")).into_iter().map(move |code| (theme, code))
        })
        .collect();
    assert!(codes.contains(&("Role", "BUILT_IN")), "{codes:?}");
    let unexplained: Vec<_> =
        codes.iter().filter(|(_, code)| !ERRORS.contains(&format!("`{code}`"))).collect();
    assert!(unexplained.is_empty(), "docs/errors.md says nothing of {unexplained:?}");
}

#[test]
fn values_are_read_without_their_descriptions() {
    let sdl = "enum A {\n\tX\n}\nenum B {\n\t\"\"\"\n\tIt is RED.\n\t\"\"\"\n\tRED\n\tNOT_RED\n}\nenum C {\n\tY\n}\n";
    assert_eq!(values(sdl, "B"), ["RED", "NOT_RED"]);
}
