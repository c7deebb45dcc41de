//! Providers that answer without end, not at all, or send us elsewhere.

use crate::world::{StandingClock, World, config, provider};
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};
use stoa_domain::shared::FaultKind;
use stoa_oidc::{ExchangeError, OidcProvider, ProviderConfig};
use wiremock::ResponseTemplate;

/// A client of a server that answers its first request in this way.
fn served_by(answer: impl FnOnce(TcpStream) + Send + 'static, patience: Duration) -> OidcProvider {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 4096];
        let _ = stream.read(&mut asked).unwrap();
        answer(stream);
    });
    provider(ProviderConfig { patience, ..config(&url) }, StandingClock::new())
}

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let endless = move |mut stream: TcpStream| {
        let spaces = [b' '; 16 * 1024];
        stream.write_all(&[HEAD, b"\r\n"].concat()).unwrap();
        // White space is JSON as far as it goes. It ends when nobody listens any more.
        while stream.write_all(&spaces).is_ok() {
            counted.fetch_add(spaces.len(), Ordering::SeqCst);
        }
    };
    let provider = served_by(endless, Duration::from_secs(60));
    let fault = provider.discover().await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Unavailable);
    assert!(fault.to_string().contains("longer than 1048576 bytes"), "{fault}");
    // What is more than the limit was in the system's buffers.
    assert!(sent.load(Ordering::SeqCst) < 64 * 1024 * 1024);
}

#[tokio::test]
async fn an_answer_that_stops_in_the_middle_is_given_up() {
    let (tell, told) = std::sync::mpsc::channel::<()>();
    let slow = move |mut stream: TcpStream| {
        stream.write_all(&[HEAD, b"content-length: 100\r\n\r\n{"].concat()).unwrap();
        // The connection stays open until the test is over.
        let _ = told.recv();
    };
    let provider = served_by(slow, Duration::from_millis(200));
    let fault = provider.discover().await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Unavailable);
    drop(tell);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let (tell, told) = std::sync::mpsc::channel::<()>();
    let silent = move |_stream: TcpStream| {
        let _ = told.recv();
    };
    let provider = served_by(silent, Duration::from_millis(200));
    assert_eq!(provider.discover().await.unwrap_err().kind(), FaultKind::Unavailable);
    drop(tell);
}

#[tokio::test]
async fn nobody_sends_us_elsewhere() {
    let world = World::start().await;
    let begun = world.begin().await;
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = format!("{}/elsewhere", world.issuer.url());
        let away = ResponseTemplate::new(status).insert_header("location", elsewhere);
        world.issuer.tokens(away.clone());
        let Err(ExchangeError::Fault(fault)) = world.finish(&begun.attempt).await else { panic!("{status}") };
        assert!(fault.to_string().contains("sends us elsewhere"), "{fault}");
        world.issuer.discovery(away);
        world.clock.advance(chrono::TimeDelta::minutes(10));
        assert!(world.provider.discover().await.is_err());
        world.issuer.declares(|_| ());
        world.clock.advance(chrono::TimeDelta::minutes(10));
        world.provider.discover().await.unwrap();
    }
    assert_eq!(world.issuer.asked("/elsewhere").await.len(), 0);
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_an_outage() {
    // A port that was free a moment ago.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let provider = provider(config(&format!("http://{gone}")), StandingClock::new());
    assert_eq!(provider.discover().await.unwrap_err().kind(), FaultKind::Unavailable);
}

/// A name is looked at when it is resolved: it may lead inside although it does not look like it.
#[tokio::test]
async fn a_name_that_leads_inside_is_not_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let provider = provider(ProviderConfig { private_network: false, ..config(&url) }, StandingClock::new());
    let fault = provider.discover().await.unwrap_err();
    assert!(fault.to_string().contains("private_network"), "{fault}");
    assert!(listener.accept().is_err(), "a connection was made");
}
