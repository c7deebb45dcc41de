//! Cookies: as a request brings them, and as they are set.

use http::{HeaderMap, header};

/// Every value of a cookie of this name, in the order in which the browser sends them.
pub(super) fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.filter_map(move |(key, value)| (key.trim() == name).then_some(value.trim()))
}

/// A `Set-Cookie`. All of ours are for TLS alone, for no script, and say whether they are sent with forms of other sites.
pub(super) fn written(name: &str, value: &str, seconds: i64, site: &str) -> String {
    format!("{name}={value}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite={site}", seconds.max(0))
}
