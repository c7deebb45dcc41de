//! What must hold whatever anybody sends.
//!
//! Each target takes any bytes, hands them to the code of a shop that reads such things, and panics where a promise is broken: the
//! code panics, answers 500 or 503, tells of a fault of ours, or believes what nobody has signed. Most of them ask a whole shop, with its
//! router and its database, since a text that the parser takes may still break a statement; and they ask it as nobody, as a customer and as
//! its owner, since most of what there is to break is not there for strangers.
//!
//! They are called by the fuzzer (`fuzz/`, `make fuzz`), and by this crate's tests: for each file of the corpus, and for what
//! proptest makes of these.

mod answer;
mod csv;
mod document;
mod gateway;
mod ids;
mod people;
mod search;
mod shop;
mod tokens;
mod webhook;

pub use csv::csv;
pub use document::document;
pub use ids::gid_cursor;
pub use search::search_query;
pub use tokens::jwt;
pub use webhook::webhook;

/// A target, which panics where the bytes break a promise.
pub type Target = fn(&[u8]);

/// Every target, by the name of its folder in the corpus.
pub const TARGETS: [(&str, Target); 6] = [
    ("csv", csv),
    ("document", document),
    ("gid_cursor", gid_cursor),
    ("jwt", jwt),
    ("search_query", search_query),
    ("webhook", webhook),
];
