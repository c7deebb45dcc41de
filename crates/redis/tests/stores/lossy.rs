//! A way to Redis on which an answer can be lost after the command was carried out, or everything.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Passes everything on, until it is told to cut a connection in place of an answer.
pub(crate) struct Lossy {
    port: u16,
    /// Answers still to be passed on before one is lost; below 0: lose none.
    before: Arc<AtomicI64>,
    /// Where new connections lead.
    address: Arc<Mutex<String>>,
    /// How often those there were have fallen silent.
    silences: watch::Sender<u32>,
}

impl Lossy {
    /// Listens in front of a `redis://` URL.
    pub(crate) async fn in_front_of(url: &str) -> Self {
        let address = Arc::new(Mutex::new(address_of(url)));
        let (silences, silence) = watch::channel(0);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, before) = (listener.local_addr().unwrap().port(), Arc::new(AtomicI64::new(-1)));
        let (told, leads) = (Arc::clone(&before), Arc::clone(&address));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let address = leads.lock().unwrap().clone();
                let server = TcpStream::connect(address).await.unwrap();
                let mut silence = silence.clone();
                silence.mark_unchanged();
                tokio::spawn(pass(client, server, Arc::clone(&told), silence));
            }
        });
        Self { port, before, address, silences }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// From now on the connections there are pass nothing on, and stay open. New ones are as they should be.
    pub(crate) fn fall_silent(&self) {
        self.silences.send_modify(|times| *times += 1);
    }

    /// From now on new connections lead to this server; those there are stay.
    pub(crate) fn lead_to(&self, url: &str) {
        *self.address.lock().unwrap() = address_of(url);
    }

    /// Loses one answer, after so many others.
    pub(crate) fn lose_one_after(&self, answers: i64) {
        self.before.store(answers, Ordering::SeqCst);
    }

    /// Whether it has been lost.
    pub(crate) fn has_lost(&self) -> bool {
        self.before.load(Ordering::SeqCst) < 0
    }
}

fn address_of(url: &str) -> String {
    url.trim_start_matches("redis://").trim_end_matches('/').to_owned()
}

async fn pass(
    client: TcpStream,
    server: TcpStream,
    before: Arc<AtomicI64>,
    mut silence: watch::Receiver<u32>,
) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let asking = tokio::io::copy(&mut from_client, &mut to_server);
    let answering = async {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(read @ 1..) = from_server.read(&mut buffer).await {
            let lose = before.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| (n >= 0).then(|| n - 1));
            if lose == Ok(0) || to_client.write_all(&buffer[..read]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        _ = asking => {}
        () = answering => {}
        _ = silence.changed() => {
            // Both ends are held open, and nothing is read from either.
            let _held = (to_client, to_server);
            std::future::pending::<()>().await;
        }
    }
}
