//! Somebody who follows something: over a WebSocket, or as an event stream.

use super::shop::Shop;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

/// What does not come in this time does not come.
const PATIENCE: Duration = Duration::from_secs(60);

async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(PATIENCE, what).await.expect("nothing came for a minute")
}

/// A WebSocket by `graphql-transport-ws`.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens one, from a page of an origin or from a program; gives the status and code of a refusal.
    pub(crate) async fn open(shop: &Shop, origin: Option<&str>) -> Result<Self, (u16, String)> {
        let origin: Vec<_> = origin.map(|origin| ("origin", origin.to_owned())).into_iter().collect();
        Self::open_with(shop, &origin).await
    }

    /// The same with these headers of the handshake.
    pub(crate) async fn open_with(
        shop: &Shop,
        headers: &[(&'static str, String)],
    ) -> Result<Self, (u16, String)> {
        let mut socket = Self::connect(shop, headers).await?;
        socket.send(&json!({ "type": "connection_init" })).await;
        assert_eq!(socket.receive().await["type"], "connection_ack");
        Ok(socket)
    }

    /// Opens one, and begins with this payload; what the server says to it is yet to be received.
    pub(crate) async fn begin(shop: &Shop, payload: &Value) -> Self {
        let mut socket = Self::connect(shop, &[]).await.expect("a socket");
        socket.send(&json!({ "type": "connection_init", "payload": payload })).await;
        socket
    }

    async fn connect(shop: &Shop, shown: &[(&'static str, String)]) -> Result<Self, (u16, String)> {
        let url = shop.endpoint.url.replacen("http", "ws", 1);
        let mut request = url.into_client_request().expect("an address");
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a header"));
        for (name, value) in shown {
            headers.insert(*name, value.parse().expect("a header"));
        }
        match soon(connect_async(request)).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(refused)) => {
                let body: Value =
                    serde_json::from_slice(refused.body().as_deref().unwrap_or_default()).expect("JSON");
                let code = body["errors"][0]["extensions"]["code"].as_str().expect("a code").to_owned();
                Err((refused.status().as_u16(), code))
            }
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn subscribe(&mut self, id: &str, query: &str, variables: &Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.send(&json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    pub(crate) async fn complete(&mut self, id: &str) {
        self.send(&json!({ "id": id, "type": "complete" })).await;
    }

    async fn send(&mut self, message: &Value) {
        self.0.send(Message::text(message.to_string())).await.expect("the socket is open");
    }

    /// The next message of the protocol.
    pub(crate) async fn receive(&mut self) -> Value {
        loop {
            match soon(self.0.next()).await.expect("the socket is open").expect("a message") {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The code with which the server closes the socket, whatever it says before.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(Some(frame)) =
                soon(self.0.next()).await.expect("a close frame").expect("a message")
            {
                return frame.code.into();
            }
        }
    }
}

/// An event stream, by the "distinct connections mode" of graphql-sse.
pub(crate) struct Events {
    response: reqwest::Response,
    text: String,
}

impl Events {
    pub(crate) async fn post(shop: &Shop, query: &str, variables: &Value) -> Self {
        Self::post_with(shop, &[], query, variables).await
    }

    /// The same with these headers.
    pub(crate) async fn post_with(
        shop: &Shop,
        headers: &[(&'static str, String)],
        query: &str,
        variables: &Value,
    ) -> Self {
        let body = json!({ "query": query, "variables": variables });
        let mut request = shop.endpoint.http.post(&shop.endpoint.url).header("accept", "text/event-stream");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = soon(request.json(&body).send()).await.expect("the server answers");
        Self { response, text: String::new() }
    }

    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// The next event as a message of the other transport would have it; `None` at the end.
    pub(crate) async fn receive(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let message = event.strip_prefix("event: next\ndata: ").map(|data| {
                    let payload: Value = serde_json::from_str(data).expect("JSON");
                    json!({ "type": "next", "payload": payload })
                });
                let complete = event.starts_with("event: complete").then(|| json!({ "type": "complete" }));
                self.text = rest.to_owned();
                if let Some(message) = message.or(complete) {
                    return Some(message);
                }
                continue;
            }
            let chunk = soon(self.response.chunk()).await.expect("the stream goes on")?;
            self.text.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }
}

/// One subscription, on a connection of its own.
pub(crate) enum Follower {
    Socket(Box<Socket>),
    Events(Box<Events>),
}

impl Follower {
    /// The same subscription twice: over a WebSocket and as an event stream.
    pub(crate) async fn both(shop: &Shop, query: &str, variables: Value) -> [Self; 2] {
        let mut socket = Socket::open(shop, None).await.expect("a socket");
        socket.subscribe("1", query, &variables).await;
        let events = Events::post(shop, query, &variables).await;
        [Self::Socket(Box::new(socket)), Self::Events(Box::new(events))]
    }

    async fn receive(&mut self) -> Value {
        match self {
            Self::Socket(socket) => socket.receive().await,
            Self::Events(events) => events.receive().await.expect("the stream goes on"),
        }
    }

    /// What the next event has at a JSON pointer below `data`.
    pub(crate) async fn sees(&mut self, pointer: &str) -> Value {
        let message = self.receive().await;
        assert_eq!(message["type"], "next", "{message:#}");
        assert!(message["payload"].get("errors").is_none(), "{message:#}");
        message["payload"]["data"].pointer(pointer).unwrap_or_else(|| panic!("{message:#}")).clone()
    }

    /// Reads on until an event has this at the pointer.
    pub(crate) async fn sees_in_the_end(&mut self, pointer: &str, expected: &Value) {
        while self.sees(pointer).await != *expected {}
    }

    /// Asserts that this is the end.
    pub(crate) async fn is_over(&mut self) {
        let message = self.receive().await;
        assert_eq!(message["type"], "complete", "{message:#}");
    }
}
