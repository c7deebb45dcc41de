//! The guarded schema: what stands between a transport and async-graphql.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, Weak},
    time::Duration,
};

use async_graphql::{ObjectType, Request, Response, SchemaBuilder, SubscriptionType, Variables};
use async_graphql_parser::types::OperationType;
use futures_util::FutureExt;
use http::request::Parts;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::{
    builder::GqlBuilder,
    document::{DocumentCache, PreparedOperation, Unpaged},
    error_code::ErrorCode,
    error_path,
    in_context::InContext,
    limits::Limits,
    live::{ClientOf, Live, LiveTransport},
    masking,
    null_on_error::NullOnError,
    outcome::{Executed, Outcome},
    persisted::{DocumentHash, PersistedQueries},
    refusal::Refusal,
    request_data::{Operation, Report, RequestData},
    request_id::RequestId,
    restrict::{Caller, Restrictions},
    schema::TwinSchemas,
    splice::Splicing,
    types::TypeTable,
    ws::WebSockets,
};

/// A schema behind its guards. Cloning is cheap; all clones share the caches.
#[derive(Clone)]
pub struct Gql {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) schemas: TwinSchemas,
    pub(crate) sdl: String,
    pub(crate) table: TypeTable,
    pub(crate) limits: Limits,
    pub(crate) null_on_error: NullOnError,
    pub(crate) restrictions: Restrictions,
    pub(crate) unpaged: Unpaged,
    pub(crate) documents: DocumentCache,
    pub(crate) persisted: PersistedQueries,
    pub(crate) request_data: Box<dyn RequestData>,
    pub(crate) mutations: TaskTracker,
    /// How many of them run at once.
    pub(crate) mutation_turns: Arc<Semaphore>,
    pub(crate) live: Arc<Live>,
    /// Whose a live connection is.
    pub(crate) client_of: ClientOf,
    /// `None` if WebSockets are not served.
    pub(crate) websockets: Option<WebSockets>,
}

/// The parameters of a GraphQL-over-HTTP request, whatever they were encoded in.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pub(crate) query: Option<String>,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: Variables,
    pub(crate) hash: Option<DocumentHash>,
}

/// What is the same for all entries of one HTTP request.
pub(crate) struct Call<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) request_id: &'a RequestId,
    pub(crate) deadline: Instant,
    /// Whether no mutation may run, because the HTTP method is safe.
    pub(crate) safe_only: bool,
    /// What a subscription would be counted under.
    pub(crate) transport: LiveTransport,
    /// The operation's place on its connection, if those are counted: a mutation keeps it until it has ended, even if the client
    /// completed it long before.
    pub(crate) slot: Option<Weak<OwnedSemaphorePermit>>,
}

impl Gql {
    /// Starts to guard a schema. `schema` is called twice, once for the half that validates and once for the half that
    /// executes, and must describe the same types each time. Its own validation mode, suggestions and depth limit are
    /// overridden; extensions slow every field down and are better left out.
    pub fn builder<Q, M, S>(schema: impl Fn() -> SchemaBuilder<Q, M, S> + 'static) -> GqlBuilder
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        GqlBuilder::new(schema)
    }

    /// The schema as SDL, directives included.
    #[must_use]
    pub fn sdl(&self) -> &str {
        &self.inner.sdl
    }

    /// The limits in force.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Ends the live connections, if [`Gql::close_live`] has not yet, and waits for the mutations in flight. They outlive the
    /// connection they came on, so a server that shuts down waits here after it has stopped to accept requests; mutations
    /// that begin later still run, but are not waited for.
    pub async fn drain(&self) {
        self.drain_live().await;
        self.inner.mutations.close();
        self.inner.mutations.wait().await;
    }

    /// Runs one request of an HTTP call.
    pub(crate) async fn run(&self, params: Params, call: &Call<'_>) -> Outcome {
        let started = Instant::now();
        // resolvers are caught closer by; this is for what happens before and after them
        match AssertUnwindSafe(self.try_run(params, call, started)).catch_unwind().await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(mut refusal)) => {
                tracing::debug!(request.id = %call.request_id, error.code = %refusal.code(), "refused");
                self.inner.request_data.refused(refusal.code().as_str());
                refusal.truncate(self.inner.limits.errors);
                Outcome::Refused(refusal)
            }
            Err(_) => {
                tracing::error!(request.id = %call.request_id, "a request panicked outside of its resolvers");
                self.inner.request_data.refused(ErrorCode::Internal.as_str());
                Outcome::Refused(masking::fault_answer(call.request_id))
            }
        }
    }

    async fn try_run(&self, params: Params, call: &Call<'_>, started: Instant) -> Result<Outcome, Refusal> {
        let document = self.inner.document(&params, self.inner.caller(call)).await?;
        let operation = document.operation(params.operation_name.as_deref())?;
        if call.safe_only && operation.kind == OperationType::Mutation {
            let message = "Mutations cannot be sent with GET; send this operation with POST.";
            return Err(Refusal::new(ErrorCode::MethodNotAllowed, message));
        }
        let Ready { request, cost, in_context } = self.inner.ready(operation, params.variables)?;
        let info = Operation {
            name: operation.name.as_deref(),
            kind: operation.kind,
            in_context: &in_context,
            cost,
            request_id: call.request_id,
        };
        let aside = self.inner.admit(call, &info).await?;
        let request =
            request.data(in_context.clone()).data(call.request_id.clone()).data(Splicing::default());
        let request = self.inner.request_data.attach(call.parts, &info, request);
        let span = tracing::info_span!(
            "graphql.operation",
            graphql.operation.name = info.name.map(excerpt),
            graphql.operation.kind = %info.kind,
            graphql.cost = cost,
            request.id = %call.request_id,
        );
        let mut outcome = self.execute(request, operation, call, span.clone()).await;
        outcome.tell(aside);
        let report = Report {
            operation: info,
            duration: started.elapsed(),
            errors: outcome.errors(),
            data: outcome.data(),
        };
        self.inner.request_data.finished(&report);
        span.in_scope(|| log(&report));
        Ok(outcome)
    }

    async fn execute(
        &self,
        request: Request,
        operation: &PreparedOperation,
        call: &Call<'_>,
        span: tracing::Span,
    ) -> Outcome {
        let inner = Arc::clone(&self.inner);
        let execution = AssertUnwindSafe(async move { inner.schemas.executor.execute(request).await })
            .catch_unwind()
            .instrument(span);
        let answer = if operation.kind == OperationType::Mutation {
            // Until it begins, a mutation ends with its client, so whoever waits here is bounded as clients are.
            let turn =
                timeout_at(call.deadline, Arc::clone(&self.inner.mutation_turns).acquire_owned()).await;
            let Ok(Ok(turn)) = turn else { return timed_out(call) };
            let slot = call.slot.as_ref().map(Weak::upgrade);
            if let Some(None) = slot {
                // Completed in this very moment: nobody hears it.
                return Outcome::Refused(Refusal::new(ErrorCode::BadRequest, "The operation was completed."));
            }
            // A mutation runs to its end even if the client goes away or the answer is late: half of one is worse.
            let task = self.inner.mutations.spawn(async move {
                let answer = execution.await;
                drop((turn, slot));
                answer
            });
            timeout_at(call.deadline, task).await.map(|joined| joined.ok().and_then(Result::ok))
        } else {
            timeout_at(call.deadline, execution).await.map(Result::ok)
        };
        match answer {
            Ok(Some(response)) => self.inner.finish(response, operation, call.request_id),
            Ok(None) => {
                tracing::error!(request.id = %call.request_id, "a resolver panicked");
                Outcome::Refused(masking::fault_answer(call.request_id))
            }
            Err(_) => timed_out(call),
        }
    }
}

fn timed_out(call: &Call<'_>) -> Outcome {
    tracing::warn!(request.id = %call.request_id, "the operation timed out");
    Outcome::Refused(Refusal::new(ErrorCode::Timeout, "The operation took too long."))
}

/// An operation with its variables, as async-graphql wants it.
pub(crate) struct Ready {
    pub(crate) request: Request,
    pub(crate) cost: u64,
    pub(crate) in_context: InContext,
}

impl Inner {
    /// Who sent a request.
    pub(crate) fn caller<'a>(&'a self, call: &Call<'a>) -> Caller<'a> {
        Caller::Request { data: &*self.request_data, parts: call.parts }
    }

    /// Gets an operation ready that answers once.
    ///
    /// # Errors
    /// What [`Inner::ready_any`] refuses, and subscriptions.
    pub(crate) fn ready(
        &self,
        operation: &PreparedOperation,
        variables: Variables,
    ) -> Result<Ready, Refusal> {
        if operation.kind == OperationType::Subscription {
            let message = "Subscriptions are sent as text/event-stream, or over a WebSocket.";
            return Err(Refusal::new(ErrorCode::OperationResolutionFailure, message));
        }
        self.ready_any(operation, variables)
    }

    /// Gets an operation ready: variables coerced, cost checked, document copied.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` or `QUERY_TOO_COSTLY`.
    pub(crate) fn ready_any(
        &self,
        operation: &PreparedOperation,
        variables: Variables,
    ) -> Result<Ready, Refusal> {
        let variables = operation.coerce(&self.table, variables)?;
        let cost = operation.check_cost(&variables, &self.limits)?.objects;
        let in_context = operation.in_context.with(&variables);
        let mut request = Request::new(String::new());
        request.set_parsed_query(operation.document(&variables));
        request.variables = variables;
        Ok(Ready { request, cost, in_context })
    }

    /// What a client may see of the executor's answer.
    pub(crate) fn finish(
        &self,
        response: Response,
        operation: &PreparedOperation,
        request_id: &RequestId,
    ) -> Outcome {
        let Response { data, errors, extensions, http_headers: headers, .. } = response;
        let mut executed = Executed { data, errors, extensions, headers, cost: None, standing: Vec::new() };
        // before they are logged, so that a page of failing items is not a page of log
        executed.truncate_errors(self.limits.errors);
        for error in &mut executed.errors {
            error_path::complete(error, &self.table, operation);
        }
        masking::mask(&mut executed.errors, request_id);
        Outcome::Executed(Box::new(executed))
    }
}

fn log(report: &Report<'_>) {
    let codes: Vec<&str> = report.errors.iter().filter_map(masking::code_of).collect();
    tracing::debug!(
        graphql.duration_us = duration_us(report.duration),
        graphql.errors = codes.len(),
        graphql.error.codes = codes.join(","),
        "answered"
    );
}

fn duration_us(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// The start of a name that a client made up, for the log.
pub(crate) fn excerpt(name: &str) -> &str {
    name.char_indices().nth(80).map_or(name, |(end, _)| &name[..end])
}
