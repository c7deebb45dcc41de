//! The seam through which the owner of the schema puts its own things into each request, and hears how it went.

use std::time::Duration;

use async_graphql::{Request, ServerError, Value};
use async_graphql_parser::types::OperationType;
use futures_util::future::BoxFuture;
use http::request::Parts;
use tokio::time::{Instant, timeout_at};

use crate::{
    admission::{Admitted, Throttled},
    error_code::ErrorCode,
    gql::Inner,
    in_context::InContext,
    refusal::Refusal,
    request_id::RequestId,
    restrict::Requirement,
};

/// What is known of an operation before it runs: it is valid, and its variables fit.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Operation<'a> {
    /// The name the client gave it.
    pub name: Option<&'a str>,
    /// Query, mutation or subscription.
    pub kind: OperationType,
    /// The arguments of `@inContext`.
    pub in_context: &'a InContext,
    /// Objects it may return, by its page sizes.
    pub cost: u64,
    /// The id of the HTTP request; over a WebSocket the id of its handshake with a number for each operation.
    pub request_id: &'a RequestId,
}

/// How an operation went.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Report<'a> {
    /// The operation.
    pub operation: Operation<'a>,
    /// Time from the first look at the document to the answer, before serialisation; of a subscription, to its end.
    pub duration: Duration,
    /// The errors of the answer, masked; each carries `extensions.code`. Of a subscription, those of its last event.
    pub errors: &'a [ServerError],
    /// Its data, if there was an answer with some; of a subscription there are many, and none is here.
    pub data: Option<&'a Value>,
}

/// Why somebody may not go on who could begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapsed {
    /// What they have shown is worth nothing any more.
    Over,
    /// Nobody knows at the moment whether it still is.
    Unknown,
}

impl Lapsed {
    pub(crate) fn refusal(self) -> Refusal {
        match self {
            Self::Over => {
                let message = "The credential is not valid any more. Sign in again, and connect anew.";
                Refusal::new(ErrorCode::Unauthenticated, message)
            }
            Self::Unknown => {
                let message = "The server cannot answer right now. Try again in a moment.";
                Refusal::new(ErrorCode::ServiceUnavailable, message)
            }
        }
    }
}

/// Adds per-request data (viewer, loaders) to operations. A closure with the signature of [`RequestData::attach`] is one.
pub trait RequestData: Send + Sync + 'static {
    /// Called once per operation, right before it runs; a batch calls it for each entry, a WebSocket for each of its
    /// operations with the parts of its handshake, to which [`ConnectionInit`](crate::ConnectionInit) may have added.
    /// `request` already carries [`InContext`] and [`RequestId`]. What is added to a subscription lives as long as it does,
    /// and all its events see it: a cache would grow stale there.
    fn attach(&self, parts: &Parts, operation: &Operation<'_>, request: Request) -> Request;

    /// Whether whoever sent a request may use what asks for this
    /// ([`GqlBuilder::restricted`](crate::GqlBuilder::restricted)). Called for each request whose document names something
    /// restricted, maybe several times, and must then give one answer; never for others. By default nobody may use anything.
    ///
    /// A subscription is asked for when it begins: what a caller loses later, [`renew`](Self::renew) must end.
    fn allows(&self, _parts: &Parts, _requirement: Requirement) -> bool {
        false
    }

    /// Asks anew who it is that keeps a connection open: before each operation of a WebSocket, before each entry of a batch but the
    /// first, since the one before may have ended their sign-in, and while a subscription runs, of an
    /// event stream as well, before each of its events and, where there are none, once a
    /// [`keep_alive`](crate::LiveLimits::keep_alive). `None`, the default: it does not matter, and costs nothing. Must be `None` always
    /// or never for the same parts.
    ///
    /// What it gives is what the operation goes on with instead of `parts`; a subscription that runs keeps those it began with.
    ///
    /// # Errors
    /// They may not go on. The operation is refused, or the subscription ends with that refusal; the connection stays.
    fn renew<'a>(&'a self, _parts: &'a Parts) -> Option<BoxFuture<'a, Result<Parts, Lapsed>>> {
        None
    }

    /// Called once per operation, right before [`attach`](Self::attach): takes its cost from what the caller has left, or does not
    /// let it in. A batch calls it for each entry, a subscription once, not for its events. `None`, the default, lets everything
    /// in and costs nothing.
    ///
    /// # Errors
    /// There is less left than the operation costs. Nothing runs.
    fn admit<'a>(
        &'a self,
        _parts: &'a Parts,
        _operation: &Operation<'a>,
    ) -> Option<BoxFuture<'a, Result<Admitted, Throttled>>> {
        None
    }

    /// Called once per operation that ran, for metrics; for a subscription, when it ended. Does nothing by default.
    fn finished(&self, _report: &Report<'_>) {}

    /// Called once per request that was refused before it was an operation that could run, with the `extensions.code` of its
    /// errors: it does not parse, is not valid, costs too much. Does nothing by default.
    fn refused(&self, _code: &str) {}
}

impl Inner {
    /// What an operation that is not the first of its connection or batch goes on with; `None`: with the same.
    ///
    /// # Errors
    /// Its caller may not go on, or that is not said in time.
    pub(crate) async fn renewed(&self, parts: &Parts, deadline: Instant) -> Result<Option<Parts>, Lapsed> {
        let Some(asked) = self.request_data.renew(parts) else { return Ok(None) };
        let renewed = timeout_at(deadline, asked).await.unwrap_or(Err(Lapsed::Unknown));
        if let Err(lapsed) = renewed {
            self.request_data.refused(lapsed.refusal().code().as_str());
        }
        renewed.map(Some)
    }
}

impl<F> RequestData for F
where
    F: Fn(&Parts, &Operation<'_>, Request) -> Request + Send + Sync + 'static,
{
    fn attach(&self, parts: &Parts, operation: &Operation<'_>, request: Request) -> Request {
        self(parts, operation, request)
    }
}
