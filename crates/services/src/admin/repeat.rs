//! What makes a request of staff safe to repeat: its key names what it makes.

use crate::Context;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// The longest idempotency key, in characters.
const KEY_LENGTH: usize = 255;

/// A key that is empty, or longer than 255 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 1 to {KEY_LENGTH} characters")]
pub struct BadKey;

/// The id of what a request makes. The same key gives the same id, so that the row itself tells whether it was made already; `what` and
/// `of` keep keys of different acts apart. Without a key it is a new one.
pub(super) fn id_for(ctx: &Context, what: &str, of: Uuid, key: Option<&str>) -> Result<Uuid, BadKey> {
    let Some(key) = key else { return Ok(ctx.ports.ids.id()) };
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
