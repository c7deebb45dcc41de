//! JSON inside an answer.

use super::output_scalar;
use async_graphql::Value;

/// A JSON document, as text.
///
/// Existing storefronts read `FilterValue.input` with `JSON.parse`, so the document travels as a string, as in the
/// Shopify Storefront API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(
    /// The document.
    pub String,
);

output_scalar!(Json, "JSON", "A JSON document, as a string: `\"{\\\"available\\\":true}\"`.", |this| {
    Value::String(this.0.clone())
});
