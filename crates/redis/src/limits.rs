//! [`RateLimiter`] on Redis: all instances count together, by Redis' clock. Each verb is one round trip.

use crate::{
    connection::Redis,
    script::{Call, LIMIT_GIVE_BACK, LIMIT_TAKE},
};
use async_trait::async_trait;
use std::time::Duration;
use stoa_domain::{
    limits::{Decision, LimitKey, Quota, RateLimiter},
    shared::Fault,
};

/// Quotas in Redis, each key one number that goes by itself.
#[derive(Clone, Debug)]
pub struct RedisRateLimiter {
    redis: Redis,
}

impl RedisRateLimiter {
    /// Counts in `redis`.
    pub const fn new(redis: Redis) -> Self {
        Self { redis }
    }
}

#[async_trait]
impl RateLimiter for RedisRateLimiter {
    async fn take(&self, key: &LimitKey, quota: Quota, units: u32) -> Result<Decision, Fault> {
        if units > quota.limit() {
            return Ok(Decision::TooMuch);
        }
        let call = Call::new(&LIMIT_TAKE, [self.redis.keys().limit(key)])
            .arg(quota.cost_us(units))
            .arg(quota.capacity_us());
        let ahead: i64 = self.redis.run("redis.limit.take", &call).await?;
        Ok(if ahead >= 0 {
            quota.allowed(ahead)
        } else {
            Decision::Refused { retry_after: Duration::from_micros(ahead.unsigned_abs()) }
        })
    }

    async fn give_back(&self, key: &LimitKey, quota: Quota, units: u32) -> Result<(), Fault> {
        let call = Call::new(&LIMIT_GIVE_BACK, [self.redis.keys().limit(key)]).arg(quota.cost_us(units));
        self.redis.run("redis.limit.give_back", &call).await
    }
}
