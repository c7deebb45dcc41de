//! The yardstick.

use crate::{
    client::{Connection, write_request},
    load::Worker,
    plain::PATH,
};
use anyhow::bail;
use std::net::SocketAddr;

/// Asks for the plain route.
pub(super) struct PlainReader {
    connection: Connection,
    request: Vec<u8>,
}

impl PlainReader {
    pub(super) fn new(connection: Connection, address: SocketAddr) -> Self {
        let mut request = Vec::new();
        let line = format!("GET {PATH}");
        write_request(&mut request, &line, &address.to_string(), "accept: application/json\r\n", b"");
        Self { connection, request }
    }
}

impl Worker for PlainReader {
    async fn unit(&mut self) -> anyhow::Result<u64> {
        let request = &self.request;
        let answer = self.connection.ask(|out| out.extend_from_slice(request)).await?;
        if answer.status != 200 || answer.body.len() < 4_000 {
            bail!("the plain route answers with status {}: {}", answer.status, answer.excerpt());
        }
        Ok(1)
    }
}
