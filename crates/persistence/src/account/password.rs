//! The hash of a password, which is read by whoever compares it and by nobody else.

use std::fmt;

/// A password's hash, as a text that says how it was made.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps the text of one.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one who compares it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hides it.
impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// What a password is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials<Id> {
    /// Whose.
    pub id: Id,
    /// Their password's hash.
    pub password: PasswordHash,
}
