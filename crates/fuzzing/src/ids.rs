//! Global ids and cursors.

use crate::{people::By, shop::shop};
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

/// What only staff are told. A list that is refused leaves nothing of its operation.
const OF_STAFF: [&str; 9] = [
    "query($it: ID!) { admin { product(id: $it) { id } collection(id: $it) { id } customer(id: $it) { id } \
     order(id: $it) { id } staffMember(id: $it) { id } } }",
    "query($it: ID!) { admin { orderEvents(orderId: $it) { __typename } } }",
    "query($it: ID!) { admin { inventoryItems(variantIds: [$it]) { __typename } } }",
    "query($it: String!) { admin { products(first: 2, after: $it, sortKey: TITLE) { nodes { id } } } }",
    "query($it: String!) { admin { orders(last: 2, before: $it) { nodes { id } } } }",
    "query($it: String!) { admin { customers(first: 2, after: $it) { nodes { id } } } }",
    "query($it: String!) { admin { jobs(first: 2, after: $it) { nodes { id } } } }",
    "query($it: String!) { admin { auditLog(first: 2, after: $it) { nodes { sequence } } } }",
    "query($it: ID!) { admin { auditLog(first: 2, filter: { actorId: $it }) { nodes { sequence } } } }",
];
const STAFF_CHANGES: &str = "mutation($it: ID!) { jobRetry(id: $it) { userErrors { code } } \
                             productDelete(id: $it) { userErrors { code } } \
                             customerEnable(id: $it) { userErrors { code } } \
                             staffSessionRevoke(id: $it) { userErrors { code } } }";
const OF_CUSTOMERS: &str = "mutation($it: ID!) { customerSessionRevoke(id: $it) { userErrors { code } } }";

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
    let mut shop = shop();
    let it = json!({ "it": text });
    for query in [BY_ID, CHANGES, AFTER, BEFORE, COLLECTIONS] {
        shop.ask(query, &it).is_no_fault();
    }
    for query in OF_STAFF.into_iter().chain([STAFF_CHANGES]) {
        shop.ask_as(By::Owner, query, &it).is_no_fault();
    }
    shop.ask_as(By::Customer, OF_CUSTOMERS, &it).is_no_fault();
}
