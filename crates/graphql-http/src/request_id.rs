//! The id that joins an answer with the log.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use http::HeaderMap;

/// The header that carries the id; the server's outer layer sets it.
const HEADER: &str = "x-request-id";
const MAX_LENGTH: usize = 64;

/// The id of one HTTP request. It is in the data of every request, and in `extensions.requestId` of a masked fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// Takes the id from `x-request-id`, if it is short and plain; else counts, so that a log line can still be found.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        static COUNTER: AtomicU64 = AtomicU64::new(1);
        let plain = |id: &&str| {
            !id.is_empty()
                && id.len() <= MAX_LENGTH
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(plain);
        match given {
            Some(id) => Self(Arc::from(id)),
            None => Self(format!("gql-{}", COUNTER.fetch_add(1, Ordering::Relaxed)).into()),
        }
    }

    /// The id of one of several operations that came with the request of this id.
    pub(crate) fn numbered(&self, number: u64) -> Self {
        Self(format!("{self}.{number}").into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
