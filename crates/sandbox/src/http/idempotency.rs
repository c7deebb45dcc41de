//! Idempotency keys: one request, one action, however often it is sent.
//!
//! Source: Stripe's page on idempotent requests. An answer is kept once the endpoint has begun to execute, success or
//! failure alike; a request whose parameters do not pass is not, so that it can be corrected under the same key.

use sha2::{Digest, Sha256};

use super::answer::Answer;
use crate::{
    error::ApiError,
    form::{Entries, canonical},
    model::SavedAnswer,
    store::Tx,
};

/// A request that carries a key.
pub(super) struct Keyed {
    pub(super) key: String,
    endpoint: String,
    fingerprint: String,
    request_id: String,
}

impl Keyed {
    /// A POST request with its parameters. Keys have at most 255 characters.
    pub(super) fn new(
        key: &str,
        endpoint: String,
        params: &Entries,
        request_id: &str,
    ) -> Result<Self, ApiError> {
        if key.is_empty() || key.chars().count() > 255 {
            return Err(ApiError::idempotency("Idempotency keys must have 1 to 255 characters."));
        }
        let mut hash = Sha256::new();
        hash.update(&endpoint);
        for leaf in canonical(params) {
            // The length first, so that no two sets of leaves read the same.
            hash.update(leaf.len().to_be_bytes());
            hash.update(leaf);
        }
        let fingerprint = hex::encode(hash.finalize());
        Ok(Self { key: key.to_owned(), endpoint, fingerprint, request_id: request_id.to_owned() })
    }

    /// The answer that was given before, or the error that the key was used for something else.
    pub(super) fn replay(&self, tx: &Tx<'_>) -> Result<Option<Answer>, ApiError> {
        let Some(saved) = tx.find::<SavedAnswer>(&self.key).filter(|saved| !saved.expired(tx.now)) else {
            return Ok(None);
        };
        let key = &self.key;
        if saved.endpoint != self.endpoint {
            return Err(ApiError::idempotency(format!(
                "Keys for idempotent requests can only be used for the same endpoint they were first used for ('{}' \
                 vs '{}'). Try using a key other than '{key}' if you meant to execute a different request.",
                self.endpoint, saved.endpoint
            )));
        }
        if saved.fingerprint != self.fingerprint {
            return Err(ApiError::idempotency(format!(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. \
                 Try using a key other than '{key}' if you meant to execute a different request."
            )));
        }
        let status = axum::http::StatusCode::from_u16(saved.status).unwrap_or_default();
        Ok(Some(Answer {
            status,
            body: saved.body.clone(),
            original_request: Some(saved.request_id.clone()),
        }))
    }

    /// Keeps an answer, in the same change as what was done for it.
    pub(super) fn save(&self, tx: &mut Tx<'_>, answer: &Answer) {
        let created = tx.now;
        tx.put(SavedAnswer {
            key: self.key.clone(),
            created,
            endpoint: self.endpoint.clone(),
            fingerprint: self.fingerprint.clone(),
            request_id: self.request_id.clone(),
            status: answer.status.as_u16(),
            body: answer.body.clone(),
        });
    }
}
