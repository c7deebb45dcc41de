//! What is sent, and to nobody else.

use crate::{
    faults::taxes,
    kit::{TOKEN, config, impatient, to_berlin, to_new_york},
    server::{Mood, Server},
};
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use stoa_domain::tax::TaxService;
use stoa_outside::{HttpTaxService, ServiceConfig};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// Everything that is logged, however talkative.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_token_goes_to_the_service_as_the_page_says() {
    let server = Server::start(Mood::Says(taxes().to_string())).await;
    HttpTaxService::new(&config(&server.url)).unwrap().quote(&to_new_york()).await.unwrap();
    let without = ServiceConfig { token: None, ..config(&server.url) };
    HttpTaxService::new(&without).unwrap().quote(&to_new_york()).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].path, "/ask");
    assert_eq!(seen[0].headers["authorization"], format!("Bearer {TOKEN}"));
    assert_eq!(seen[0].headers["content-type"], "application/json");
    assert_eq!(seen[0].headers["accept"], "application/json");
    assert!(seen[0].headers["user-agent"].to_str().unwrap().starts_with("stoa/"));
    assert!(!seen[1].headers.contains_key("authorization"));
}

#[tokio::test]
async fn neither_the_token_nor_what_is_asked_reaches_the_log() {
    let log = Log::default();
    let listening = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("trace"))
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(listening);
    let request = to_berlin();
    // An answer that repeats what it was asked, one that is refused with it, and none.
    let echo = format!("{{\"version\": 1, \"currency\": \"{TOKEN} 10115 Berlin\"}}");
    for (mood, how) in [
        (Mood::Says(echo.clone()), config as fn(&str) -> ServiceConfig),
        (Mood::Refuses(500, echo), config),
        (Mood::Silent, impatient),
    ] {
        let server = Server::start(mood).await;
        let service = HttpTaxService::new(&how(&server.url)).unwrap();
        let error = service.quote(&request).await.unwrap_err();
        tracing::info!(%error, ?error, ?service, ?request.to, "what a caller may log");
    }
    let text = log.text();
    assert!(text.contains("outside.failed") && text.contains("outside.silent"), "it listens: {text}");
    for secret in [TOKEN, "10115", "Berlin", "DE123456788", "LAMP", "11900"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[tokio::test]
async fn what_is_sent_has_no_ids_of_ours() {
    let server = Server::start(Mood::Says(taxes().to_string())).await;
    let request = to_new_york();
    HttpTaxService::new(&config(&server.url)).unwrap().quote(&request).await.unwrap();
    let body = String::from_utf8(server.seen()[0].body.to_vec()).unwrap();
    assert!(body.contains("\"l1\"") && !body.contains(&request.lines[0].id.to_string()), "{body}");
}
