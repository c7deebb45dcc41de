//! What an access token says.

use chrono::serde::ts_seconds;
use serde::{Deserialize, Serialize};
use stoa_domain::shared::Timestamp;
use uuid::Uuid;

/// Who has signed in, in which session, and until when this is taken for granted by others. Times are whole seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The account.
    #[serde(rename = "sub")]
    pub subject: Uuid,
    /// The session; it may end before the token does.
    #[serde(rename = "sid")]
    pub session: Uuid,
    /// Whose accounts it is one of: customers or staff.
    pub realm: String,
    /// When it was given out.
    #[serde(rename = "iat", with = "ts_seconds")]
    pub issued_at: Timestamp,
    /// From when on it is worth nothing.
    #[serde(rename = "exp", with = "ts_seconds")]
    pub expires_at: Timestamp,
    /// The token itself.
    #[serde(rename = "jti")]
    pub id: Uuid,
}

/// A token's payload: the claims, between whom they are made.
#[derive(Serialize)]
pub(super) struct Signed<'a> {
    pub(super) iss: &'a str,
    pub(super) aud: &'a str,
    #[serde(flatten)]
    pub(super) claims: &'a Claims,
}
