//! The way between the server and its Redis, which can end at any word, or become a long one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// What is lost when the way ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// Redis never hears of it.
    Question,
    /// It is done, but nobody is told.
    Answer,
}

/// Passes everything on while it is open.
#[derive(Clone)]
pub(crate) struct RedisWire {
    port: u16,
    /// Questions and answers that are still passed on; below 0: all.
    left: Arc<[AtomicI64; 2]>,
    /// How long each answer is on its way, in ms, and how many have been.
    delay: Arc<AtomicU64>,
    delayed: Arc<AtomicU64>,
    open: watch::Sender<bool>,
}

impl RedisWire {
    /// A way to this `redis://` URL.
    pub(crate) async fn to(url: &str) -> Self {
        let server = url.trim_start_matches("redis://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let wire = Self {
            port,
            left: Arc::new([AtomicI64::new(-1), AtomicI64::new(-1)]),
            delay: Arc::default(),
            delayed: Arc::default(),
            open: watch::Sender::new(true),
        };
        let accepting = wire.clone();
        tokio::spawn(async move {
            while let Ok((program, _)) = listener.accept().await {
                if !*accepting.open.borrow() {
                    continue;
                }
                let Ok(redis) = TcpStream::connect(&server).await else { continue };
                tokio::spawn(accepting.clone().pass(program, redis));
            }
        });
        wire
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends the way at the word that comes after so many others.
    pub(crate) fn end_after(&self, words: i64, lost: Lost) {
        self.left[lost as usize].store(words, Ordering::SeqCst);
    }

    /// From now on each answer takes so much longer.
    pub(crate) fn answer_after(&self, delay: Duration) {
        self.delay.store(u64::try_from(delay.as_millis()).expect("not for ever"), Ordering::SeqCst);
    }

    /// How many answers have taken longer.
    pub(crate) fn delayed(&self) -> u64 {
        self.delayed.load(Ordering::SeqCst)
    }

    /// Cuts all connections, and lets none be made.
    pub(crate) fn end(&self) {
        self.open.send_replace(false);
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&self) -> bool {
        !*self.open.borrow()
    }

    /// Passes everything on again.
    pub(crate) fn mend(&self) {
        for left in &*self.left {
            left.store(-1, Ordering::SeqCst);
        }
        self.open.send_replace(true);
    }

    async fn pass(self, program: TcpStream, redis: TcpStream) {
        let mut open = self.open.subscribe();
        let (from_program, to_program) = program.into_split();
        let (from_redis, to_redis) = redis.into_split();
        tokio::select! {
            () = self.words(Lost::Question, from_program, to_redis) => {}
            () = self.words(Lost::Answer, from_redis, to_program) => {}
            _ = open.wait_for(|open| !open) => {}
        }
    }

    async fn words(&self, lost: Lost, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
        let mut word = vec![0; 1 << 16];
        while let Ok(read @ 1..) = from.read(&mut word).await {
            let left = &self.left[lost as usize];
            if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| (n >= 0).then(|| n - 1)) == Ok(0) {
                self.end();
                return;
            }
            let delay = self.delay.load(Ordering::SeqCst);
            if lost == Lost::Answer && delay > 0 {
                tokio::time::sleep(Duration::from_millis(delay)).await;
                self.delayed.fetch_add(1, Ordering::SeqCst);
            }
            if to.write_all(&word[..read]).await.is_err() {
                return;
            }
        }
    }
}
