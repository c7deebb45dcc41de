//! The README buys with the documents of GraphiQL's first tab, which another test runs against the schema; only the layout
//! differs.

use stoa_graphiql::BUY_DOCUMENT;

const README: &str = include_str!("../../../README.md");
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

/// The documents that the README sends, one after the other.
fn readme() -> String {
    let documents = README
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
