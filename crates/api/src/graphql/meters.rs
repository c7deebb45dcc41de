//! What is counted of every GraphQL operation, by its type and by what came of it; and, in passing, what it is told of who asks.

use super::{ApiError, admin, costs::Costs, request::Asker};
use crate::http::{RequestSpan, renew_caller};
use async_graphql::{Request, ServerError, Value, parser::types::OperationType};
use futures_util::future::BoxFuture;
use http::request::Parts;
use metrics::{Counter, Histogram, Unit, counter, describe_counter, describe_histogram, histogram};
use std::sync::Arc;
use stoa_domain::{limits::ClientAddress, shared::FaultKind};
use stoa_graphql_http::{
    Admitted, ErrorCode, Lapsed, Operation, Report, RequestData, Requirement, Throttled,
};
use stoa_services::{Services, account::Caller, meters};

const OPERATIONS: &str = "stoa_graphql_operations_total";
const DURATION: &str = "stoa_graphql_operation_duration_seconds";

const TYPES: [&str; 3] = ["query", "mutation", "subscription"];
/// The type of what was refused before anybody knew what it is.
const OTHER: &str = "other";
/// The members of a payload that say why a use case refused. One that a client renames is not seen.
const USER_ERRORS: [&str; 2] = ["userErrors", "customerUserErrors"];
/// How much of an operation's name goes into a trace, in characters.
const LONGEST_NAME: usize = 80;

/// Describes what is counted of operations.
pub(crate) fn register() {
    describe_counter!(
        OPERATIONS,
        Unit::Count,
        "GraphQL operations: ok, user_error (a mutation that refused with userErrors), request_error, fault"
    );
    describe_histogram!(
        DURATION,
        Unit::Seconds,
        "Time from the first look at a GraphQL document to the answer; of a subscription, to its end"
    );
}

/// What came of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Ok,
    UserError,
    RequestError,
    Fault,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Ok, Self::UserError, Self::RequestError, Self::Fault];

    const fn label(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::UserError => "user_error",
            Self::RequestError => "request_error",
            Self::Fault => "fault",
        }
    }
}

/// Counts operations, with all handles at hand.
pub(super) struct OperationMeters {
    by_type: [OfType; TYPES.len()],
    services: Arc<Services>,
    costs: Costs,
}

struct OfType {
    outcomes: [Counter; Outcome::ALL.len()],
    duration: Histogram,
}

impl OperationMeters {
    /// Asks these services anew who keeps a connection open, and takes what operations cost out of these quotas.
    pub(super) fn new(services: &Arc<Services>, costs: Costs) -> Self {
        // Looked up again when it happens, but there from the beginning.
        for outcome in [Outcome::RequestError, Outcome::Fault] {
            refused_as(outcome).increment(0);
        }
        Self { by_type: TYPES.map(OfType::new), services: Arc::clone(services), costs }
    }
}

impl OfType {
    fn new(name: &'static str) -> Self {
        let outcomes = Outcome::ALL.map(|outcome| {
            let counter = counter!(OPERATIONS, "type" => name, "outcome" => outcome.label());
            counter.increment(0);
            counter
        });
        Self { outcomes, duration: histogram!(DURATION, "type" => name) }
    }
}

impl RequestData for OperationMeters {
    fn attach(&self, parts: &Parts, operation: &Operation<'_>, request: Request) -> Request {
        // Not counted, but told in passing: the span of a request that is traced says what the request was.
        if let Some(RequestSpan(span)) = parts.extensions.get() {
            span.record("graphql.operation.type", TYPES[index(operation.kind)]);
            span.record("graphql.operation.name", operation.name.map(excerpt));
        }
        let address = parts.extensions.get::<ClientAddress>().copied();
        let caller = parts.extensions.get::<Arc<Caller>>().cloned();
        let signs_in = operation.kind == OperationType::Mutation;
        let buys = operation.in_context.buyer.is_some();
        if address.is_none() && caller.is_none() && !signs_in && !buys {
            return request;
        }
        let asker = Asker::new(address, caller);
        request.data(if signs_in { asker.with(parts) } else { asker })
    }

    fn renew<'a>(&'a self, parts: &'a Parts) -> Option<BoxFuture<'a, Result<Parts, Lapsed>>> {
        renew_caller(&self.services, parts)
    }

    fn allows(&self, parts: &Parts, requirement: Requirement) -> bool {
        admin::allows(parts.extensions.get::<Arc<Caller>>(), requirement)
    }

    fn admit<'a>(
        &'a self,
        parts: &'a Parts,
        operation: &Operation<'a>,
    ) -> Option<BoxFuture<'a, Result<Admitted, Throttled>>> {
        self.costs.admit(parts, operation.cost)
    }

    fn finished(&self, report: &Report<'_>) {
        let of_type = &self.by_type[index(report.operation.kind)];
        of_type.duration.record(report.duration);
        of_type.outcomes[outcome(report) as usize].increment(1);
        for error in report.errors {
            count_fault(code(error));
        }
    }

    fn refused(&self, code: &str) {
        count_fault(Some(code));
        let outcome = if fault_kind(code).is_some() { Outcome::Fault } else { Outcome::RequestError };
        refused_as(outcome).increment(1);
    }
}

/// The start of a name that a client made up.
fn excerpt(name: &str) -> &str {
    name.char_indices().nth(LONGEST_NAME).map_or(name, |(end, _)| &name[..end])
}

fn refused_as(outcome: Outcome) -> Counter {
    counter!(OPERATIONS, "type" => OTHER, "outcome" => outcome.label())
}

const fn index(kind: OperationType) -> usize {
    match kind {
        OperationType::Query => 0,
        OperationType::Mutation => 1,
        OperationType::Subscription => 2,
    }
}

fn outcome(report: &Report<'_>) -> Outcome {
    if report.errors.iter().any(|error| code(error).and_then(fault_kind).is_some()) {
        return Outcome::Fault;
    }
    if !report.errors.is_empty() {
        return Outcome::RequestError;
    }
    match report.data {
        Some(data) if report.operation.kind == OperationType::Mutation && refuses(data) => Outcome::UserError,
        _ => Outcome::Ok,
    }
}

/// Whether any payload of a mutation says why it was refused.
fn refuses(data: &Value) -> bool {
    let Value::Object(payloads) = data else { return false };
    payloads.values().any(|payload| {
        let Value::Object(payload) = payload else { return false };
        let says_why = |name| matches!(payload.get(name), Some(Value::List(errors)) if !errors.is_empty());
        USER_ERRORS.into_iter().any(says_why)
    })
}

fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// What kind of fault a code stands for; `None`: it is the client's affair.
fn fault_kind(code: &str) -> Option<FaultKind> {
    if code == ErrorCode::Internal.as_str() {
        return Some(FaultKind::Internal);
    }
    let unavailable = code == ApiError::SERVICE_UNAVAILABLE || code == ErrorCode::Timeout.as_str();
    unavailable.then_some(FaultKind::Unavailable)
}

fn count_fault(code: Option<&str>) {
    if let Some(kind) = code.and_then(fault_kind) {
        meters::faults(kind, 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::value;

    #[test]
    fn a_payload_refuses_by_saying_why() {
        assert!(refuses(
            &value!({ "a": { "userErrors": [] }, "b": { "userErrors": [{ "message": "no" }] } })
        ));
        assert!(refuses(&value!({ "a": { "customerUserErrors": [{ "message": "no" }] } })));
        for accepted in [
            value!({ "a": { "cart": { "id": "1" }, "userErrors": [] } }),
            value!({ "a": { "cart": { "userErrors": [1] } } }),
            value!({ "a": null }),
            Value::Null,
        ] {
            assert!(!refuses(&accepted), "{accepted}");
        }
    }

    #[test]
    fn only_what_is_ours_is_a_fault() {
        assert_eq!(fault_kind("INTERNAL"), Some(FaultKind::Internal));
        assert_eq!(fault_kind("SERVICE_UNAVAILABLE"), Some(FaultKind::Unavailable));
        assert_eq!(fault_kind(ErrorCode::Timeout.as_str()), Some(FaultKind::Unavailable));
        for theirs in ["BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED", "QUERY_TOO_COSTLY"] {
            assert_eq!(fault_kind(theirs), None);
        }
    }
}
