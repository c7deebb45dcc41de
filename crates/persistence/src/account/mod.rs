//! Sign-ins in the system of record, customers' and staff's alike: sessions, links in mails, sign-ins that wait, and keys.
//!
//! Nothing here opens a door by itself: tokens are made over these rows with a key that the database does not have. What may be used
//! once is taken by a conditional update, so of two at once one has it.

mod challenges;
mod devices;
mod entities;
mod keys;
mod map;
mod password;
mod principal;
mod sessions;
mod sweep;
mod tokens;

pub use challenges::{end_challenge, find_challenge, insert_challenge, try_challenge};
pub use devices::{is_new_network, networks_of};
pub use keys::{
    KeyCheck, KeysChecked, StoredKey, add_key_check, check_keys, insert_signing_key, key_checks,
    remove_key_check, remove_signing_keys, retire_signing_key, signing_keys,
};
pub use password::{Credentials, PasswordHash, still_waits};
pub use principal::{Principal, principal};
pub use sessions::{
    find_session, insert_session, list_sessions, revoke, revoke_all, rotate, sessions_of, slide, step_up,
};
pub use sweep::{Swept, sweep};
pub use tokens::{archives_over, find_token, insert_token, remove_token, take_token, tokens_of, void_tokens};

pub(crate) use entities::tokens as token_rows;
pub(crate) use keys::{PRIVATE_KEY, signing_key_row};
pub(crate) use map::{CHALLENGE_BODY, TOKEN_BODY};

use crate::db::WriteTx;
use stoa_domain::{account::Realm, shared::Fault};
use uuid::Uuid;

/// Takes away every sign-in of somebody, every link in their mails and every place they were seen in. Lock their account first.
///
/// # Errors
/// The database does not answer.
pub async fn forget(tx: &WriteTx, realm: Realm, subject: Uuid) -> Result<(), Fault> {
    sessions::remove_all(tx, realm, subject).await?;
    tokens::remove_all(tx, realm, subject).await?;
    devices::remove_all(tx, realm, subject).await
}

#[cfg(test)]
pub(crate) mod tests;
