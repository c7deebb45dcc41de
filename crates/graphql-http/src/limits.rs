//! How much one request may ask for.

use std::time::Duration;

use crate::{live::LiveLimits, trusted::Documents};

/// Limits on requests and documents. [`Limits::default`] lets every query of a real storefront pass.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of an HTTP request body. Default 1 MiB.
    pub body_bytes: usize,
    /// Entries of a batch (a JSON array of requests), executed one after the other; 0 refuses batches. Default 10.
    pub batch_entries: usize,
    /// Time to receive the body, and again time to answer. Default 30 seconds.
    pub timeout: Duration,
    /// Bytes of one document. Default 64 KiB.
    pub document_bytes: usize,
    /// Lexical tokens of one document. Default 10,000.
    pub document_tokens: usize,
    /// Nesting of `{`, `(` and `[` in the text of a document. Default 64.
    pub document_nesting: usize,
    /// Selections (fields and fragments) after every fragment is expanded where it is used, summed over the operations
    /// of the document. Default 10,000.
    pub expanded_selections: usize,
    /// Field levels of an operation, fragments not counted. Real storefronts use 13, introspection tools 15. Default 20.
    pub depth: usize,
    /// Levels of selection sets of an operation, fragments counted. Default 50.
    pub selection_nesting: usize,
    /// Aliases after expansion. Default 200.
    pub aliases: usize,
    /// Directives after expansion. Default 200.
    pub directives: usize,
    /// Objects that an operation can return: a field with a selection set counts 1, and what is below a field with
    /// `first` or `last`, or an entry of a list that is asked for by a list, counts that many times. Default 150,000.
    pub cost: u64,
    /// The same count over all fields, leaves included: what the executor may have to resolve. Default 1,000,000.
    pub resolved_fields: u64,
    /// The page size assumed where `first` and `last` are both left out and the schema names no default. Default 50.
    pub assumed_page: u64,
    /// List fields of the introspection schema (`fields`, `interfaces`, `possibleTypes`, `inputFields`, …) nested in each
    /// other; they have no page size, so their nesting multiplies without bound. Default 2, what tools use.
    pub introspection_lists: usize,
    /// Whether `__schema` and `__type` are answered. Default true.
    pub introspection: bool,
    /// Whether answers say in `extensions.cost` what the operation costs, and what is left where that is counted; of a
    /// subscription its first event does. Default false.
    pub cost_extension: bool,
    /// Which documents are taken. Default any.
    pub documents: Documents,
    /// Errors in one answer; the rest is counted in `extensions.errorsOmitted`. Default 20.
    pub errors: usize,
    /// Bytes kept by the cache of prepared documents. Default 64 MiB.
    pub document_cache_bytes: u64,
    /// Bytes kept by the store of automatic persisted queries; 0 switches them off. Default 8 MiB.
    pub persisted_query_bytes: u64,
    /// Mutations that run at once, over the whole server; each runs to its end whoever has gone. Further ones wait their turn, and
    /// `timeout` is theirs too. Default 1,000.
    pub mutations: usize,
    /// Bounds on what stays open: WebSockets and event streams.
    pub live: LiveLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            batch_entries: 10,
            timeout: Duration::from_secs(30),
            document_bytes: 64 * 1024,
            document_tokens: 10_000,
            document_nesting: 64,
            expanded_selections: 10_000,
            depth: 20,
            selection_nesting: 50,
            aliases: 200,
            directives: 200,
            cost: 150_000,
            resolved_fields: 1_000_000,
            assumed_page: 50,
            introspection_lists: 2,
            introspection: true,
            cost_extension: false,
            documents: Documents::Any,
            errors: 20,
            document_cache_bytes: 64 * 1024 * 1024,
            persisted_query_bytes: 8 * 1024 * 1024,
            mutations: 1_000,
            live: LiveLimits::default(),
        }
    }
}
