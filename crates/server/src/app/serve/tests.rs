//! What clients get who speak, who are silent, and who stop in the middle of a word.

use super::*;
use axum::{Extension, routing::get};
use std::net::SocketAddr;
use stoa_domain::limits::ClientAddress;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Notify,
    time::timeout,
};

/// So long that a test in which it matters fails.
const EVER: Duration = Duration::from_secs(600);
/// A hang fails the test instead of the patience of who runs it.
const HANG: Duration = Duration::from_secs(60);

const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: shop\r\n\r\n";

/// A server, and what its slow address waits for.
struct Shop {
    http: HttpServer,
    address: SocketAddr,
    asked: Arc<Notify>,
    answer: Arc<Notify>,
}

impl Shop {
    async fn open(connections: usize, silence: Duration) -> Self {
        Self::within(Bounds { connections, silence, idle: silence }).await
    }

    async fn within(bounds: Bounds) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (heard, go) = (Arc::clone(&asked), Arc::clone(&answer));
        let router = Router::new()
            .route(
                "/",
                get(
                    |Extension(client): Extension<ClientAddress>| async move { client.network().to_string() },
                ),
            )
            .route(
                "/slow",
                get(async move || {
                    heard.notify_one();
                    go.notified().await;
                    "at last"
                }),
            );
        let http = HttpServer::spawn_within(listener, router, bounds, Clients::default());
        Self { http, address, asked, answer }
    }

    async fn say(&self, words: &[u8]) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(words).await.unwrap();
        socket
    }
}

/// All that comes until the server closes.
async fn rest(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is an end as well.
    let _ = timeout(HANG, socket.read_to_end(&mut bytes)).await.expect("the server closes");
    String::from_utf8(bytes).unwrap()
}

/// An answer of which the connection is kept.
async fn answer(socket: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(end) {
        let mut buffer = [0; 1024];
        let read = timeout(HANG, socket.read(&mut buffer)).await.expect("the server answers").unwrap();
        assert!(read > 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    text
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request_and_knows_its_peer() {
    let shop = Shop::open(10, EVER).await;
    let mut socket = shop.say(b"").await;
    let peer = socket.local_addr().unwrap().ip().to_string();
    for _ in 0..3 {
        socket.write_all(ASK).await.unwrap();
        assert!(answer(&mut socket, &peer).await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test]
async fn whoever_does_not_finish_a_head_is_let_go() {
    let shop = Shop::open(10, Duration::from_millis(50)).await;
    // Not a byte; half a head; half of the words with which HTTP/2 begins; all of them and then nothing.
    let silent: [&[u8]; 4] =
        [b"", b"GET / HTTP/1.1\r\nhost: sh", b"PRI * HT", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"];
    for words in silent {
        let mut socket = shop.say(words).await;
        let mut bytes = Vec::new();
        let _ = timeout(HANG, socket.read_to_end(&mut bytes)).await.expect("the server closes");
        assert!(!bytes.starts_with(b"HTTP/1.1 200"), "{words:?}");
    }
}

#[tokio::test]
async fn whoever_asks_for_nothing_more_is_let_go() {
    let shop = Shop::open(10, Duration::from_millis(50)).await;
    let mut socket = shop.say(ASK).await;
    assert!(rest(&mut socket).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn whoever_has_asked_once_is_kept_for_longer_than_whoever_has_not() {
    let silence = Duration::from_millis(50);
    let shop = Shop::within(Bounds { connections: 10, silence, idle: EVER }).await;
    let mut socket = shop.say(ASK).await;
    let peer = socket.local_addr().unwrap().ip().to_string();
    answer(&mut socket, &peer).await;
    let mut mute = shop.say(b"GET / HT").await;
    assert_eq!(rest(&mut mute).await, "", "who has asked for nothing is let go");
    sleep(4 * silence).await;
    socket.write_all(ASK).await.unwrap();
    assert!(answer(&mut socket, &peer).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_slow_answer_is_not_silence() {
    let shop = Shop::open(10, Duration::from_millis(20)).await;
    let mut socket = shop.say(b"GET /slow HTTP/1.1\r\nhost: shop\r\n\r\n").await;
    shop.asked.notified().await;
    sleep(Duration::from_millis(200)).await;
    shop.answer.notify_one();
    assert!(rest(&mut socket).await.ends_with("at last"));
}

#[tokio::test]
async fn a_stop_waits_for_requests_and_for_nobody_else() {
    let shop = Shop::open(10, EVER).await;
    let mut asking = shop.say(b"GET /slow HTTP/1.1\r\nhost: shop\r\n\r\n").await;
    let mut half = shop.say(b"GET / HTTP/1.1\r\nhost: sh").await;
    let mut mute = shop.say(b"").await;
    let mut idle = shop.say(ASK).await;
    let peer = idle.local_addr().unwrap().ip().to_string();
    answer(&mut idle, &peer).await;
    shop.asked.notified().await;

    let stopped = tokio::spawn(shop.http.stop());
    for socket in [&mut half, &mut mute, &mut idle] {
        assert_eq!(rest(socket).await, "");
    }
    assert!(!stopped.is_finished(), "a request is in flight");
    assert!(TcpStream::connect(shop.address).await.is_err(), "nobody new is let in");
    shop.answer.notify_one();
    assert!(rest(&mut asking).await.ends_with("at last"));
    timeout(HANG, stopped).await.expect("it stops").unwrap();
}

#[tokio::test]
async fn whoever_finds_no_room_waits_until_somebody_goes() {
    let shop = Shop::open(1, EVER).await;
    let mut first = shop.say(b"GET /slow HTTP/1.1\r\nhost: shop\r\n\r\n").await;
    shop.asked.notified().await;
    let mut second = shop.say(b"GET / HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n").await;
    assert!(timeout(Duration::from_millis(100), second.read_u8()).await.is_err(), "the only place is taken");
    shop.answer.notify_one();
    answer(&mut first, "at last").await;
    drop(first);
    assert!(rest(&mut second).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_stop_does_not_wait_for_room() {
    let shop = Shop::open(1, EVER).await;
    let _half = shop.say(b"GET / HT").await;
    let _waiting = shop.say(ASK).await;
    timeout(HANG, shop.http.stop()).await.expect("it stops");
}
