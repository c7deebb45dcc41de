//! The id that joins a request, its log lines and its answer.

use http::{HeaderMap, HeaderName, HeaderValue};
use std::sync::atomic::{AtomicU64, Ordering};
use stoa_domain::shared::IdGenerator;

/// Where it travels.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// The longest one accepted from outside, in characters.
const MAX_LENGTH: usize = 64;

/// Makes ids: this process's random start, and a count. Cheaper than a random one each time, and in order in the log.
#[derive(Debug)]
pub(super) struct RequestIds {
    process: u32,
    count: AtomicU64,
}

impl RequestIds {
    pub(super) fn new(ids: &dyn IdGenerator) -> Self {
        // The first 32 of a random UUID's bits are all random.
        let (process, ..) = ids.secret_id().as_fields();
        Self { process, count: AtomicU64::new(1) }
    }

    /// The id that came with the request, if it is short and plain; else a new one, put where the next server looks for it.
    pub(super) fn settle(&self, headers: &mut HeaderMap) -> HeaderValue {
        if let Some(given) = headers.get(&HEADER).filter(|value| is_plain(value)) {
            return given.clone();
        }
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:08x}-{count:06x}", self.process);
        // Hexadecimal digits and a hyphen: always a header.
        let id = HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("unknown"));
        headers.insert(HEADER, id.clone());
        id
    }
}

/// The id of a request that has passed the edge.
pub(super) fn of(headers: &HeaderMap) -> &str {
    headers.get(&HEADER).and_then(|id| id.to_str().ok()).unwrap_or_default()
}

/// Whether an id from outside can go into a log and a header as it is.
fn is_plain(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    (1..=MAX_LENGTH).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_services::system::SystemIds;

    fn settled(given: Option<&str>) -> String {
        let mut headers = HeaderMap::new();
        if let Some(given) = given {
            headers.insert(HEADER, HeaderValue::from_str(given).unwrap());
        }
        let id = RequestIds::new(&SystemIds).settle(&mut headers);
        assert_eq!(headers.get(HEADER), Some(&id), "what is behind us sees the same id");
        id.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_plain_id_is_kept() {
        assert_eq!(settled(Some("abc-123_X.y")), "abc-123_X.y");
    }

    #[test]
    fn an_id_that_could_disturb_a_log_is_replaced() {
        for given in ["", "a b", "a\"b", "{}", &"x".repeat(65)] {
            assert_ne!(settled(Some(given)), given);
        }
    }

    #[test]
    fn two_requests_have_two_ids() {
        let ids = RequestIds::new(&SystemIds);
        let next = || ids.settle(&mut HeaderMap::new());
        assert_ne!(next(), next());
    }
}
