//! The wire to a Postgres whose host goes without a word: without power, or without a network.

use std::future::pending;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Passes everything on, until it falls silent; it closes nothing.
pub(crate) struct SilentWire {
    pub(crate) port: u16,
    silent: watch::Sender<bool>,
}

impl SilentWire {
    /// A wire to this port.
    pub(crate) async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let wire = Self {
            port: listener.local_addr().expect("an address").port(),
            silent: watch::Sender::new(false),
        };
        let silent = wire.silent.subscribe();
        tokio::spawn(async move {
            while let Ok((program, _)) = listener.accept().await {
                tokio::spawn(pass_on(program, port, silent.clone()));
            }
        });
        wire
    }

    /// What is connected now, and what connects before the wire speaks again, is never answered any more.
    pub(crate) fn fall_silent(&self) {
        self.silent.send_replace(true);
    }

    /// What connects from now on is answered.
    pub(crate) fn speak(&self) {
        self.silent.send_replace(false);
    }
}

async fn pass_on(mut program: TcpStream, port: u16, mut silent: watch::Receiver<bool>) {
    let Ok(mut database) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let gone = async {
        let _ = silent.wait_for(|silent| *silent).await;
    };
    tokio::select! {
        biased;
        () = gone => {}
        _ = copy_bidirectional(&mut program, &mut database) => return,
    }
    pending::<()>().await;
}
