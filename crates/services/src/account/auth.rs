//! What proves who somebody is: passwords, tokens and keys, all made from the root keys.

use super::signing::Signing;
use std::fmt;
use stoa_auth::{Devices, InvalidCost, Mac, PasswordCost, Passwords, RootKeys, Tokens};

/// Passwords, tokens and keys, ready for use. One for the whole program: the bound on passwords that are hashed at once is its own.
///
/// What is sealed in the database is opened by the database's own sealer
/// ([`Db::with_sealer`](stoa_persistence::Db::with_sealer)), of the same root keys.
pub struct Auth {
    pub(crate) passwords: Passwords,
    pub(crate) tokens: Tokens,
    pub(crate) devices: Devices,
    pub(crate) signing: Signing,
    /// What rows of the audit log are chained with.
    pub(crate) audit: Mac,
}

impl Auth {
    /// From the root keys. `issuer` is the shop's own address, which stands in each access token as who made it and for whom. The
    /// keys that access tokens are signed with are read from the database when the first one is needed.
    ///
    /// # Errors
    /// Passwords may not be hashed at this cost.
    pub fn new(
        roots: &RootKeys,
        cost: &PasswordCost,
        issuer: impl Into<String>,
    ) -> Result<Self, InvalidCost> {
        Ok(Self {
            passwords: Passwords::new(cost)?,
            tokens: Tokens::new(roots)?,
            devices: Devices::new(roots)?,
            signing: Signing::new(issuer.into()),
            audit: Mac::new(roots, crate::audit::LABEL)?,
        })
    }

    /// How many passwords were hashed so far, right or wrong, known or not.
    pub fn hashed(&self) -> u64 {
        self.passwords.count()
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth").field("passwords", &self.passwords).finish_non_exhaustive()
    }
}
