//! The seam through which the owner of the schema judges `connection_init`.

use futures_util::future::BoxFuture;
use http::request::Parts;
use serde_json::{Map, Value};

/// The payload of `connection_init`; empty if the client sent none.
pub type InitPayload = Map<String, Value>;

/// Decides whether a WebSocket may be used, by the payload of `connection_init`.
pub trait ConnectionInit: Send + Sync + 'static {
    /// Called once per WebSocket. What it adds to the headers or extensions of the handshake is there when
    /// [`RequestData`](crate::RequestData) is asked for each operation, so that one place reads who is asking, whatever the
    /// transport. What may end before the socket does is asked for again by [`RequestData::renew`](crate::RequestData::renew). It has what is left of [`init_timeout`](crate::LiveLimits::init_timeout) to decide.
    ///
    /// # Errors
    /// A rejection closes the socket with 4403. A panic closes it with 4500.
    fn init<'a>(
        &'a self,
        parts: &'a mut Parts,
        payload: InitPayload,
    ) -> BoxFuture<'a, Result<Acceptance, Rejection>>;
}

/// Lets the client in.
#[derive(Clone, Debug, Default)]
pub struct Acceptance {
    /// What `connection_ack` carries, if anything.
    pub payload: Option<Map<String, Value>>,
}

/// Keeps the client out.
#[derive(Clone, Debug)]
pub struct Rejection {
    /// What the client is told; at most 123 bytes of it.
    pub reason: String,
}

impl Default for Rejection {
    fn default() -> Self {
        Self { reason: "Forbidden".to_owned() }
    }
}

/// The rule where no other is set.
pub(super) struct AcceptAll;

impl ConnectionInit for AcceptAll {
    fn init<'a>(&'a self, _: &'a mut Parts, _: InitPayload) -> BoxFuture<'a, Result<Acceptance, Rejection>> {
        Box::pin(std::future::ready(Ok(Acceptance::default())))
    }
}
