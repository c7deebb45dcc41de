//! Scalars that are text with a meaning.

use super::output_scalar;
use async_graphql::Value;
use std::borrow::Cow;

/// An absolute URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url<'a>(
    /// As text.
    pub Cow<'a, str>,
);

output_scalar!(
    Url<'_>,
    "URL",
    "An absolute URL, as RFC 3986 writes it: `https://shop.example/products/mug`.",
    |this| Value::String(this.0.clone().into_owned())
);

/// HTML that was made harmless when it came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Html<'a>(
    /// As text.
    pub &'a str,
);

output_scalar!(
    Html<'_>,
    "HTML",
    "HTML without anything that runs: scripts, handlers and frames were taken out when it came in.",
    |this| Value::String(this.0.to_owned())
);

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color<'a>(
    /// As text.
    pub &'a str,
);

output_scalar!(Color<'_>, "Color", "A colour in red, green and blue, as CSS writes it: `#ff9900`.", |this| {
    Value::String(this.0.to_owned())
});
