//! Access tokens: short-lived JSON Web Tokens (RFC 7519, RFC 9068), signed by Ed25519 alone, which other services check
//! with the public keys at `/.well-known/jwks.json`.

mod claims;
mod keys;
mod provider;
mod signer;
#[cfg(test)]
mod tests;

pub use claims::Claims;
pub use keys::{SigningKey, VerifyingKey};
pub use signer::{BadToken, Signer};
