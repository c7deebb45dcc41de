//! The port of the store that keeps files.

use super::{MediaKey, MediaType};
use crate::shared::Fault;
use async_trait::async_trait;
use std::time::Duration;

/// A file as it was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What it is.
    pub kind: MediaType,
    /// What lies there.
    pub body: Vec<u8>,
}

/// Keeps files, each under a key that is used once. It decides nothing: who may fetch a private file is known to whoever asks for
/// its address.
#[async_trait]
pub trait MediaStore: Send + Sync {
    /// Writes a file. It is there as a whole or not at all; the same file again changes nothing.
    ///
    /// # Errors
    /// The store cannot be reached or is full. The file may be there all the same.
    async fn put(&self, key: &MediaKey, kind: MediaType, body: Vec<u8>) -> Result<(), Fault>;

    /// What lies there; `None` if nothing does.
    ///
    /// # Errors
    /// The store cannot be reached.
    async fn get(&self, key: &MediaKey) -> Result<Option<Stored>, Fault>;

    /// Takes a file away. One that is not there is no error.
    ///
    /// # Errors
    /// The store cannot be reached. The file may be gone all the same.
    async fn delete(&self, key: &MediaKey) -> Result<(), Fault>;

    /// The address under which a browser fetches it: of a public file one that stays, of a private one that works for `lifetime`.
    /// Given whether or not the file is there.
    ///
    /// # Errors
    /// The address cannot be signed.
    async fn url(&self, key: &MediaKey, lifetime: Duration) -> Result<String, Fault>;
}
