//! GraphQL over that client.

use super::{Answer, Connection, write_request};
use anyhow::{Context, bail};
use memchr::memmem;
use serde_json::Value;
use std::{net::SocketAddr, sync::LazyLock};

const HEADERS: &str = "content-type: application/json\r\naccept: application/json\r\n";

/// A document, made ready to be sent with variables.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    host: String,
    /// Further lines of the head.
    headers: String,
    /// The body up to where the variables stand.
    prefix: Vec<u8>,
}

impl Document {
    /// The document for the server at an address.
    pub(crate) fn new(address: SocketAddr, text: &str) -> Self {
        let query = Value::from(lean(text));
        let prefix = format!("{{\"query\":{query},\"variables\":").into_bytes();
        Self { host: address.to_string(), headers: String::new(), prefix }
    }

    /// The same as a proxy passes it on for a client at this address.
    pub(crate) fn on_behalf_of(self, client: &str) -> Self {
        Self { headers: format!("x-forwarded-for: {client}\r\n"), ..self }
    }

    /// Writes a request with `variables`, a JSON object.
    pub(crate) fn write(&self, variables: &str, out: &mut Vec<u8>) {
        let length = self.prefix.len() + variables.len() + 1;
        let begin = ["POST /graphql HTTP/1.1\r\nhost: ", &self.host, "\r\n", HEADERS, &self.headers];
        for part in begin.into_iter().chain(["content-length: "]) {
            out.extend_from_slice(part.as_bytes());
        }
        out.extend_from_slice(length.to_string().as_bytes());
        out.extend_from_slice(b"\r\n\r\n");
        out.extend_from_slice(&self.prefix);
        out.extend_from_slice(variables.as_bytes());
        out.push(b'}');
    }

    /// Asks, and reads the data of an answer without errors.
    ///
    /// # Errors
    /// The server does not answer, or not with data.
    pub(crate) async fn ask(&self, connection: &mut Connection, variables: &Value) -> anyhow::Result<Value> {
        let answer = connection.ask(|out| self.write(&variables.to_string(), out)).await?;
        check(answer)?;
        let mut body: Value = serde_json::from_slice(answer.body).context("the answer is no JSON")?;
        Ok(body["data"].take())
    }
}

/// Comments and indentation are for readers of the file.
fn lean(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

/// Posts a form or nothing to another route and reads the JSON of its answer.
///
/// # Errors
/// The server does not answer, or not with 200 and JSON.
pub(crate) async fn data(
    connection: &mut Connection,
    address: SocketAddr,
    line: &str,
    headers: &str,
    body: &str,
) -> anyhow::Result<Value> {
    let host = address.to_string();
    let answer = connection.ask(|out| write_request(out, line, &host, headers, body.as_bytes())).await?;
    if answer.status != 200 {
        bail!("{line}: status {}: {}", answer.status, answer.excerpt());
    }
    serde_json::from_slice(answer.body).context("the answer is no JSON")
}

static ERRORS: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(b"\"errors\":["));
static USER_ERRORS: LazyLock<memmem::Finder<'static>> =
    LazyLock::new(|| memmem::Finder::new(b"\"userErrors\":[{"));

/// Refuses an answer that is no success: another status, errors, or a refusal to the user. Cheap enough for every answer.
///
/// # Errors
/// It is none.
pub(crate) fn check(answer: Answer<'_>) -> anyhow::Result<()> {
    if answer.status != 200 {
        bail!("status {}: {}", answer.status, answer.excerpt());
    }
    if ERRORS.find(answer.body).is_some() || USER_ERRORS.find(answer.body).is_some() {
        bail!("the request was refused: {}", answer.excerpt());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(status: u16, body: &str) -> bool {
        check(Answer { status, body: body.as_bytes() }).is_ok()
    }

    #[test]
    fn only_successes_pass() {
        assert!(checked(200, r#"{"data":{"cartLinesAdd":{"userErrors":[]}}}"#));
        assert!(!checked(500, r#"{"data":{}}"#));
        assert!(!checked(200, r#"{"data":null,"errors":[{"message":"no"}]}"#));
        assert!(!checked(200, r#"{"data":{"cartLinesAdd":{"userErrors":[{"code":"INVALID"}]}}}"#));
    }

    #[test]
    fn a_request_says_how_long_it_is() {
        let document = Document::new("127.0.0.1:80".parse().unwrap(), "# who\n{ shop {\n    name } }\n");
        let mut out = Vec::new();
        document.write("{}", &mut out);
        let text = String::from_utf8(std::mem::take(&mut out)).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, r#"{"query":"{ shop {\nname } }","variables":{}}"#);
        assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
        document.on_behalf_of("10.0.0.1").write("{}", &mut out);
        assert!(String::from_utf8(out).unwrap().contains("\r\nx-forwarded-for: 10.0.0.1\r\n"));
    }
}
