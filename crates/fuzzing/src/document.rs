//! GraphQL documents.

use crate::shop::shop;

/// What is posted to `/graphql`: the bytes as they are, and, if they are text, as the document of a request. Whatever it asks for is
/// done, in a shop of this process.
///
/// # Panics
/// The shop answers with a fault.
pub fn document(input: &[u8]) {
    let shop = shop();
    shop.post(input.to_vec()).is_no_fault();
    if let Ok(text) = str::from_utf8(input) {
        shop.ask(text, &serde_json::Value::Null).is_no_fault();
    }
}
