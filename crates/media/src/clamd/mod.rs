//! A virus scanner, by the protocol of ClamAV's daemon (`man 8 clamd`, section COMMANDS).
//!
//! Any scanner that speaks it will do. Only a clear "OK" to the whole file lets it pass: silence, a broken line and words that
//! are not understood are faults, and the upload is not taken.

mod address;
#[cfg(test)]
mod tests;

pub use address::{ClamdAddress, InvalidClamd};

use std::{io, time::Duration};
use stoa_domain::shared::Fault;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// How much is sent at a time.
const CHUNK: usize = 64 * 1024;

/// No answer is longer.
const MAX_ANSWER: usize = 1_024;

const SCANNING: &str = "media.scan";

/// What the scanner says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It knows nothing against it.
    Clean,
    /// It knows it.
    Infected {
        /// By what name; visible ASCII characters.
        signature: String,
    },
    /// It reads no files as large as this one (`StreamMaxLength`), so it does not know.
    TooLarge,
}

/// A scanner.
#[derive(Clone, Debug)]
pub struct Clamd {
    address: ClamdAddress,
    patience: Duration,
}

impl Clamd {
    /// The scanner at an address, which has `patience` for each file, or for each sign of life: connecting, sending and
    /// answering together.
    pub const fn new(address: ClamdAddress, patience: Duration) -> Self {
        Self { address, patience }
    }

    /// Has a file scanned.
    ///
    /// # Errors
    /// The scanner cannot be reached, is too slow, ends in the middle, or says what is not understood.
    pub async fn scan(&self, file: &[u8]) -> Result<Verdict, Fault> {
        self.in_time(Box::pin(async {
            match &self.address {
                ClamdAddress::Tcp(host) => scan(TcpStream::connect(host.as_str()).await?, file).await,
                #[cfg(unix)]
                ClamdAddress::Unix(path) => scan(tokio::net::UnixStream::connect(path).await?, file).await,
            }
        }))
        .await
    }

    /// Whether the scanner is there.
    ///
    /// # Errors
    /// It is not.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.in_time(Box::pin(async {
            match &self.address {
                ClamdAddress::Tcp(host) => ping(TcpStream::connect(host.as_str()).await?).await,
                #[cfg(unix)]
                ClamdAddress::Unix(path) => ping(tokio::net::UnixStream::connect(path).await?).await,
            }
        }))
        .await
    }

    async fn in_time<T>(&self, work: impl Future<Output = io::Result<T>>) -> Result<T, Fault> {
        match timeout(self.patience, work).await {
            Ok(done) => done.map_err(|e| Fault::unavailable(SCANNING, e)),
            Err(late) => Err(Fault::unavailable(SCANNING, late)),
        }
    }
}

async fn ping(mut line: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    line.write_all(b"zPING\0").await?;
    line.flush().await?;
    match answer(&mut line).await?.as_slice() {
        b"PONG" => Ok(()),
        other => Err(not_understood(other)),
    }
}

async fn scan(line: impl AsyncRead + AsyncWrite, file: &[u8]) -> io::Result<Verdict> {
    let (mut hearing, mut speaking) = tokio::io::split(line);
    let mut sending = Box::pin(send(&mut speaking, file));
    let mut hearing = Box::pin(answer(&mut hearing));
    // It may answer before it has all, that it wants no more of it, and then reads no further: whoever only sent would wait for
    // ever. In this order, so that an answer to all counts as one to all.
    let (heard, is_all_sent) = tokio::select! {
        biased;
        sent = &mut sending => match hearing.await {
            Ok(heard) => (heard, sent.is_ok()),
            // What broke first tells more.
            Err(deaf) => return Err(sent.err().unwrap_or(deaf)),
        },
        heard = &mut hearing => (heard?, false),
    };
    match verdict(&heard) {
        Some(Verdict::Clean) if !is_all_sent => Err(io::Error::other("found clean before it was sent")),
        Some(verdict) => Ok(verdict),
        None => Err(not_understood(&heard)),
    }
}

/// The command, then chunks with their lengths before them, the last of which is empty.
async fn send(line: &mut (impl AsyncWrite + Unpin), file: &[u8]) -> io::Result<()> {
    line.write_all(b"zINSTREAM\0").await?;
    for chunk in file.chunks(CHUNK) {
        let length = u32::try_from(chunk.len()).map_err(io::Error::other)?;
        line.write_all(&length.to_be_bytes()).await?;
        line.write_all(chunk).await?;
    }
    line.write_all(&0_u32.to_be_bytes()).await?;
    line.flush().await
}

/// An answer up to the zero byte that ends it, without that.
async fn answer(line: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut heard = Vec::new();
    let mut some = [0; 256];
    loop {
        let n = line.read(&mut some).await?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        heard.extend_from_slice(&some[..n]);
        if let Some(end) = heard.iter().position(|&b| b == 0) {
            heard.truncate(end);
            return Ok(heard);
        }
        if heard.len() > MAX_ANSWER {
            return Err(io::Error::other("an endless answer"));
        }
    }
}

fn verdict(heard: &[u8]) -> Option<Verdict> {
    if heard == b"stream: OK" {
        return Some(Verdict::Clean);
    }
    if heard == b"INSTREAM size limit exceeded. ERROR" {
        return Some(Verdict::TooLarge);
    }
    let signature = heard.strip_prefix(b"stream: ")?.strip_suffix(b" FOUND")?;
    Some(Verdict::Infected { signature: visible(signature) })
}

fn not_understood(heard: &[u8]) -> io::Error {
    io::Error::other(format!("not understood: {}", visible(heard)))
}

/// Somebody else's words, as far as they can stand in an answer or in a log.
fn visible(words: &[u8]) -> String {
    const MOST: usize = 100;
    words
        .iter()
        .take(MOST)
        .map(|&b| if b == b' ' || b.is_ascii_graphic() { b as char } else { '?' })
        .collect()
}
