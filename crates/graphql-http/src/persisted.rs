//! Automatic persisted queries: a client sends the SHA-256 of a document instead of the document, and the document once
//! when the server does not know the hash yet.

use std::sync::Arc;

use moka::sync::Cache;
use sha2::{Digest, Sha256};

use crate::{error_code::ErrorCode, refusal::Refusal};

/// The hash of a document's text.
pub(crate) type DocumentHash = [u8; 32];

/// Documents by hash, bounded by the bytes of their text.
pub(crate) struct PersistedQueries {
    store: Option<Cache<DocumentHash, Arc<str>>>,
}

impl PersistedQueries {
    /// A store of `bytes` bytes; 0 switches it off.
    pub(crate) fn new(bytes: u64) -> Self {
        let store = (bytes > 0).then(|| {
            Cache::builder()
                .max_capacity(bytes)
                .weigher(|_: &DocumentHash, text: &Arc<str>| {
                    u32::try_from(text.len() + 64).unwrap_or(u32::MAX)
                })
                .build()
        });
        Self { store }
    }

    /// Finds a document.
    ///
    /// # Errors
    /// `PERSISTED_QUERY_NOT_FOUND`, which tells the client to send the document, or `PERSISTED_QUERY_NOT_SUPPORTED`. The
    /// messages are those that clients match on.
    pub(crate) fn find(&self, hash: &DocumentHash) -> Result<Arc<str>, Refusal> {
        let Some(store) = &self.store else {
            return Err(Refusal::new(ErrorCode::PersistedQueryNotSupported, "PersistedQueryNotSupported"));
        };
        store.get(hash).ok_or_else(Self::not_found)
    }

    /// A hash that is not known.
    pub(crate) fn not_found() -> Refusal {
        Refusal::new(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound")
    }

    /// Checks that a hash is that of the text sent with it.
    ///
    /// # Errors
    /// `PERSISTED_QUERY_MISMATCH`.
    pub(crate) fn verify(hash: &DocumentHash, text: &str) -> Result<(), Refusal> {
        if Sha256::digest(text.as_bytes())[..] == hash[..] {
            Ok(())
        } else {
            let message = "The hash is not the SHA-256 of the document.";
            Err(Refusal::new(ErrorCode::PersistedQueryMismatch, message))
        }
    }

    /// Keeps a valid document whose hash was verified.
    pub(crate) fn keep(&self, hash: DocumentHash, text: &str) {
        if let Some(store) = &self.store {
            store.insert(hash, Arc::from(text));
        }
    }
}
