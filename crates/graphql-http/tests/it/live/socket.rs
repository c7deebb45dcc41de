//! A client of the socket that says what a test wants it to.

use futures_util::{SinkExt, StreamExt};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use super::server::{Live, PATIENCE};

const SUBPROTOCOL: &str = "graphql-transport-ws";

/// An open socket.
#[derive(Debug)]
pub(crate) struct Socket {
    pub(crate) inner: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) subprotocol: Option<HeaderValue>,
}

/// An HTTP answer instead of one.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Socket {
    /// Opens a socket with these headers.
    pub(crate) async fn open(live: &Live, headers: &[(&'static str, &str)]) -> Result<Self, Refused> {
        let mut request = format!("ws://{}/graphql", live.address).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().append(HeaderName::from_static(name), value.parse().unwrap());
        }
        match timeout(PATIENCE, connect_async(request)).await.unwrap() {
            Ok((inner, response)) => {
                let subprotocol = response.headers().get("sec-websocket-protocol").cloned();
                Ok(Self { inner, subprotocol })
            }
            Err(Error::Http(response)) => {
                let body = response.body().as_deref().map(serde_json::from_slice).unwrap().unwrap();
                Err(Refused { status: response.status(), body })
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens a socket by the subprotocol.
    pub(crate) async fn connect(live: &Live) -> Self {
        Self::open(live, &[("sec-websocket-protocol", SUBPROTOCOL)]).await.unwrap()
    }

    /// The same, initialised.
    pub(crate) async fn ready(live: &Live) -> Self {
        let mut socket = Self::connect(live).await;
        socket.init(&json!({ "type": "connection_init" })).await;
        socket
    }

    pub(crate) async fn init(&mut self, message: &Value) {
        self.send(message).await;
        assert_eq!(self.next().await["type"], "connection_ack");
    }

    pub(crate) async fn send(&mut self, message: &Value) {
        self.send_raw(Message::text(message.to_string())).await;
    }

    pub(crate) async fn send_raw(&mut self, message: Message) {
        timeout(PATIENCE, self.inner.send(message)).await.unwrap().unwrap();
    }

    pub(crate) async fn subscribe(&mut self, id: &str, document: &str) {
        self.send(&json!({ "id": id, "type": "subscribe", "payload": { "query": document } })).await;
    }

    pub(crate) async fn complete(&mut self, id: &str) {
        self.send(&json!({ "id": id, "type": "complete" })).await;
    }

    /// The next message of the protocol.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            match self.receive().await {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub(crate) async fn receive(&mut self) -> Message {
        timeout(PATIENCE, self.inner.next()).await.unwrap().unwrap().unwrap()
    }

    /// Asserts that a message of this type comes for an operation, and gives its payload.
    pub(crate) async fn expect(&mut self, id: &str, kind: &str) -> Value {
        let mut message = self.next().await;
        assert_eq!((&message["id"], &message["type"]), (&json!(id), &json!(kind)), "{message}");
        assert_eq!(message.get("payload").is_some(), kind != "complete", "{message}");
        message["payload"].take()
    }

    /// Asserts an `error` with this code.
    pub(crate) async fn expect_error(&mut self, id: &str, code: &str) {
        let payload = self.expect(id, "error").await;
        let errors = payload.as_array().unwrap();
        assert!(!errors.is_empty());
        for error in errors {
            assert_eq!(error["extensions"]["code"], code, "{error}");
            assert!(error["message"].is_string() && !error.to_string().contains("hunter2"), "{error}");
        }
    }

    /// Asserts that nothing came before the answer to a question that is asked now.
    pub(crate) async fn expect_nothing(&mut self) {
        self.send(&json!({ "type": "ping", "payload": { "nothing": true } })).await;
        assert_eq!(self.next().await, json!({ "type": "pong", "payload": { "nothing": true } }));
    }

    /// Asserts that the socket is closed, nothing before, with this code, and gives the reason.
    pub(crate) async fn expect_close(&mut self, code: u16) -> String {
        loop {
            match self.receive().await {
                Message::Close(Some(frame)) => {
                    assert_eq!(u16::from(frame.code), code, "{frame:?}");
                    return frame.reason.to_string();
                }
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}
