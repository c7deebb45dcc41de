//! One connection, kept alive, one request at a time.

use super::answer::{Answer, Head, head};
use anyhow::{Context, bail};
use std::{io::ErrorKind, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Room that each read is offered.
const READ: usize = 256 * 1024;

/// A connection that is kept alive.
#[derive(Debug)]
pub(crate) struct Connection {
    address: SocketAddr,
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
        let stream = connect(address).await?;
        Ok(Self { address, stream, request: Vec::with_capacity(8 * 1024), answer: Vec::with_capacity(READ) })
    }

    /// Sends what `write` writes and waits for the whole answer.
    ///
    /// # Errors
    /// The connection breaks, or what comes is no answer.
    pub(crate) async fn ask(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> anyhow::Result<Answer<'_>> {
        if self.was_let_go() {
            self.stream = connect(self.address).await.context("connecting anew")?;
        }
        self.request.clear();
        write(&mut self.request);
        self.stream.write_all(&self.request).await.context("sending")?;
        self.answer.clear();
        let head = self.read().await?;
        Ok(Answer { status: head.status, body: &self.answer[head.begin..head.end] })
    }

    /// Whether the server has closed it while it was idle, as it may with one that waits for its turn. Costs no system call
    /// while it has not.
    fn was_let_go(&self) -> bool {
        !matches!(self.stream.try_read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
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

async fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
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
    async fn a_connection_that_was_let_go_while_idle_is_made_anew() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut connection = Connection::open(listener.local_addr().unwrap()).await.unwrap();
        drop(listener.accept().await.unwrap());
        while !connection.was_let_go() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        let served = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 1024]).await.unwrap();
            socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi").await.unwrap();
            socket
        });
        let answer = connection.ask(|out| out.extend_from_slice(b"GET / HTTP/1.1\r\n\r\n")).await.unwrap();
        assert_eq!((answer.status, answer.body), (200, &b"hi"[..]));
        drop(served.await.unwrap());
    }

    #[tokio::test]
    async fn an_answer_that_is_cut_off_is_an_error() {
        let error = ask(&["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe"]).await.unwrap_err();
        assert!(error.to_string().contains("closed"), "{error}");
    }
}
