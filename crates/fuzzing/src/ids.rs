//! Global ids and cursors.

use crate::shop::shop;
use serde_json::json;
use stoa_api::graphql::scalars::gid;
use stoa_domain::shared::page::{Cursor, PageRequest};

/// One operation an argument, so that what one of them refuses keeps no other from being asked.
const BY_ID: &str = "query($it: ID!) { node(id: $it) { id } product(id: $it) { id } collection(id: $it) { id } \
                     cart(id: $it) { id } }";
const CHANGES: &str = "mutation($it: ID!) { \
                       cartCreate(input: { lines: [{ merchandiseId: $it }] }) { userErrors { code } } \
                       cartLinesRemove(cartId: $it, lineIds: [$it]) { userErrors { code } } }";
const AFTER: &str = "query($it: String!) { products(first: 2, after: $it) { nodes { id } } }";
const BEFORE: &str =
    "query($it: String!) { products(last: 2, before: $it, sortKey: TITLE) { nodes { id } } }";
const COLLECTIONS: &str = "query($it: String!) { collections(first: 2, after: $it) { nodes { id } } }";

/// A text that is taken for an id and for a cursor, wherever one is.
///
/// # Panics
/// What was read is written otherwise, or the shop answers with a fault.
pub fn gid_cursor(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    if let Ok(parsed) = gid::parse(text)
        && let (Some(name), Some(id)) = (parsed.type_name, parsed.id)
    {
        let written = gid::text(name, id);
        let again = gid::parse(&written).ok().map(|again| (again.type_name, again.id));
        assert_eq!(again, Some((Some(name), Some(id))), "{written}");
    }
    if let Ok(cursor) = Cursor::decode(text) {
        assert_eq!(cursor.encode(), text, "a position has one spelling");
    }
    assert!(PageRequest::try_new(Some(-1), None, Some(text), None).is_err());
    let shop = shop();
    for query in [BY_ID, CHANGES, AFTER, BEFORE, COLLECTIONS] {
        shop.ask(query, &json!({ "it": text })).is_no_fault();
    }
}
