//! A customer.

use super::{CustomerName, CustomerState};
use crate::shared::{CustomerAddressId, CustomerId, EmailAddress, Locale, Timestamp};
use std::fmt;

/// A customer's account. Its password is no part of it: who reads an account has no use for the hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Customer {
    /// Which.
    pub id: CustomerId,
    /// Where it stands.
    pub state: CustomerState,
    /// Their address; once erased, one that leads nowhere.
    pub email: EmailAddress,
    /// Given name.
    pub first_name: Option<CustomerName>,
    /// Family name.
    pub last_name: Option<CustomerName>,
    /// Telephone.
    pub phone: Option<String>,
    /// The language they are written to in; `None`: the shop's.
    pub locale: Option<Locale>,
    /// Whether they want advertisements by mail: what the last consent says.
    pub accepts_marketing: bool,
    /// What staff note. Never shown to the customer but in their archive.
    pub note: Option<String>,
    /// Which address of the book is theirs by default.
    pub default_address: Option<CustomerAddressId>,
    /// When the password was last set; `None`: there is none.
    pub password_changed_at: Option<Timestamp>,
    /// Rises by 1 with every change.
    pub version: i64,
    /// When somebody registered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Customer {
    /// What they are called: their name, or else their address.
    pub fn display_name(&self) -> String {
        let names = [&self.first_name, &self.last_name];
        let names: Vec<&str> = names.into_iter().flatten().map(CustomerName::as_str).collect();
        if names.is_empty() { self.email.to_string() } else { names.join(" ") }
    }

    /// Whether they can sign in with a password. For everybody who asks from outside, all reasons why not are one.
    pub const fn can_sign_in(&self) -> bool {
        matches!(self.state, CustomerState::Enabled { .. }) && self.password_changed_at.is_some()
    }
}

/// Hides the person, so that nothing of them can slip into a log through `{:?}`.
impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Customer({} {} version {})", self.id, self.state.name(), self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use uuid::Uuid;

    fn ada() -> Customer {
        let at = DateTime::UNIX_EPOCH;
        Customer {
            id: CustomerId::new(Uuid::from_u128(1)),
            state: CustomerState::Enabled { verified_at: at },
            email: EmailAddress::parse("ada@example.org").unwrap(),
            first_name: CustomerName::parse("Ada").unwrap(),
            last_name: CustomerName::parse("Lovelace").unwrap(),
            phone: Some("+44 20 1234".into()),
            locale: None,
            accepts_marketing: false,
            note: Some("likes mugs".into()),
            default_address: None,
            password_changed_at: Some(at),
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn they_are_called_by_their_name_or_their_address() {
        assert_eq!(ada().display_name(), "Ada Lovelace");
        assert_eq!(Customer { first_name: None, ..ada() }.display_name(), "Lovelace");
        let nameless = Customer { first_name: None, last_name: None, ..ada() };
        assert_eq!(nameless.display_name(), "ada@example.org");
    }

    #[test]
    fn a_person_does_not_reach_a_log() {
        let text = format!("{:?}", ada());
        for secret in ["Ada", "Lovelace", "example", "1234", "mugs"] {
            assert!(!text.contains(secret), "{text}");
        }
    }

    #[test]
    fn only_a_proved_address_with_a_password_signs_in() {
        assert!(ada().can_sign_in());
        assert!(!Customer { password_changed_at: None, ..ada() }.can_sign_in());
        let verified_at = Some(DateTime::UNIX_EPOCH);
        for state in [CustomerState::Pending, CustomerState::Disabled { verified_at }] {
            assert!(!Customer { state, ..ada() }.can_sign_in());
        }
    }
}
