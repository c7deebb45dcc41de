//! From an HTTP request to a session, or to a refusal before anything is upgraded.

use axum::{
    extract::{FromRequestParts, WebSocketUpgrade},
    response::Response,
};
use http::{HeaderValue, Method, header, request::Parts};

use super::{close::Close, protocol::SUBPROTOCOL, session::Session, settings::WebSockets};
use crate::{
    error_code::ErrorCode,
    gql::Gql,
    http::{ResponseMedia, refused},
    live::LiveTransport,
    refusal::Refusal,
};

/// What a socket reads at once; most messages are far smaller.
const READ_BUFFER_BYTES: usize = 8 * 1024;
/// What a socket gathers before it writes; larger messages are written as they are.
const WRITE_BUFFER_BYTES: usize = 8 * 1024;

/// Whether a request wants to be a WebSocket (RFC 6455, 4.1).
pub(crate) fn is_handshake(parts: &Parts) -> bool {
    let names_it = |value: &HeaderValue| {
        let value = value.to_str().unwrap_or_default();
        value.split(',').any(|protocol| protocol.trim().eq_ignore_ascii_case("websocket"))
    };
    parts.method == Method::GET && parts.headers.get_all(header::UPGRADE).iter().any(names_it)
}

impl Gql {
    /// Answers a handshake and leaves a session behind.
    pub(crate) async fn upgrade(&self, websockets: &WebSockets, mut parts: Parts) -> Response {
        if !websockets.origins.allow(&parts.headers) {
            let message = "Pages of this origin may not open a WebSocket here.";
            return refused(Refusal::new(ErrorCode::OriginNotAllowed, message), ResponseMedia::Json);
        }
        let Ok(upgrade) = WebSocketUpgrade::from_request_parts(&mut parts, &()).await else {
            let message = "This is not the handshake of a WebSocket (RFC 6455, version 13).";
            return refused(Refusal::new(ErrorCode::BadRequest, message), ResponseMedia::Json);
        };
        let admission = match self.inner.live.admit(LiveTransport::WebSocket, (self.inner.client_of)(&parts))
        {
            Ok(admission) => admission,
            Err(refusal) => return refused(refusal, ResponseMedia::Json),
        };
        let message_bytes = self.limits().live.message_bytes;
        let mut upgrade = upgrade
            .max_message_size(message_bytes)
            .max_frame_size(message_bytes)
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(WRITE_BUFFER_BYTES)
            .protocols([SUBPROTOCOL]);
        let refusal = upgrade.selected_protocol().is_none().then_some(Close::SUBPROTOCOL);
        if refusal.is_some() {
            // a client that asked for another one hears of the close code only if it got one that it asked for
            let offered = upgrade.requested_protocols().next().cloned();
            offered.into_iter().for_each(|offered| upgrade.set_selected_protocol(offered));
        }
        let session = Session::new(self, websockets, parts, admission);
        upgrade.on_upgrade(move |socket| async move {
            match refusal {
                Some(close) => session.refuse(socket, close).await,
                None => session.run(socket).await,
            }
        })
    }
}
