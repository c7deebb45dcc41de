//! Trusted documents: a server that runs what its owner has written down, and nothing else.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    sync::Arc,
};

use sha2::{Digest, Sha256};

use crate::{
    error_code::ErrorCode,
    persisted::{DocumentHash, PersistedQueries},
    refusal::Refusal,
};

/// Which documents are taken.
#[derive(Clone, Debug, Default)]
pub enum Documents {
    /// Any, within the limits.
    #[default]
    Any,
    /// These only, by their text, or by the hash that automatic persisted queries send. Others are refused with
    /// `DOCUMENT_NOT_TRUSTED`; nothing that clients send is kept.
    Trusted(TrustedDocuments),
}

/// Documents that were written down beforehand. Cloning is cheap.
#[derive(Clone)]
pub struct TrustedDocuments(Arc<Known>);

struct Known {
    by_hash: HashMap<DocumentHash, Arc<str>>,
    /// The same, so that a text needs no SHA-256 to be found.
    texts: HashSet<Arc<str>>,
}

/// A list of trusted documents that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrustedDocumentsError {
    /// The text is no JSON object of strings.
    #[error("not a JSON object of documents by their hash: {0}")]
    Syntax(#[from] serde_json::Error),
    /// A document stands under something else than the SHA-256 of its text, so it or its hash was changed.
    #[error("\"{0}\" is not the SHA-256 of the document that stands under it")]
    Hash(String),
}

impl TrustedDocuments {
    /// Reads a JSON object of documents, each under the SHA-256 of its text in hexadecimal digits: what generators of clients
    /// write as "persisted documents". Whether a document fits the schema shows when it is asked for.
    ///
    /// # Errors
    /// It is something else, or a hash is wrong.
    pub fn parse(json: &str) -> Result<Self, TrustedDocumentsError> {
        let documents: BTreeMap<String, String> = serde_json::from_str(json)?;
        let (mut by_hash, mut texts) = (HashMap::new(), HashSet::new());
        for (name, text) in documents {
            let hash: DocumentHash = Sha256::digest(text.as_bytes()).into();
            let mut named = DocumentHash::default();
            if hex::decode_to_slice(&name, &mut named).is_err() || named != hash {
                return Err(TrustedDocumentsError::Hash(name));
            }
            let text: Arc<str> = text.into();
            texts.insert(Arc::clone(&text));
            by_hash.insert(hash, text);
        }
        Ok(Self(Arc::new(Known { by_hash, texts })))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.texts.len()
    }

    /// Whether nothing is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.texts.is_empty()
    }

    /// Finds the document that a request sends, names, or both.
    ///
    /// # Errors
    /// `DOCUMENT_NOT_TRUSTED`, or `PERSISTED_QUERY_MISMATCH` for a hash that is another document's.
    pub(crate) fn find<'a>(
        &'a self,
        text: Option<&'a str>,
        hash: Option<&DocumentHash>,
    ) -> Result<&'a str, Refusal> {
        let found = match (text, hash) {
            (Some(text), hash) => {
                self.check(text)?;
                if let Some(hash) = hash {
                    PersistedQueries::verify(hash, text)?;
                }
                Some(text)
            }
            (None, Some(hash)) => self.0.by_hash.get(hash).map(|text| &**text),
            (None, None) => None,
        };
        found.ok_or_else(not_trusted)
    }

    /// Checks a text.
    ///
    /// # Errors
    /// `DOCUMENT_NOT_TRUSTED`.
    pub(crate) fn check(&self, text: &str) -> Result<(), Refusal> {
        if self.0.texts.contains(text) { Ok(()) } else { Err(not_trusted()) }
    }
}

impl fmt::Debug for TrustedDocuments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustedDocuments").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// A document that is not on the list, or not for whoever asks.
pub(crate) fn not_trusted() -> Refusal {
    Refusal::new(ErrorCode::DocumentNotTrusted, "This server runs only documents that it knows beforehand.")
}
