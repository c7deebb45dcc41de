//! One connection, kept alive, one request at a time.

use super::answer::{Answer, Head, head};
use anyhow::{Context, bail};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Room that each read is offered.
const READ: usize = 256 * 1024;

/// A connection that is kept alive.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// Nobody listens there.
    pub(crate) async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, request: Vec::with_capacity(8 * 1024), answer: Vec::with_capacity(READ) })
    }

    /// Sends what `write` writes and waits for the whole answer.
    ///
    /// # Errors
    /// The connection breaks, or what comes is no answer.
    pub(crate) async fn ask(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> anyhow::Result<Answer<'_>> {
        self.request.clear();
        write(&mut self.request);
        self.stream.write_all(&self.request).await.context("sending")?;
        self.answer.clear();
        let head = self.read().await?;
        Ok(Answer { status: head.status, body: &self.answer[head.begin..head.end] })
    }

    async fn read(&mut self) -> anyhow::Result<Head> {
        let mut known: Option<Head> = None;
        loop {
            self.answer.reserve(READ / 4);
            if self.stream.read_buf(&mut self.answer).await.context("receiving")? == 0 {
                bail!("the server closed the connection in the middle of an answer");
            }
            if known.is_none() {
                known = head(&self.answer)?;
            }
            match known {
                Some(head) if self.answer.len() == head.end => return Ok(head),
                Some(head) if self.answer.len() > head.end => bail!("more came than was asked for"),
                Some(_) | None => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// A server that waits for a request and sends its answer in the given pieces.
    async fn served(pieces: &'static [&'static str]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            socket.set_nodelay(true).unwrap();
            let mut request = [0; 1024];
            let _ = socket.read(&mut request).await.unwrap();
            for piece in pieces {
                socket.write_all(piece.as_bytes()).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        });
        address
    }

    async fn ask(pieces: &'static [&'static str]) -> anyhow::Result<(u16, String)> {
        let mut connection = Connection::open(served(pieces).await).await.unwrap();
        let answer = connection.ask(|out| out.extend_from_slice(b"GET / HTTP/1.1\r\n\r\n")).await?;
        Ok((answer.status, String::from_utf8_lossy(answer.body).into_owned()))
    }

    #[tokio::test]
    async fn an_answer_may_come_in_pieces() {
        let pieces = &["HTTP/1.1 201 Created\r\ncontent-le", "ngth: 5\r\n\r\nhe", "llo"];
        assert_eq!(ask(pieces).await.unwrap(), (201, "hello".to_owned()));
    }

    #[tokio::test]
    async fn an_answer_that_is_cut_off_is_an_error() {
        let error = ask(&["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe"]).await.unwrap_err();
        assert!(error.to_string().contains("closed"), "{error}");
    }
}
