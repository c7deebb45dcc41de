//! `extensions.cost` of an answer, in the shape that clients of the Shopify Admin API read.

use async_graphql::{Name, Value, indexmap::IndexMap};
use serde::Serialize;

use crate::admission::ThrottleStatus;

/// The member of `extensions`.
pub(crate) const COST: &str = "cost";

/// What an operation costs, and what is left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CostReport {
    /// [`Operation::cost`](crate::Operation::cost).
    pub(crate) requested_query_cost: u64,
    /// Only where costs are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) throttle_status: Option<ThrottleStatus>,
}

impl CostReport {
    /// The same as async-graphql's type.
    pub(crate) fn into_value(self) -> Value {
        let mut members =
            IndexMap::from([(Name::new("requestedQueryCost"), Value::from(self.requested_query_cost))]);
        if let Some(status) = self.throttle_status {
            let status = IndexMap::from([
                (Name::new("maximumAvailable"), Value::from(status.maximum_available)),
                (Name::new("currentlyAvailable"), Value::from(status.currently_available)),
                (Name::new("restoreRate"), Value::from(status.restore_rate)),
            ]);
            members.insert(Name::new("throttleStatus"), Value::Object(status));
        }
        Value::Object(members)
    }
}
