//! GraphQL over WebSocket: the subprotocol `graphql-transport-ws`, to the letter of PROTOCOL.md of the npm package
//! `graphql-ws`.
//!
//! A handshake comes to the same address as other requests (`handshake`), from an origin that may (`origin`). The socket
//! is then a `session`, which understands messages (`protocol`), asks who is there (`init`) and keeps the `operations`
//! apart; what they say goes through one queue to the `writer`.

mod close;
mod connection;
mod handshake;
mod init;
mod listener;
mod operations;
mod origin;
mod protocol;
mod reply;
mod session;
mod settings;
mod writer;

pub(crate) use self::handshake::is_handshake;
pub use self::{
    init::{Acceptance, ConnectionInit, InitPayload, Rejection},
    origin::AllowedOrigins,
    settings::WebSockets,
};
