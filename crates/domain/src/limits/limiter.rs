//! The port of what counts.

use super::{Decision, Quota};
use crate::shared::Fault;
use async_trait::async_trait;
use std::fmt;

/// What is counted: a kind and who or what, such as `guess:network:192.0.2.7`. Nothing personal but addresses of the network, which
/// are kept no longer than they count.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LimitKey(Box<str>);

impl LimitKey {
    /// A key of this kind.
    pub fn new(kind: &str, of: impl fmt::Display) -> Self {
        Self(format!("{kind}:{of}").into())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LimitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.0.split(':').next().unwrap_or_default();
        write!(f, "LimitKey({kind}:…)")
    }
}

/// Counts against quotas, by a clock of its own. A key is always used with the same quota; what is kept of it goes by itself once
/// all its units have come back.
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes units of the key, if there are so many: all of them or none. Of those who ask at the same moment no more are allowed
    /// than there are units. 0 units take nothing, and tell what is left.
    ///
    /// # Errors
    /// What counts cannot be reached. The units may be taken all the same.
    async fn take(&self, key: &LimitKey, quota: Quota, units: u32) -> Result<Decision, Fault>;

    /// Gives back units that were taken and turned out not to count. More than were taken never make more than the quota.
    ///
    /// # Errors
    /// What counts cannot be reached. The units come back by themselves, only later.
    async fn give_back(&self, key: &LimitKey, quota: Quota, units: u32) -> Result<(), Fault>;
}
