//! Why a mutation of a cart was refused.

use super::{CartErrorCode, InputPath};
use async_graphql::Object;
use std::borrow::Cow;

/// A refusal, with the place in the input that it is about. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartUserError {
    /// What a program matches on.
    pub code: CartErrorCode,
    /// What the buyer or the developer reads.
    pub message: Cow<'static, str>,
    /// Where in the input.
    pub path: InputPath,
}

impl CartUserError {
    /// A refusal because of what stands at `path`.
    pub fn new(code: CartErrorCode, path: InputPath, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), path }
    }

    /// No cart has this id, or it has become an order.
    pub fn no_such_cart() -> Self {
        super::refusals::no_such_cart(InputPath::argument("cartId"))
    }

    /// The cart is being ordered, or too many change it at once.
    pub fn busy() -> Self {
        let path = InputPath::argument("cartId");
        Self::new(CartErrorCode::ServiceUnavailable, path, "The cart is busy. Try again in a moment.")
    }
}

/// Why a mutation of a cart was refused. The cart is as it was.
#[Object]
impl CartUserError {
    /// The reason, for programs.
    fn code(&self) -> Option<CartErrorCode> {
        Some(self.code)
    }

    /// The place in the input that is wrong, from the argument inwards: `["lines", "0", "quantity"]`.
    fn field(&self) -> Option<Vec<&str>> {
        let segments = self.path.segments();
        (!segments.is_empty()).then(|| segments.iter().map(AsRef::as_ref).collect())
    }

    /// The reason, for people.
    fn message(&self) -> &str {
        &self.message
    }
}
