//! `[redis]`: where carts and holds are kept, if not in the database.

use super::{raw::RedisSection, validate::InvalidConfig, validate::invalid};
use secrecy::ExposeSecret;
use std::{ops::RangeInclusive, time::Duration};
use stoa_persistence::DbTarget;
use stoa_redis::{InvalidRedisConfig, RedisConfig, Timeouts};

/// Less is no network's; more is longer than buyers and health checks wait.
const WAIT_MS: RangeInclusive<u64> = 10..=10_000;

/// `None`: there is no Redis.
pub(super) fn redis(
    section: &RedisSection,
    database: &DbTarget,
) -> Result<Option<RedisConfig>, InvalidConfig> {
    let url = section.url.expose_secret().trim();
    if url.is_empty() {
        return Ok(None);
    }
    // SQLite is one process on one machine: Redis would add a server that can fail, and no second process.
    if !matches!(database, DbTarget::Postgres(_)) {
        let problem = "needs a database.url that is postgres://; beside SQLite carts are kept in its file";
        return Err(invalid("redis.url", problem));
    }
    let timeouts = Timeouts {
        connect: wait("redis.connect_timeout_ms", section.connect_timeout_ms)?,
        response: wait("redis.response_timeout_ms", section.response_timeout_ms)?,
    };
    let mut config = RedisConfig::parse(url)
        .and_then(|config| config.with_prefix(&section.prefix))
        .map_err(|e| match e {
            InvalidRedisConfig::Prefix => invalid("redis.prefix", e.to_string()),
            InvalidRedisConfig::Url { .. } | InvalidRedisConfig::Servers(_) => {
                invalid("redis.url", e.to_string())
            }
        })?
        .with_timeouts(timeouts);
    config.cluster |= section.cluster;
    Ok(Some(config))
}

fn wait(key: &'static str, millis: u64) -> Result<Duration, InvalidConfig> {
    if WAIT_MS.contains(&millis) {
        return Ok(Duration::from_millis(millis));
    }
    Err(invalid(key, format!("must be {} to {} milliseconds", WAIT_MS.start(), WAIT_MS.end())))
}
