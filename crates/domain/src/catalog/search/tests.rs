//! What queries mean, the odd ones included.

use super::*;
use crate::shared::Timestamp;
use chrono::{DateTime, Utc};
use proptest::prelude::*;

fn parse(text: &str) -> SearchQuery {
    SearchQuery::parse(text, 2).unwrap()
}

fn term(term: SearchTerm) -> SearchQuery {
    SearchQuery::Term(term)
}

fn word(text: &str) -> SearchQuery {
    term(SearchTerm::Word { field: None, word: Word { text: text.to_owned(), prefix: false } })
}

fn beginning(text: &str) -> SearchQuery {
    term(SearchTerm::Word { field: None, word: Word { text: text.to_owned(), prefix: true } })
}

fn and(parts: &[SearchQuery]) -> SearchQuery {
    SearchQuery::And(parts.to_vec())
}

fn or(parts: &[SearchQuery]) -> SearchQuery {
    SearchQuery::Or(parts.to_vec())
}

fn not(part: SearchQuery) -> SearchQuery {
    SearchQuery::Not(Box::new(part))
}

#[test]
fn words_and_operators() {
    assert_eq!(parse(""), SearchQuery::All);
    assert_eq!(parse("  Mug "), word("mug"));
    assert_eq!(parse("blue mug"), and(&[word("blue"), word("mug")]));
    assert_eq!(parse("\"blue mug\""), parse("blue AND mug"));
    assert_eq!(parse("T-Shirt"), and(&[word("t"), word("shirt")]));
    assert_eq!(parse("Café*"), beginning("cafe"));
    assert_eq!(parse("blue OR red mug"), or(&[word("blue"), and(&[word("red"), word("mug")])]));
    assert_eq!(parse("(blue OR red) mug"), and(&[or(&[word("blue"), word("red")]), word("mug")]));
    assert_eq!(parse("mug -blue"), and(&[word("mug"), not(word("blue"))]));
    assert_eq!(parse("NOT (a OR b)"), not(or(&[word("a"), word("b")])));
    assert_eq!(parse("-vendor:x"), not(parse("vendor:x")));
    assert_eq!(parse("(a (b (c)))"), and(&[word("a"), word("b"), word("c")]));
    assert_eq!(parse("and or not"), and(&[word("and"), word("or"), word("not")]), "operators are upper-case");
    assert_eq!(parse("\"OR\" \\AND"), and(&[word("or"), word("and")]));
}

#[test]
fn fields() {
    assert_eq!(
        parse("title:Blue"),
        term(SearchTerm::Word {
            field: Some(TermField::Title),
            word: Word { text: "blue".to_owned(), prefix: false }
        })
    );
    assert_eq!(
        parse("vendor:\"Kiln & Co\""),
        term(SearchTerm::Is(TextField::Vendor, "kiln & co".to_owned()))
    );
    assert_eq!(parse("tag:New*"), term(SearchTerm::Begins(TextField::Tag, "new".to_owned())));
    assert_eq!(parse("product_type:*"), term(SearchTerm::Begins(TextField::ProductType, String::new())));
    assert_eq!(parse("SKU:ab\\:c"), term(SearchTerm::Is(TextField::Sku, "ab:c".to_owned())));
    assert_eq!(
        parse("tag:\"a*\""),
        term(SearchTerm::Is(TextField::Tag, "a*".to_owned())),
        "quoted is literal"
    );
    assert_eq!(parse("handle:mug"), term(SearchTerm::Is(TextField::Handle, "mug".to_owned())));
    assert_eq!(parse("available_for_sale:TRUE"), term(SearchTerm::Available(true)));
    assert_eq!(parse("variants.price:>=10.5"), term(SearchTerm::Price(Comparison::AtLeast, 1_050)));
    assert_eq!(parse("variants.price:7"), term(SearchTerm::Price(Comparison::Equal, 700)));
    assert_eq!(SearchQuery::parse("price:<700", 0).unwrap(), term(SearchTerm::Price(Comparison::Less, 700)));
}

#[test]
fn a_day_is_all_of_its_moments() {
    let at = |text: &str| -> Timestamp { text.parse::<DateTime<Utc>>().unwrap() };
    let created = |from: Option<&str>, until: Option<&str>| {
        term(SearchTerm::Created(Moments { from: from.map(at), until: until.map(at) }))
    };
    let (day, next) = ("2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z");
    assert_eq!(parse("created_at:2026-01-31"), created(Some(day), Some(next)));
    assert_eq!(parse("created_at:<2026-01-31"), created(None, Some(day)));
    assert_eq!(parse("created_at:<=2026-01-31"), created(None, Some(next)));
    assert_eq!(parse("created_at:>2026-01-31"), created(Some(next), None));
    assert_eq!(parse("created_at:>=2026-01-31"), created(Some(day), None));
    assert_eq!(parse("created_at:<\"2026-01-31T01:00:00+01:00\""), created(None, Some(day)));
    assert_eq!(parse("created_at:>2026-01-31T00:00:00Z"), created(Some("2026-01-31T00:00:00.000001Z"), None));
}

#[test]
fn odd_texts_mean_something_all_the_same() {
    assert_eq!(parse("\"blue mug"), parse("blue mug"), "a quotation ends with the text");
    assert_eq!(parse("(blue"), word("blue"));
    assert_eq!(parse("blue) mug"), parse("blue mug"));
    assert_eq!(parse(")("), SearchQuery::All);
    assert_eq!(parse("OR mug AND"), word("mug"));
    assert_eq!(parse("mug NOT"), word("mug"));
    assert_eq!(parse("NOT OR mug"), word("mug"));
    assert_eq!(parse("blue - mug"), parse("blue mug"));
    assert_eq!(parse("vendor: mug"), word("mug"), "a field without a value asks for nothing");
    assert_eq!(parse("size:xl"), parse("size xl"), "an unknown field is words");
    assert_eq!(parse(":mug"), word("mug"));
    assert_eq!(parse("mug\\"), word("mug"));
    assert_eq!(parse("*"), SearchQuery::All);
    for impossible in [
        "variants.price:cheap",
        "variants.price:1.999",
        "variants.price:99999999999999999999",
        "available_for_sale:maybe",
        "created_at:soon",
        "updated_at:>2026-13-01",
    ] {
        assert_eq!(parse(impossible), term(SearchTerm::Impossible), "{impossible}");
    }
}

#[test]
fn what_would_be_costly_is_refused() {
    let refused = |text: String| SearchQuery::parse(&text, 2) == Err(QueryTooComplex);
    assert!(!refused("a ".repeat(64)));
    assert!(refused("a ".repeat(65)));
    assert!(refused("x".repeat(limits::LENGTH + 1)));
    assert!(refused(format!("{}a{}", "(".repeat(17), ")".repeat(17))));
    assert!(refused(format!("{}a", "-".repeat(100))));
    assert!(refused(format!("{}a", "(".repeat(2_000))));
}

#[test]
fn what_counts_for_relevance_and_caching() {
    let query = parse("blue (mug OR cup*) -red vendor:x available_for_sale:true");
    let words: Vec<&str> = query.words().iter().map(|w| w.text.as_str()).collect();
    assert_eq!(words, ["blue", "mug", "cup"]);
    assert!(query.asks_for_stock());
    assert!(parse("a -(b OR available_for_sale:false)").asks_for_stock());
    assert!(!parse("a b").asks_for_stock());
}

/// Writes a query so that reading it again gives the same: the syntax has a form for everything.
fn written(query: &SearchQuery) -> String {
    let joined = |parts: &[SearchQuery], by: &str| {
        let parts: Vec<String> = parts.iter().map(written).collect();
        format!("({})", parts.join(by))
    };
    match query {
        SearchQuery::All => String::new(),
        SearchQuery::And(parts) => joined(parts, " "),
        SearchQuery::Or(parts) => joined(parts, " OR "),
        SearchQuery::Not(part) => format!("NOT {}", written(part)),
        SearchQuery::Term(SearchTerm::Word { word, .. }) => {
            format!("\"{}\"{}", word.text, if word.prefix { "*" } else { "" })
        }
        SearchQuery::Term(SearchTerm::Is(_, value)) => format!("tag:\"{value}\""),
        SearchQuery::Term(SearchTerm::Price(_, minor)) => {
            format!("price:<{}.{:02}", minor / 100, minor % 100)
        }
        SearchQuery::Term(other) => panic!("the strategy makes no {other:?}"),
    }
}

fn queries() -> impl Strategy<Value = SearchQuery> {
    let leaf = prop_oneof![
        ("[a-z0-9]{1,6}", any::<bool>()).prop_map(|(text, prefix)| {
            term(SearchTerm::Word { field: None, word: Word { text, prefix } })
        }),
        "[a-z]( ?[a-z:*()-]){0,4}".prop_map(|value| term(SearchTerm::Is(TextField::Tag, value))),
        (0..100_000_i64).prop_map(|minor| term(SearchTerm::Price(Comparison::Less, minor))),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| {
                let flat = parts.into_iter().flat_map(|p| match p {
                    SearchQuery::And(parts) => parts,
                    p => vec![p],
                });
                SearchQuery::And(flat.collect())
            }),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| {
                let flat = parts.into_iter().flat_map(|p| match p {
                    SearchQuery::Or(parts) => parts,
                    p => vec![p],
                });
                SearchQuery::Or(flat.collect())
            }),
            inner.prop_map(not),
        ]
    })
}

proptest! {
    #[test]
    fn a_query_that_is_written_down_reads_the_same(query in queries()) {
        prop_assert_eq!(SearchQuery::parse(&written(&query), 2), Ok(query));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        let _ = SearchQuery::parse(&text, 2);
    }

    #[test]
    fn no_soup_of_signs_panics(text in "[a:\"\\\\()* <>=-]{0,60}|(AND|OR|NOT|a|\\(|\\)| ){0,30}") {
        let _ = SearchQuery::parse(&text, 2);
    }
}
