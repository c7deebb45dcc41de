//! What is typed into search boxes.

use crate::shop::shop;
use serde_json::json;
use stoa_domain::catalog::search::{SearchQuery, flat_terms, limits};

const SEARCH: &str = "query($it: String!) { \
                      relevant: products(first: 3, query: $it, sortKey: RELEVANCE) { nodes { id } } \
                      cheap: products(last: 3, query: $it, sortKey: PRICE) { nodes { id } } \
                      collections(first: 3, query: $it) { nodes { id } } }";

/// A search, read by both languages and looked up in a database.
///
/// # Panics
/// More is searched for than may be, or the shop answers with a fault.
pub fn search_query(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let read = SearchQuery::parse(text, 2);
    if let Ok(query) = &read {
        assert!(text.len() <= limits::LENGTH && query.words().len() <= limits::TERMS, "{query:?}");
    }
    if let Ok(terms) = flat_terms(text) {
        assert!(terms.len() <= limits::TERMS, "{terms:?}");
        for term in terms {
            // What each reader of a condition makes of it.
            let _ = (term.field(), term.moments(), term.words());
        }
    }
    shop().ask(SEARCH, &json!({ "it": text })).is_no_fault();
}
