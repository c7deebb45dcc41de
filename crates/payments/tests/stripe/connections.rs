//! Connections that break, and one that is kept.

use crate::script::{INTENT_KEY, config, gateway, intent, order, unknown};
use stoa_domain::payment::PaymentGateway;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What a connection does with a request once it has read it.
#[derive(Clone, Copy)]
enum Turn {
    /// Closes without a word.
    HangUp,
    /// Promises more bytes than it sends.
    CutOff,
    /// Answers, and waits for the next request.
    Answer,
}

/// Plays the turns, one a request, and gives back the requests with the number of the connection each came
/// on.
async fn play(turns: Vec<Turn>) -> (String, JoinHandle<Vec<(usize, String)>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let played = tokio::spawn(async move {
        let mut seen = Vec::new();
        let mut turns = turns.into_iter().peekable();
        let mut connection = 0;
        while turns.peek().is_some() {
            let (mut stream, _) = listener.accept().await.unwrap();
            connection += 1;
            while let Some(turn) = turns.peek().copied() {
                let Some(request) = read_request(&mut stream).await else { break };
                turns.next();
                seen.push((connection, request));
                match turn {
                    Turn::HangUp => break,
                    Turn::CutOff => {
                        answer(&mut stream, 100).await;
                        break;
                    }
                    Turn::Answer => answer(&mut stream, 0).await,
                }
            }
        }
        seen
    });
    (base, played)
}

/// A whole request, or `None` at the connection's end.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            if body.len() >= length.map_or(0, |n| n.parse().unwrap()) {
                return Some(text);
            }
        }
        match stream.read(&mut buffer).await.unwrap_or(0) {
            0 => return None,
            n => text.push_str(std::str::from_utf8(&buffer[..n]).unwrap()),
        }
    }
}

async fn answer(stream: &mut TcpStream, missing: usize) {
    let body = intent("requires_payment_method").to_string();
    let length = body.len() + missing;
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all((head + &body).as_bytes()).await.unwrap();
}

#[tokio::test]
async fn a_connection_lost_before_or_within_the_answer_is_made_again() {
    let (base, played) = play(vec![Turn::HangUp, Turn::CutOff, Turn::Answer]).await;
    let made = gateway(&config(&base)).create_intent(&order(1099, "EUR")).await.unwrap();
    assert_eq!(made.id, "pi_1");
    let seen = played.await.unwrap();
    assert_eq!(seen.len(), 3);
    for (_, request) in &seen {
        assert!(request.contains(&format!("idempotency-key: {INTENT_KEY}\r\n")), "{request}");
    }
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_call() {
    let (base, played) = play(vec![Turn::Answer; 5]).await;
    let gateway = gateway(&config(&base));
    for _ in 0..5 {
        gateway.retrieve_intent("pi_1").await.unwrap();
    }
    let connections: Vec<_> = played.await.unwrap().into_iter().map(|(connection, _)| connection).collect();
    assert_eq!(connections, [1; 5]);
}

#[tokio::test]
async fn nobody_there_is_an_unknown_outcome() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert!(unknown(&gateway(&config(&base)).create_intent(&order(1099, "EUR")).await));
}
