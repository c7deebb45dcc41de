//! Counts that outgrow `Int`.

use super::output_scalar;
use async_graphql::Value;

/// A count of up to 64 bits. It travels as text, because the numbers of JavaScript end at 53 bits and GraphQL's `Int`
/// at 31.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsignedInt64(
    /// The count.
    pub u64,
);

output_scalar!(
    UnsignedInt64,
    "UnsignedInt64",
    "A whole number from 0 to 18446744073709551615, as text: `\"50\"`.",
    |this| Value::String(this.0.to_string())
);
