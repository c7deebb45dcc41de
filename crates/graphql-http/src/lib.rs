//! GraphQL over HTTP, to the letter of its specification, with guards in front of any async-graphql schema.
//!
//! ```
//! use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema};
//! use stoa_graphql_http::{DirectiveDeclaration, Gql, Limits, Operation};
//!
//! struct Query;
//! #[Object]
//! impl Query {
//!     async fn greeting(&self) -> &str { "hello" }
//! }
//!
//! # fn wire() -> Result<axum::Router, stoa_graphql_http::BuildError> {
//! let gql = Gql::builder(|| Schema::build(Query, EmptyMutation, EmptySubscription))
//!     .directive(DirectiveDeclaration::defer())
//!     .directive(
//!         DirectiveDeclaration::in_context()
//!             // types of the schema go here: an enum of countries, one of languages, input objects
//!             .argument::<Option<String>>("country", "The country to answer for."),
//!     )
//!     .limits(Limits::default())
//!     .request_data(|parts: &http::request::Parts, operation: &Operation<'_>, request: Request| {
//!         // per request: viewer, loaders; `InContext` and `RequestId` are in `request` already
//!         let viewer = parts.headers.get("authorization").cloned();
//!         tracing::trace!(operation.cost, "about to run");
//!         request.data(viewer)
//!     })
//!     .build()?;
//! let router = axum::Router::new()
//!     .route("/graphql", gql.endpoint())
//!     .route("/api/{version}/graphql.json", gql.endpoint());
//! # Ok(router)
//! # }
//! # wire().unwrap();
//! ```
//!
//! What the owner of a schema needs to know:
//!
//! - [`Gql::builder`] takes a function, because the schema is built twice: one half validates a document once per text,
//!   the other executes it. Register no extension; each one slows every field down.
//! - Errors of resolvers: one with `extensions.code` (see [`client_error`]) reaches the client as it is; any other is a fault,
//!   logged with the request id and sent as `INTERNAL`. [`fault`] spells out a chain of causes for the log.
//! - A nullable field whose resolver can fail returns [`Nullable`].
//! - `ctx.data::<InContext>()` and `ctx.data::<RequestId>()` are always there.
//! - [`Gql::sdl`] is the schema with its directives; [`Gql::drain`] waits for mutations in flight at shutdown.
//! - Subscriptions go out as `text/event-stream` to who accepts that, one stream each (the "distinct connections mode" of
//!   graphql-sse), and over WebSockets by `graphql-transport-ws` once [`GqlBuilder::websockets`] lets them in.
//!   [`Gql::close_live`] ends both at shutdown.
//! - Not every caller has every field: [`GqlBuilder::restricted`] names those that [`RequestData::allows`] is asked about, and
//!   [`RequestData::admit`] takes the cost of each operation from what its caller has left.
//! - Whoever keeps a connection open is asked for again by [`RequestData::renew`], which ends what they may not have any more.
//! - For other transports, [`Gql`] is an [`async_graphql::Executor`] with the same guards.
//!
//! How a request goes: HTTP and its media types (`http`), text of the document (size, tokens, nesting), parser, expansion
//! of fragments, validation by async-graphql, the rules it lacks (values and variables, merging of fields), rewriting (each
//! field once), all that once per document; then per request the choice of the operation, coercion of variables, cost,
//! execution, masking of errors.

mod admission;
mod builder;
mod cost_extension;
mod directives;
mod document;
mod documents;
mod error_code;
mod error_path;
mod executor;
mod gql;
mod http;
mod in_context;
mod input;
mod limits;
mod live;
mod masking;
mod null_on_error;
mod nullable;
mod outcome;
mod persisted;
mod refusal;
mod request_data;
mod request_id;
mod restrict;
mod schema;
mod splice;
mod subscribe;
mod trusted;
mod types;
mod ws;

pub use self::{
    admission::{Admitted, ThrottleStatus, Throttled},
    builder::{BuildError, GqlBuilder},
    directives::DirectiveDeclaration,
    error_code::ErrorCode,
    gql::Gql,
    in_context::InContext,
    limits::Limits,
    live::{LiveCount, LiveLimits, LiveTransport},
    masking::{client_error, client_error_until, fault},
    nullable::Nullable,
    request_data::{Lapsed, Operation, Report, RequestData},
    request_id::RequestId,
    restrict::Requirement,
    splice::Splicing,
    trusted::{Documents, TrustedDocuments, TrustedDocumentsError},
    types::TypeTableError,
    ws::{Acceptance, AllowedOrigins, ConnectionInit, InitPayload, Rejection, WebSockets},
};
