//! Who may open a WebSocket, and what is asked of them.

use std::sync::Arc;

use super::{
    init::{AcceptAll, ConnectionInit},
    origin::AllowedOrigins,
};

/// Switches WebSockets on; see [`GqlBuilder::websockets`](crate::GqlBuilder::websockets). Without more, pages of this
/// server's own origin and programs may open one, and `connection_init` is always acknowledged.
///
/// ```
/// use futures_util::future::BoxFuture;
/// use stoa_graphql_http::{Acceptance, AllowedOrigins, ConnectionInit, InitPayload, Rejection, WebSockets};
///
/// struct ByToken;
///
/// impl ConnectionInit for ByToken {
///     fn init<'a>(
///         &'a self,
///         parts: &'a mut http::request::Parts,
///         payload: InitPayload,
///     ) -> BoxFuture<'a, Result<Acceptance, Rejection>> {
///         Box::pin(async move {
///             // what `RequestData` looks for in the headers of other requests
///             if let Some(token) = payload.get("authorization").and_then(|token| token.as_str()) {
///                 let token = token.parse().map_err(|_| Rejection::default())?;
///                 parts.headers.insert(http::header::AUTHORIZATION, token);
///             }
///             Ok(Acceptance::default())
///         })
///     }
/// }
///
/// let websockets = WebSockets::default()
///     .origins(AllowedOrigins::listed(["https://shop.example"]))
///     .connection_init(ByToken);
/// ```
#[derive(Clone)]
pub struct WebSockets {
    pub(super) origins: AllowedOrigins,
    pub(super) init: Arc<dyn ConnectionInit>,
}

impl Default for WebSockets {
    fn default() -> Self {
        Self { origins: AllowedOrigins::default(), init: Arc::new(AcceptAll) }
    }
}

impl WebSockets {
    /// Which pages may open a WebSocket, beside this server's own.
    #[must_use]
    pub fn origins(mut self, origins: AllowedOrigins) -> Self {
        self.origins = origins;
        self
    }

    /// What decides on `connection_init`.
    #[must_use]
    pub fn connection_init(mut self, init: impl ConnectionInit) -> Self {
        self.init = Arc::new(init);
        self
    }
}
