//! GraphQL documents.

use crate::{people::By, shop::shop};
use serde_json::{Value, json};

/// What is posted to `/graphql`, by everybody: the bytes as they are, and, if they are text, as the document of a request. Whatever it
/// asks for is done, in a shop of this process.
///
/// # Panics
/// The shop answers with a fault.
pub fn document(input: &[u8]) {
    let mut shop = shop();
    let text = str::from_utf8(input).ok();
    let asked = text.map(|text| json!({ "query": text, "variables": Value::Null }).to_string().into_bytes());
    for by in By::ALL {
        shop.post_as(by, input).is_no_fault();
        if let Some(asked) = &asked {
            shop.post_as(by, asked).is_no_fault();
        }
    }
}
