//! What makes a request of staff safe to repeat: its key names what it makes, and a fingerprint tells whether it is the same request.

use sha2::{Digest, Sha256};
use stoa_domain::access::{Permit, Who};
use uuid::{Builder, Uuid};

/// The longest idempotency key, in characters.
const KEY_LENGTH: usize = 255;

/// A key that is empty, or longer than 255 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 1 to {KEY_LENGTH} characters")]
pub struct BadKey;

/// The id of what a request makes. The same key gives the same id, so that the row itself tells whether it was made already; `what` and
/// `of` keep keys of different acts apart.
pub(super) fn id_for(what: &str, of: Uuid, key: &str) -> Result<Uuid, BadKey> {
    if key.is_empty() || key.chars().count() > KEY_LENGTH {
        return Err(BadKey);
    }
    let mut hash = Sha256::new_with_prefix(what);
    hash.update([0]);
    hash.update(of.as_bytes());
    hash.update(key);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Ok(Builder::from_custom_bytes(bytes).into_uuid())
}

/// Whose keys those are that belong to nothing else: two programs may count their deliveries from 1 each.
pub(super) fn whose<G>(by: &Permit<G>) -> Uuid {
    match by.actor().who() {
        Who::Staff { id, .. } => id.uuid(),
        Who::Key { id, .. } => id.uuid(),
        Who::Command { .. } => Uuid::nil(),
    }
}

/// What is asked for, as 64 characters; two requests that differ in a part differ in it.
pub(super) fn fingerprint(parts: impl IntoIterator<Item = String>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // Each with its length, so that no two rows of parts are the same text.
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
