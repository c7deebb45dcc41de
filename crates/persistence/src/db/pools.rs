//! How busy a pool is.

use super::connections::Connections;

/// The connections of one pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// `writer`, `reader` or `replica`.
    pub name: &'static str,
    /// Open and in use.
    pub busy: u64,
    /// Open and waiting for use.
    pub idle: u64,
}

impl PoolState {
    pub(super) fn of(name: &'static str, connections: &Connections) -> Self {
        let (open, busy) = connections.state();
        // The two figures are not read at one moment.
        Self { name, busy, idle: open.saturating_sub(busy) }
    }
}
