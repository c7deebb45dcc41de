//! Whose sign-ins: customers' and staff's are two worlds.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// A world of accounts. A credential of one is nobody's in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Realm {
    /// Who buys.
    Customer,
    /// Who sells.
    Staff,
}

impl Realm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Customer, Self::Staff];

    /// The name it is stored under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Staff => "staff",
        }
    }

    /// Reads [`name`](Self::name) back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.name() == name)
    }
}

/// The random part of a row that a token is made over: with the secret of the program it makes the token, and without it the row
/// gives nothing away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 16]);

impl Salt {
    /// Of an identifier that nobody can guess ([`IdGenerator::secret_id`](crate::shared::IdGenerator::secret_id)).
    pub const fn new(secret: Uuid) -> Self {
        Self(secret.into_bytes())
    }

    /// As a database keeps it; `None` if it has not 16 bytes.
    pub fn stored(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes.
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}
