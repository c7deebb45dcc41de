//! What is typed into search boxes.

use crate::{people::By, shop::shop};
use serde_json::json;
use stoa_domain::catalog::search::{SearchQuery, flat_terms, limits};

const SEARCH: &str = "query($it: String!) { \
                      relevant: products(first: 3, query: $it, sortKey: RELEVANCE) { nodes { id } } \
                      cheap: products(last: 3, query: $it, sortKey: PRICE) { nodes { id } } \
                      collections(first: 3, query: $it) { nodes { id } } }";

/// What staff search, one a list: a search that is refused leaves nothing of its operation.
const OF_STAFF: [&str; 5] = [
    "query($it: String!) { admin { products(first: 3, query: $it) { nodes { id } } } }",
    "query($it: String!) { admin { collections(first: 3, query: $it) { nodes { id } } } }",
    "query($it: String!) { admin { customers(first: 3, query: $it) { nodes { id } } } }",
    "query($it: String!) { admin { orders(first: 3, query: $it) { nodes { id } } } }",
    "query($it: String!) { admin { auditLog(first: 3, filter: { action: $it, subjectType: $it, subjectId: $it }) { nodes { sequence } } } }",
];

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
    let mut shop = shop();
    let it = json!({ "it": text });
    shop.ask(SEARCH, &it).is_no_fault();
    for query in OF_STAFF {
        shop.ask_as(By::Owner, query, &it).is_no_fault();
    }
}
