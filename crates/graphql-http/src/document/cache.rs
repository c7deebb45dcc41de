//! The cache of prepared documents. Shops send the same few dozen documents all day; parsing and validating one costs
//! more than executing it.

use std::sync::Arc;

use moka::sync::Cache;

use super::PreparedDocument;

/// Documents by their text, bounded by the memory they take.
pub(crate) struct DocumentCache(Cache<Arc<str>, Arc<PreparedDocument>>);

impl DocumentCache {
    /// A cache of about `bytes` bytes.
    pub(crate) fn new(bytes: u64) -> Self {
        let cache = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_: &Arc<str>, document: &Arc<PreparedDocument>| document.bytes)
            .build();
        Self(cache)
    }

    pub(crate) fn get(&self, text: &str) -> Option<Arc<PreparedDocument>> {
        self.0.get(text)
    }

    pub(crate) fn insert(&self, text: &str, document: Arc<PreparedDocument>) {
        self.0.insert(Arc::from(text), document);
    }
}
