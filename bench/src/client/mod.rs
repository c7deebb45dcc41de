//! A lean HTTP/1.1 client: prepared bytes out, a length and a status in. What it does not spend is left to the server.

mod answer;
mod connection;
mod graphql;

pub(crate) use answer::Answer;
pub(crate) use connection::Connection;
pub(crate) use graphql::{Document, check, data};

/// Writes a request whose body is known, for an origin server at `host`.
pub(crate) fn write_request(out: &mut Vec<u8>, line: &str, host: &str, headers: &str, body: &[u8]) {
    for part in [line, " HTTP/1.1\r\nhost: ", host, "\r\n", headers] {
        out.extend_from_slice(part.as_bytes());
    }
    if !body.is_empty() {
        out.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body);
}
