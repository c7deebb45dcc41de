//! Operations of any kind, for transports that can send more than one answer.

mod responses;
mod watched;

use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use async_graphql::{Data, Request, Response, ServerError};
use async_graphql_parser::types::OperationType;
use futures_util::{FutureExt, Stream, StreamExt, stream::BoxStream};
use tokio::{sync::OwnedSemaphorePermit, time::Instant};

use self::{
    responses::{Event, Responses},
    watched::watched,
};
use crate::{
    admission::{Aside, Headers, report},
    cost_extension::CostReport,
    document::{PreparedDocument, PreparedOperation},
    error_code::ErrorCode,
    gql::{Call, Gql, Inner, Params, Ready, excerpt},
    in_context::InContext,
    live::Counted,
    masking,
    outcome::Outcome,
    refusal::Refusal,
    request_data::{Operation, Report},
    request_id::RequestId,
};

/// What came of starting an operation.
pub(crate) enum Started {
    /// One answer, and that was all.
    Once(Outcome),
    /// A subscription: one answer per event. A refusal is the last thing that comes. Headers for who answers by HTTP.
    Many { events: BoxStream<'static, Outcome>, headers: Headers },
}

impl Gql {
    /// Starts an operation of any kind.
    pub(crate) async fn start(&self, params: Params, call: &Call<'_>) -> Started {
        match AssertUnwindSafe(self.subscription(&params, call)).catch_unwind().await {
            Ok(Ok(Some((events, headers)))) => {
                Started::Many { events: watched(&self.inner, call.parts, call.request_id, events), headers }
            }
            // the document is in the cache now, so it costs nothing to let the usual way look at it again
            Ok(Ok(None)) => Started::Once(self.run(params, call).await),
            Ok(Err(mut refusal)) => {
                tracing::debug!(request.id = %call.request_id, error.code = %refusal.code(), "refused");
                self.inner.request_data.refused(refusal.code().as_str());
                refusal.truncate(self.limits().errors);
                Started::Once(Outcome::Refused(refusal))
            }
            Err(_) => {
                tracing::error!(request.id = %call.request_id, "a request panicked outside of its resolvers");
                self.inner.request_data.refused(ErrorCode::Internal.as_str());
                Started::Once(Outcome::Refused(masking::fault_answer(call.request_id)))
            }
        }
    }

    /// The events of a subscription and headers for the answer; `None` if the operation is of another kind.
    async fn subscription(
        &self,
        params: &Params,
        call: &Call<'_>,
    ) -> Result<Option<(Subscription, Headers)>, Refusal> {
        let started = Instant::now();
        let document = self.inner.document(params, self.inner.caller(call)).await?;
        let name = params.operation_name.as_deref();
        let operation = document.operation(name)?;
        if operation.kind != OperationType::Subscription {
            return Ok(None);
        }
        let Ready { request, cost, in_context } =
            self.inner.ready_any(operation, params.variables.clone())?;
        let place = self.inner.live.subscribe()?;
        let info = Operation {
            name: operation.name.as_deref(),
            kind: operation.kind,
            in_context: &in_context,
            cost,
            request_id: call.request_id,
        };
        let aside = self.inner.admit(call, &info).await?;
        let request = request.data(in_context.clone()).data(call.request_id.clone());
        let followed = Followed {
            inner: Arc::clone(&self.inner),
            name: operation.name.as_ref().map(ToString::to_string),
            document: Arc::clone(&document),
            request_id: call.request_id.clone(),
            in_context,
            cost,
            told: aside.cost,
            started,
            reported: true,
            _counted: Some(self.inner.live.count_subscription(call.transport)),
        };
        let request = self.inner.request_data.attach(call.parts, &followed.info(), request);
        let mut subscription = Subscription::new(followed, request, Arc::default());
        subscription.place = Some(place);
        Ok(Some((subscription, aside.headers)))
    }
}

/// What is known of a running subscription, to finish its answers and to report on it.
pub(crate) struct Followed {
    inner: Arc<Inner>,
    document: Arc<PreparedDocument>,
    name: Option<String>,
    request_id: RequestId,
    in_context: InContext,
    cost: u64,
    /// What the first event tells of it.
    told: Option<CostReport>,
    started: Instant,
    /// Whether the owner of the schema hears how it went.
    reported: bool,
    _counted: Option<Counted>,
}

impl Followed {
    /// A subscription that came with a request of async-graphql, of which nobody hears.
    pub(crate) fn unreported(
        inner: &Arc<Inner>,
        document: &Arc<PreparedDocument>,
        name: Option<&str>,
        request_id: &RequestId,
        cost: u64,
    ) -> Self {
        Self {
            inner: Arc::clone(inner),
            document: Arc::clone(document),
            name: name.map(ToOwned::to_owned),
            request_id: request_id.clone(),
            in_context: InContext::default(),
            cost,
            told: report(&inner.limits, cost, None),
            started: Instant::now(),
            reported: false,
            _counted: None,
        }
    }

    fn operation(&self) -> Result<&PreparedOperation, Refusal> {
        self.document.operation(self.name.as_deref())
    }

    fn info(&self) -> Operation<'_> {
        Operation {
            name: self.name.as_deref(),
            kind: OperationType::Subscription,
            in_context: &self.in_context,
            cost: self.cost,
            request_id: &self.request_id,
        }
    }

    /// What a client may see of one event.
    fn finish(&mut self, response: Response) -> Outcome {
        let mut outcome = match self.operation() {
            Ok(operation) => self.inner.finish(response, operation, &self.request_id),
            Err(refusal) => Outcome::Refused(refusal),
        };
        if let Some(cost) = self.told.take() {
            outcome.tell(Aside { cost: Some(cost), ..Aside::default() });
        }
        outcome
    }

    /// The same, where nothing was executed.
    fn no_source(&mut self, response: Response) -> Outcome {
        match self.finish(response) {
            Outcome::Executed(executed) => {
                Outcome::Refused(Refusal::from_errors(ErrorCode::Internal, executed.errors))
            }
            refused => refused,
        }
    }
}

/// A running subscription.
pub(crate) struct Subscription {
    /// Its place among those of this server; one that came by another transport has none.
    place: Option<OwnedSemaphorePermit>,
    responses: Responses,
    followed: Followed,
    /// The errors of the last event, for the report.
    errors: Vec<ServerError>,
    span: tracing::Span,
}

impl Subscription {
    pub(crate) fn new(followed: Followed, request: Request, session: Arc<Data>) -> Self {
        let span = tracing::info_span!(
            "graphql.operation",
            graphql.operation.name = followed.name.as_deref().map(excerpt),
            graphql.operation.kind = %OperationType::Subscription,
            graphql.cost = followed.cost,
            request.id = %followed.request_id,
        );
        let responses = followed.inner.schemas.executor.execute_stream(request, session);
        let responses = Responses::new(responses);
        Self { responses, followed, errors: Vec::new(), span, place: None }
    }
}

impl Stream for Subscription {
    type Item = Outcome;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Outcome>> {
        let this = &mut *self;
        let _entered = this.span.enter();
        let outcome = match ready!(this.responses.poll_next_unpin(cx)) {
            Some(Event::Happened(response)) => this.followed.finish(response),
            Some(Event::NoSource(response)) => this.followed.no_source(response),
            Some(Event::Panicked) => {
                tracing::error!("a resolver panicked");
                Outcome::Refused(masking::fault_answer(&this.followed.request_id))
            }
            None => {
                // Not when the answers are read, which may be later or never.
                this.place = None;
                return Poll::Ready(None);
            }
        };
        this.errors = outcome.errors().to_vec();
        Poll::Ready(Some(outcome))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if self.followed.reported {
            let followed = &self.followed;
            let duration = followed.started.elapsed();
            let report = Report { operation: followed.info(), duration, errors: &self.errors, data: None };
            followed.inner.request_data.finished(&report);
        }
    }
}
