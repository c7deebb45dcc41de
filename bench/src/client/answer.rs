//! An answer, and where it ends.

use anyhow::{Context, bail};

/// Headers an answer may have.
const MAX_HEADERS: usize = 64;

/// An answer that has come in whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'b> {
    pub(crate) status: u16,
    pub(crate) body: &'b [u8],
}

impl Answer<'_> {
    /// The body as text, to show what went wrong; cut after its first 600 bytes.
    pub(crate) fn excerpt(&self) -> String {
        String::from_utf8_lossy(&self.body[..self.body.len().min(600)]).into_owned()
    }
}

/// What the head of an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    /// Where the body begins.
    pub(super) begin: usize,
    /// Where the answer ends.
    pub(super) end: usize,
}

/// Reads the head, if it has come in whole.
///
/// # Errors
/// It is no head, or one of an answer whose length is not told: every answer measured here tells it.
pub(super) fn head(bytes: &[u8]) -> anyhow::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(begin) = response.parse(bytes).context("not an answer of HTTP/1.1")?
    else {
        return Ok(None);
    };
    let status = response.code.context("an answer without a status")?;
    let length = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let Some(length) = length else { bail!("an answer with status {status} does not tell its length") };
    let length: usize = std::str::from_utf8(length.value)?.trim().parse().context("content-length")?;
    Ok(Some(Head { status, begin, end: begin + length }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_where_the_body_is() {
        let bytes = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: 3\r\n\r\nabc";
        assert_eq!(
            head(bytes).unwrap(),
            Some(Head { status: 200, begin: bytes.len() - 3, end: bytes.len() })
        );
    }

    #[test]
    fn half_a_head_is_waited_for() {
        assert_eq!(head(b"HTTP/1.1 200 OK\r\ncontent-le").unwrap(), None);
    }

    #[test]
    fn an_answer_of_unknown_length_is_an_error() {
        let error = head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").unwrap_err();
        assert!(error.to_string().contains("length"), "{error}");
        assert!(head(b"SSH-2.0-other\r\n\r\n").is_err());
    }
}
