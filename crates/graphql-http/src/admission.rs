//! Whether an operation is let in, once its cost is known: what the owner of the schema says to it, and how a client hears.

use std::time::Duration;

use async_graphql::ErrorExtensionValues;
use http::{HeaderName, HeaderValue};
use serde::Serialize;
use tokio::time::timeout_at;

use crate::{
    cost_extension::CostReport,
    error_code::ErrorCode,
    gql::{Call, Inner},
    limits::Limits,
    outcome::Outcome,
    refusal::Refusal,
    request_data::Operation,
};

/// What a caller has left, in units of [`Operation::cost`]; sent as `extensions.cost.throttleStatus` where
/// [`Limits::cost_extension`] is on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ThrottleStatus {
    /// The most there is at once.
    pub maximum_available: u64,
    /// What is left after this operation; of one that was refused, before it.
    pub currently_available: u64,
    /// Units that come back in a second.
    pub restore_rate: f64,
}

/// Headers that tell how a caller stands, such as `RateLimit`.
pub(crate) type Headers = Vec<(HeaderName, HeaderValue)>;

/// An operation that was let in.
#[derive(Clone, Debug, Default)]
pub struct Admitted {
    /// What is left.
    pub status: Option<ThrottleStatus>,
    /// Headers of the answer, such as `RateLimit`. In a batch the last operation's replace those of the ones before.
    pub headers: Headers,
}

/// An operation that was not let in.
#[derive(Clone, Debug, Default)]
pub struct Throttled {
    /// When to come again, sent as `Retry-After` in whole seconds and as `extensions.retryAfter` of the error. `None`: never, it
    /// costs more than there is at once, which is told as `QUERY_TOO_COSTLY`.
    pub retry_after: Option<Duration>,
    /// What is left.
    pub status: Option<ThrottleStatus>,
    /// Headers of the answer, without `Retry-After`.
    pub headers: Headers,
}

/// What goes with the answer to an operation that was let in.
#[derive(Debug, Default)]
pub(crate) struct Aside {
    pub(crate) cost: Option<CostReport>,
    pub(crate) headers: Headers,
}

/// What goes with a refusal for what was asked for before.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) cost: Option<CostReport>,
    pub(crate) headers: Headers,
    /// Seconds.
    pub(crate) retry_after: Option<u64>,
}

impl Inner {
    /// Asks whether an operation is let in.
    ///
    /// # Errors
    /// `THROTTLED`, `QUERY_TOO_COSTLY`, or `TIMEOUT` if that is not said in time.
    pub(crate) async fn admit(&self, call: &Call<'_>, operation: &Operation<'_>) -> Result<Aside, Refusal> {
        let Some(asked) = self.request_data.admit(call.parts, operation) else {
            return Ok(Aside { cost: report(&self.limits, operation.cost, None), headers: Headers::new() });
        };
        match timeout_at(call.deadline, asked).await {
            Ok(Ok(Admitted { status, headers })) => {
                Ok(Aside { cost: report(&self.limits, operation.cost, status), headers })
            }
            Ok(Err(throttled)) => Err(throttled.into_refusal(&self.limits, operation.cost)),
            Err(_) => {
                tracing::warn!(request.id = %call.request_id, "nobody said in time whether an operation is let in");
                Err(Refusal::new(ErrorCode::Timeout, "The operation took too long."))
            }
        }
    }
}

impl Throttled {
    fn into_refusal(self, limits: &Limits, cost: u64) -> Refusal {
        // a client that comes again within the second it was told would come too early
        let retry_after =
            self.retry_after.map(|wait| (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1));
        let (code, message) = match retry_after {
            Some(seconds) => {
                let message = format!(
                    "The operation costs {cost}, more than is left. Send it again in {seconds} seconds."
                );
                (ErrorCode::Throttled, message)
            }
            None => {
                let message = format!("The operation costs {cost}, more than there ever is. Ask for less.");
                (ErrorCode::QueryTooCostly, message)
            }
        };
        let mut error = async_graphql::ServerError::new(message, None);
        if let Some(seconds) = retry_after {
            error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("retryAfter", seconds);
        }
        let standing =
            Standing { cost: report(limits, cost, self.status), headers: self.headers, retry_after };
        Refusal::from_errors(code, vec![error]).standing(standing)
    }
}

impl Outcome {
    /// Adds what goes with the answer, if there is one.
    pub(crate) fn tell(&mut self, aside: Aside) {
        if let Self::Executed(executed) = self {
            executed.cost = aside.cost;
            executed.standing = aside.headers;
        }
    }
}

/// What `extensions.cost` says, if it is on.
pub(crate) fn report(limits: &Limits, cost: u64, status: Option<ThrottleStatus>) -> Option<CostReport> {
    limits.cost_extension.then_some(CostReport { requested_query_cost: cost, throttle_status: status })
}
