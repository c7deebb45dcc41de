//! The HTTP side: every route of this server, and what happens to each request on its way in and out.
//!
//! [`router`] gives the API alone; [`router_with`] adds what others serve beside it ([`Mounts`]), so that pages and
//! the sandbox pass through the same edge. From outside in, a request meets:
//!
//! 1. [`edge`]: its id, its span, its log line, the secure headers; a panic becomes `INTERNAL`;
//! 2. by route: cross-origin rules and compression for GraphQL, compression for pages, a deadline for everything but
//!    GraphQL and uploads, which keep their own, and for what programs mount.
//!
//! The way of a GraphQL request is kept thin: each layer on it costs every request.

mod acting;
mod answer;
mod archive;
mod audit_export;
mod caller;
mod codes_export;
mod compression;
mod cookies;
mod cors;
mod deadline;
mod edge;
mod graphiql;
mod graphql;
mod graphs;
mod health;
mod jwks;
mod landing;
mod mail_preview;
mod media;
mod media_upload;
mod meters;
mod oidc;
mod request_id;
mod router;
mod secure_headers;
mod settings;
mod state;
mod throttle;
mod trace;
mod unknown;
mod webhooks;
mod whose;

pub use caller::SocketCaller;
pub(crate) use caller::renew as renew_caller;
pub use cookies::are_taken_at as cookies_are_taken_at;
pub(crate) use cookies::{
    DEVICE as DEVICE_COOKIE, IDENTITY as IDENTITY_COOKIE, SESSION as SESSION_COOKIE, clear as clear_cookie,
    find as find_cookie, of_sign_in as cookies_of_sign_in,
};
pub use graphs::Graphs;
pub(crate) use meters::register as register_meters;
pub(crate) use oidc::attempt_cookie;
pub use router::{Mounts, router, router_with};
pub use settings::AppSettings;
pub use state::AppState;
pub use stoa_graphql_http::{
    Documents, Limits, LiveCount, LiveLimits, LiveTransport, TrustedDocuments, TrustedDocumentsError,
};
pub(crate) use throttle::{RequestQuotas, limit_headers, take_operation, take_shares};
pub use trace::Adopt;
pub(crate) use trace::RequestSpan;
pub(crate) use whose::Whose;
