//! A chosen option value.

use async_graphql::{InputObject, Object};
use stoa_domain::catalog;

/// The value of an option that chooses a variant.
#[derive(Clone, Copy, Debug)]
pub struct SelectedOption<'a> {
    name: &'a str,
    value: &'a str,
}

impl<'a> SelectedOption<'a> {
    /// An option and its value.
    pub const fn new(name: &'a str, value: &'a str) -> Self {
        Self { name, value }
    }
}

/// The value of an option that a variant has.
#[Object]
impl SelectedOption<'_> {
    /// The option, such as "Size".
    fn name(&self) -> &str {
        self.name
    }

    /// The value, such as "L".
    fn value(&self) -> &str {
        self.value
    }
}

/// A chosen value of an option.
#[derive(Clone, Debug, InputObject)]
pub struct SelectedOptionInput {
    /// The option, such as "Size".
    pub name: String,
    /// The value, such as "L".
    pub value: String,
}

impl From<SelectedOptionInput> for catalog::SelectedOption {
    fn from(input: SelectedOptionInput) -> Self {
        Self { name: input.name, value: input.value }
    }
}
