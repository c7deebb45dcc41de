//! Where a story's shop keeps its carts: beside Postgres, with `STOA_TEST_REDIS` set to a URL, under a prefix of its own there;
//! otherwise in its database.

use std::{path::Path, time::Duration};
use stoa_domain::shared::IdGenerator;
use stoa_redis::{RedisConfig, Timeouts};
use stoa_services::system::SystemIds;

/// Notes in the shop's folder which prefix is its own, for a server that is started again.
pub(super) const NOTE: &str = "redis-prefix";

/// The Redis of the shop whose folder this is, if it has one.
pub(crate) fn of(folder: &Path) -> Option<RedisConfig> {
    // SQLite has carts of its own.
    std::env::var_os("STOA_TEST_DATABASE")?;
    let url = std::env::var("STOA_TEST_REDIS").ok().filter(|url| !url.is_empty())?;
    Some(at(&url, folder))
}

/// The same at a Redis of the story's own, or by another way. Nobody is waited for longer than in a real shop.
pub(crate) fn hasty(url: &str, folder: &Path) -> RedisConfig {
    at(url, folder).with_timeouts(Timeouts::default())
}

fn at(url: &str, folder: &Path) -> RedisConfig {
    let note = folder.join(NOTE);
    let prefix = std::fs::read_to_string(&note).unwrap_or_else(|_| {
        let prefix = format!("story-{}:", SystemIds.id().simple());
        std::fs::write(note, &prefix).expect("the folder can be written");
        prefix
    });
    // A machine that is busy with other stories is not what they are about.
    let wait = Duration::from_secs(10);
    let config = RedisConfig::parse(url).and_then(|config| config.with_prefix(&prefix)).expect("a Redis URL");
    config.with_timeouts(Timeouts { connect: wait, response: wait })
}

/// Deletes the carts below the prefix, on a single server.
pub(crate) async fn lose_carts(config: &RedisConfig) {
    let url = std::env::var("STOA_TEST_REDIS").expect("a story with a Redis");
    let client = redis::Client::open(url).expect("a Redis URL");
    let mut connection = client.get_multiplexed_async_connection().await.expect("Redis answers");
    let pattern = format!("{}cart:*", config.prefix());
    let carts: Vec<String> =
        redis::cmd("KEYS").arg(pattern).query_async(&mut connection).await.expect("keys");
    assert!(!carts.is_empty(), "there are carts to lose");
    let _: u64 = redis::cmd("DEL").arg(carts).query_async(&mut connection).await.expect("they go");
}
