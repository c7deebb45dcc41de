//! Time and randomness, as parameters.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A moment, in UTC. Whole microseconds everywhere: what Postgres keeps, so that a time that went through the
/// database still equals itself.
pub type Timestamp = DateTime<Utc>;

/// Tells the time. Tests run on one that stands still until told.
pub trait Clock: Send + Sync {
    /// Now, truncated to whole microseconds.
    fn now(&self) -> Timestamp;
}

/// Makes identifiers and secrets.
pub trait IdGenerator: Send + Sync {
    /// A time-ordered identifier (UUID version 7), for rows.
    fn id(&self) -> Uuid;
    /// An identifier nobody can guess (UUID version 4, 122 random bits), for what is also a key: carts.
    fn secret_id(&self) -> Uuid;
    /// An unguessable token of 32 random bytes in URL-safe letters (base64url without padding, 43 characters).
    fn token(&self) -> String;
}
