//! A client of event streams, which reads them as a browser does.

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::server::{Live, PATIENCE};

/// An answer that goes on.
pub(crate) struct EventStream {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: BodyDataStream,
    text: String,
}

/// What stands between two empty lines.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Next(Value),
    Complete,
    Comment,
}

impl EventStream {
    /// POSTs a document.
    pub(crate) async fn post(live: &Live, document: &str) -> Self {
        let body = json!({ "query": document }).to_string();
        Self::post_text(live, body, "text/event-stream").await
    }

    /// POSTs a body.
    pub(crate) async fn post_text(live: &Live, body: String, accept: &str) -> Self {
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        Self::send(live, request.header(header::ACCEPT, accept).body(Body::from(body)).unwrap()).await
    }

    /// Sends a document by GET, as `EventSource` does.
    pub(crate) async fn get(live: &Live, document: &str) -> Self {
        let query =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("query", document).finish();
        let request = Request::builder().method(Method::GET).uri(format!("/graphql?{query}"));
        Self::send(live, request.header(header::ACCEPT, "text/event-stream").body(Body::empty()).unwrap())
            .await
    }

    async fn send(live: &Live, request: Request<Body>) -> Self {
        let (parts, body) = live.gql.serve(request).await.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: body.into_data_stream(),
            text: String::new(),
        }
    }

    /// The next event; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let event = read(event);
                self.text = rest.to_owned();
                return Some(event);
            }
            let chunk = timeout(PATIENCE, self.body.next()).await.unwrap();
            let Some(chunk) = chunk else {
                assert_eq!(self.text, "", "nothing is left");
                return None;
            };
            self.text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
    }

    /// Asserts a `next` event and gives what it says.
    pub(crate) async fn expect_next(&mut self) -> Value {
        match self.next().await {
            Some(Event::Next(answer)) => answer,
            other => panic!("{other:?}"),
        }
    }

    /// Asserts that `complete` comes, and then the end.
    pub(crate) async fn expect_complete(&mut self) {
        assert_eq!(self.next().await, Some(Event::Complete));
        assert_eq!(self.next().await, None);
    }

    /// The whole of an answer that is no stream of events.
    pub(crate) async fn json(mut self) -> Value {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
        while let Some(chunk) = self.body.next().await {
            self.text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
        serde_json::from_str(&self.text).unwrap()
    }
}

fn read(event: &str) -> Event {
    let lines: Vec<&str> = event.split('\n').collect();
    match lines[..] {
        [":"] => Event::Comment,
        ["event: complete", "data:"] => Event::Complete,
        ["event: next", data] => {
            Event::Next(serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap())
        }
        _ => panic!("{event}"),
    }
}
