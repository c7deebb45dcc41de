//! The wire between the server and its Postgres, cut at the worst moment.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// COMMIT, as a simple query of Postgres' protocol.
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";

/// On which side of the commit the wire breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// The server never hears of it.
    Before,
    /// It is done, but nobody is told.
    After,
}

/// Passes on what the program and its Postgres say to each other.
pub(crate) struct Wire {
    pub(crate) port: u16,
    armed: Arc<AtomicBool>,
}

impl Wire {
    /// A wire to this port that breaks, once it is armed, at the commit of the next transaction in which `text` was said.
    pub(crate) async fn to(port: u16, at: Break, text: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let armed = Arc::new(AtomicBool::new(false));
        let wire =
            Self { port: listener.local_addr().expect("an address").port(), armed: Arc::clone(&armed) };
        tokio::spawn(async move {
            while let Ok((program, _)) = listener.accept().await {
                let Ok(database) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
                tokio::spawn(pass_on(program, database, Arc::clone(&armed), at, text));
            }
        });
        wire
    }

    /// From now on.
    pub(crate) fn arm(&self) {
        self.armed.store(true, Ordering::SeqCst);
    }

    /// Whether it has broken.
    pub(crate) fn has_broken(&self) -> bool {
        !self.armed.load(Ordering::SeqCst)
    }
}

async fn pass_on(
    mut program: TcpStream,
    mut database: TcpStream,
    armed: Arc<AtomicBool>,
    at: Break,
    text: &str,
) {
    let (mut said, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    let (mut marked, mut swallow) = (false, false);
    loop {
        tokio::select! {
            read = program.read(&mut said) => {
                let Ok(1..) = read else { return };
                let chunk = &said[..read.unwrap_or_default()];
                marked |= contains(chunk, text.as_bytes()) && armed.load(Ordering::SeqCst);
                if marked && contains(chunk, COMMIT) && armed.swap(false, Ordering::SeqCst) {
                    if at == Break::Before {
                        return;
                    }
                    swallow = true;
                }
                if database.write_all(chunk).await.is_err() {
                    return;
                }
            }
            read = database.read(&mut answered) => {
                let Ok(1..) = read else { return };
                // It has been committed: nothing else was asked.
                if swallow || program.write_all(&answered[..read.unwrap_or_default()]).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn contains(chunk: &[u8], text: &[u8]) -> bool {
    chunk.windows(text.len()).any(|window| window == text)
}
