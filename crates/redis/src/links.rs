//! The connection in use, and its replacement when it leads nowhere.

use crate::{
    config::{InvalidRedisConfig, RedisConfig},
    link::Link,
};
use std::sync::{PoisonError, RwLock};

/// Connections, one after another, with numbers.
pub(crate) struct Links {
    config: RedisConfig,
    current: RwLock<(u64, Link)>,
}

impl Links {
    /// Prepares the first. Needs a Tokio runtime, but no server.
    pub(crate) fn prepare(config: &RedisConfig) -> Result<Self, InvalidRedisConfig> {
        let link = Link::prepare(config)?;
        Ok(Self { config: config.clone(), current: RwLock::new((0, link)) })
    }

    /// The connection in use and its number.
    pub(crate) fn current(&self) -> (u64, Link) {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether keys live on more than one node.
    pub(crate) const fn are_of_cluster(&self) -> bool {
        self.config.cluster
    }

    /// Replaces this connection, unless that has been done. Whoever still waits for an answer on it goes on waiting. A cluster's
    /// is kept: it is many, and looks after each of them.
    pub(crate) fn give_up(&self, number: u64) {
        if self.config.cluster {
            return;
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.0 != number {
            return;
        }
        match Link::prepare(&self.config) {
            Ok(link) => *current = (number + 1, link),
            Err(error) => tracing::warn!(%error, "the connection to Redis cannot be replaced"),
        }
    }
}
