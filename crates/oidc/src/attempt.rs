//! One attempt to sign in, from the redirect to the answer.

use crate::Untrusted;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use std::fmt;
use stoa_domain::shared::IdGenerator;
use url::Url;

/// What must be remembered of an attempt until its answer comes. Whoever has it and the answer's code signs in, so it is
/// kept sealed, bound to the browser that it was begun in, and used once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub(crate) provider: String,
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) return_to: Url,
}

/// An attempt, and where the person is to be sent.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// The provider's page, with everything that it needs to know.
    pub url: Url,
    /// What must be remembered until it answers.
    pub attempt: Attempt,
}

impl Attempt {
    /// With a nonce and a PKCE verifier of 256 random bits each.
    pub(crate) fn new(provider: &str, ids: &dyn IdGenerator, state: String, return_to: Url) -> Self {
        Self { provider: provider.to_owned(), state, nonce: ids.token(), verifier: ids.token(), return_to }
    }

    /// The provider that the answer must come from, by the name that the settings give it.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// Whether an answer to `provider`'s address with this state is to this attempt. Who sends an answer of one provider to
    /// another's address would have the code given to the wrong one (RFC 9207, section 1).
    pub(crate) fn expects(&self, provider: &str, state: Option<&str>) -> Result<(), Untrusted> {
        // Compared by their digests, so that the time it takes tells nothing of the letters.
        let fingerprint = |text: &str| digest(&SHA256, text.as_bytes());
        let same =
            state.is_some_and(|state| fingerprint(state).as_ref() == fingerprint(&self.state).as_ref());
        if same && provider == self.provider { Ok(()) } else { Err(Untrusted::State) }
    }
}

/// Hides what signs in.
impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attempt({})", self.provider)
    }
}
