//! Requests that no client would send: byte by byte.

use super::shop::Shop;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// What does not come in this time does not come.
const PATIENCE: Duration = Duration::from_secs(60);

impl Shop {
    /// Sends these bytes on a connection of their own, and gives all that is answered until it is closed.
    pub(crate) async fn raw(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.app.address()).await.expect("the server listens");
        stream.write_all(request).await.expect("the server reads");
        let mut answer = Vec::new();
        let read = timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
        let read = read.expect("nothing came for a minute");
        // Whoever closes while something is still to be read resets the connection.
        assert!(read.is_ok() || !answer.is_empty(), "{read:?}");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks for a path exactly as it is written: no client puts it in order.
    pub(crate) async fn get_raw(&self, path: &str) -> String {
        let host = self.app.address();
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        self.raw(request.as_bytes()).await
    }
}

/// The status of an answer.
pub(crate) fn status(answer: &str) -> u16 {
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer: {answer:?}"))
}
