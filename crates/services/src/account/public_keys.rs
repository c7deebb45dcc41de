//! The keys that others check access tokens with.

use crate::Context;
use std::sync::Arc;
use stoa_domain::shared::Fault;

/// Shows the public keys of access tokens.
pub struct PublicKeys(pub(crate) Arc<Context>);

impl PublicKeys {
    /// As a JWK set (RFC 7517), with the key that is to sign next as well.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn run(&self) -> Result<serde_json::Value, Fault> {
        self.0.ports.auth.signing.jwks(&self.0).await
    }
}
