//! The README buys with the documents of GraphiQL's first tab, which another test runs against the schema; only the layout
//! differs.

use stoa_graphiql::BUY_DOCUMENT;

const README: &str = include_str!("../../../README.md");
/// What buys in it.
const SECTION: &str = "\n## Buy something with curl\n";
/// Where a document begins in the README's shell commands; it ends with the next single quote.
const BEGINNING: &str = "graphql '";

/// The words of GraphQL text, without comments, commas and layout.
fn words(text: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(text.len() * 2);
    for line in text.lines() {
        let code = line.split_once('#').map_or(line, |(code, _)| code);
        for character in code.replace("...", " ... ").chars() {
            match character {
                ',' => spaced.push(' '),
                '{' | '}' | '(' | ')' | '[' | ']' | ':' | '!' | '=' => {
                    spaced.extend([' ', character, ' ']);
                }
                _ => spaced.push(character),
            }
        }
        spaced.push(' ');
    }
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// The documents with which the README buys, one after the other. What staff send comes in a section of its own.
fn readme() -> String {
    let (_, buying) = README.split_once(SECTION).unwrap_or_else(|| panic!("the README has no {SECTION:?}"));
    let (buying, _) = buying.split_once("\n## ").unwrap_or((buying, ""));
    let documents = buying
        .split(BEGINNING)
        .skip(1)
        .filter_map(|rest| rest.split_once('\'').map(|(document, _)| document));
    documents.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_readme_buys_as_graphiql_does() {
    assert_eq!(words(&readme()), words(BUY_DOCUMENT));
}

#[test]
fn layout_does_not_count_and_everything_else_does() {
    assert_eq!(
        words("query A($b:ID!){c(d:$b,e:1){f ...on G{h}}} # i"),
        words("query A( $b: ID! ) {\n c(d: $b e: 1) { f ... on G { h } }\n}")
    );
    assert_ne!(words("{ a }"), words("{ a b }"));
    assert_ne!(words("{ a(b: \"c d\") }"), words("{ a(b: \"c e\") }"));
}
