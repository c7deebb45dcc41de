//! The number a buyer can name when something went wrong.

use http::HeaderMap;
use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

/// Set by the server's outer layer on every request.
const HEADER: &str = "x-request-id";
const MAX_LENGTH: usize = 64;

/// The id of one request, as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(String);

impl RequestId {
    /// Takes the id from the header if it is short and plain; else counts.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        static COUNTER: AtomicU64 = AtomicU64::new(1);
        let plain = |id: &&str| {
            !id.is_empty()
                && id.len() <= MAX_LENGTH
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(plain);
        match given {
            Some(id) => Self(id.to_owned()),
            None => Self(format!("web-{}", COUNTER.fetch_add(1, Ordering::Relaxed))),
        }
    }

    /// As text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_plain_id_is_kept_and_anything_else_is_replaced() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, HeaderValue::from_static(value));
            RequestId::of(&headers).to_string()
        };
        assert_eq!(of("0193-ab_c.d"), "0193-ab_c.d");
        assert!(of("<script>").starts_with("web-"));
        assert!(of("").starts_with("web-"));
        assert_ne!(RequestId::of(&HeaderMap::new()), RequestId::of(&HeaderMap::new()));
    }
}
