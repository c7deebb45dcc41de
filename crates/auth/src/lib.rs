//! Passwords, tokens and keys: what is proved by cryptography. Nothing is looked up or kept here, and no rule of accounts
//! stands here; the only IO is a bounded pool of threads that passwords are hashed on, and the system's randomness.
//!
//! Everything secret comes from the [`RootKeys`]: each use derives a key of its own from them, so a dump of the database
//! opens, forges and guesses nothing. All of it can be rotated: the first root key makes, every root key reads.

mod api_key;
mod device;
mod jwt;
mod mac;
mod passwords;
mod random;
mod recovery;
mod root_key;
mod seal;
mod token;
mod totp;

pub use api_key::{ApiKeyHash, NewApiKey};
pub use device::Devices;
pub use jwt::{BadToken, Claims, Signer, SigningKey, VerifyingKey};
pub use mac::Mac;
pub use passwords::{HashError, InvalidCost, PasswordCost, Passwords, Verified};
pub use recovery::{RecoveryHash, recovery_codes};
pub use root_key::{InvalidKey, KeyId, RootKeys};
pub use seal::Sealer;
pub use token::{Presented, PresentedRefresh, Purpose, Salt, Tokens};
pub use totp::TotpSecret;
