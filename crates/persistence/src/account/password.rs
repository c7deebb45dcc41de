//! The hash of a password, which is read by whoever compares it and by nobody else, and whether what was compared still is so.

use crate::{customer, db::WriteTx, staff};
use std::fmt;
use stoa_domain::{
    account::{Realm, Waiter},
    shared::{CustomerId, Fault, StaffId, Timestamp},
};

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

/// What a password is compared with. Comparing takes a while: what comes of it asks [`customer::still`] or [`staff::still`] first,
/// in its own transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials<Id> {
    /// Whose, who was enabled.
    pub id: Id,
    /// Their password's hash.
    pub password: PasswordHash,
    /// When that password was set. A costlier hash of the same password does not change it.
    pub password_changed_at: Option<Timestamp>,
}

/// Whether somebody whose sign-in has waited for its second half stands as they did: enabled, and with the same password or without
/// any. Their account is locked until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn still_waits(tx: &WriteTx, who: &Waiter) -> Result<bool, Fault> {
    match who.realm {
        Realm::Customer => {
            customer::unchanged(tx, CustomerId::new(who.subject), who.password_changed_at).await
        }
        Realm::Staff => staff::unchanged(tx, StaffId::new(who.subject), who.password_changed_at).await,
    }
}
