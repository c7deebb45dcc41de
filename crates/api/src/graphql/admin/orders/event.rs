//! What happened to an order.

use crate::graphql::scalars::DateTime;
use async_graphql::Object;
use stoa_persistence::order::HistoryEntry;

/// Something that happened to an order.
#[derive(Clone, Debug)]
pub struct AdminOrderEvent(pub(super) HistoryEntry);

/// Something that happened to an order.
#[Object]
impl AdminOrderEvent {
    /// Who: `buyer`, `gateway`, `system`, or a member of staff by name.
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// In words.
    async fn detail(&self) -> &str {
        &self.0.detail
    }

    /// What: `placed`, `paid`, `cancelled`, `refunded`, …
    async fn kind(&self) -> &str {
        &self.0.kind
    }
}
