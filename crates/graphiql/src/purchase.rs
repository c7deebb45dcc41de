//! The purchase of the first tab as data: its steps, and what each step's answer teaches the next.
//!
//! The document carries this itself, in comment lines that any client can read:
//! `#> $cartId = /data/cartCreate/cart/id` means that the value at that JSON pointer (RFC 6901) of the answer to
//! the operation below is the variable `cartId` of the steps after it. The page follows these lines, and so does
//! whoever wants to run the same purchase from a test or a script.

/// Seven numbered, named operations that buy one product.
pub const BUY_DOCUMENT: &str = include_str!("buy.graphql");

/// The variables that the purchase starts with, as a JSON object. Those that a step fills in hold a text saying so;
/// `idempotencyKey` is to be replaced by a fresh one for each purchase.
pub const BUY_VARIABLES: &str = include_str!("buy.variables.json");

/// One operation of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The operation's name, to be sent as `operationName`.
    pub name: &'a str,
    /// What its answer teaches.
    pub lessons: Vec<Lesson<'a>>,
    /// JSON pointer to an address in its answer that a person is to open next, if any.
    pub opens: Option<&'a str>,
}

/// A variable of later steps, and where its value is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson<'a> {
    /// The variable's name without the dollar sign.
    pub variable: &'a str,
    /// JSON pointer into the whole answer (`/data/…`).
    pub pointer: &'a str,
}

/// The document's operations in order, each with the `#>` lines above it.
#[must_use]
pub fn steps(document: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let (mut lessons, mut opens) = (Vec::new(), None);
    for line in document.lines() {
        if let Some(rule) = line.strip_prefix("#>").map(str::trim) {
            if let Some(pointer) = rule.strip_prefix("open ") {
                opens = Some(pointer.trim());
            } else if let Some((variable, pointer)) =
                rule.strip_prefix('$').and_then(|rule| rule.split_once('='))
            {
                lessons.push(Lesson { variable: variable.trim(), pointer: pointer.trim() });
            }
        } else if let Some(name) = operation_name(line) {
            steps.push(Step { name, lessons: std::mem::take(&mut lessons), opens: opens.take() });
        }
    }
    steps
}

/// The name of the operation that starts on this line.
fn operation_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("query ").or_else(|| line.strip_prefix("mutation "))?;
    rest.split(|character: char| !character.is_alphanumeric() && character != '_')
        .find(|name| !name.is_empty())
}

#[cfg(test)]
mod tests;
