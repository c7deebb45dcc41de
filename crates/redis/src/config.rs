//! Where Redis is and how long to wait for it.

use redis::{ConnectionInfo, IntoConnectionInfo};
use std::{fmt, time::Duration};

/// How long a caller waits before it is told that Redis cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection to be made, in each of two attempts.
    pub connect: Duration,
    /// For an answer to one command.
    pub response: Duration,
}

impl Default for Timeouts {
    /// Half a second each: a shop that waits longer for a cart has lost its buyer anyway.
    fn default() -> Self {
        Self { connect: Duration::from_millis(500), response: Duration::from_millis(500) }
    }
}

/// A setting that cannot be used. Never repeats a URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum InvalidRedisConfig {
    /// Not a URL of Redis.
    #[error("server {place} of the Redis URL is no redis:// or rediss:// URL: {reason}")]
    Url {
        /// Which of the URLs, from 1.
        place: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A prefix that would put all keys into one slot of a cluster.
    #[error("a key prefix must not contain braces")]
    Prefix,
    /// The servers contradict each other or the client, such as by different passwords.
    #[error("these Redis servers cannot be used together: {0}")]
    Servers(String),
}

/// Where Redis is, and how to use it.
#[derive(Clone)]
pub struct RedisConfig {
    /// The server, or the nodes at which to ask for the others.
    url: Vec<ConnectionInfo>,
    /// Whether this is a Redis Cluster.
    pub cluster: bool,
    prefix: String,
    /// How long to wait.
    pub timeouts: Timeouts,
}

impl RedisConfig {
    /// Reads a `redis://` or `rediss://` URL. Several, with commas between them, are nodes of a cluster; for a cluster of which
    /// one node is named, set [`cluster`](Self::cluster).
    ///
    /// # Errors
    /// It is no such URL.
    pub fn parse(url: &str) -> Result<Self, InvalidRedisConfig> {
        let servers = url.split(',').enumerate().map(|(index, url)| {
            url.trim().into_connection_info().map_err(|_| InvalidRedisConfig::Url {
                place: index + 1,
                reason: "the form is redis://user:password@host:port/database",
            })
        });
        let servers = servers.collect::<Result<Vec<_>, _>>()?;
        let cluster = servers.len() > 1;
        Ok(Self { url: servers, cluster, prefix: "stoa:".into(), timeouts: Timeouts::default() })
    }

    /// The same with another prefix of all keys; `stoa:` otherwise.
    ///
    /// # Errors
    /// It contains a brace: what stands in braces decides a key's node.
    pub fn with_prefix(self, prefix: &str) -> Result<Self, InvalidRedisConfig> {
        if prefix.contains(['{', '}']) {
            return Err(InvalidRedisConfig::Prefix);
        }
        Ok(Self { prefix: prefix.into(), ..self })
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// What every key begins with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(crate) fn servers(&self) -> &[ConnectionInfo] {
        &self.url
    }
}

impl fmt::Debug for RedisConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Addresses only: a URL may hold a name and a password.
        let addresses: Vec<String> = self.url.iter().map(|s| s.addr().to_string()).collect();
        f.debug_struct("RedisConfig")
            .field("servers", &addresses)
            .field("cluster", &self.cluster)
            .field("prefix", &self.prefix)
            .field("timeouts", &self.timeouts)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_url_is_a_server_and_several_are_a_cluster() {
        assert!(!RedisConfig::parse("redis://localhost").unwrap().cluster);
        assert!(RedisConfig::parse("redis://a:1, redis://b:2").unwrap().cluster);
    }

    #[test]
    fn a_password_is_never_printed() {
        let config = RedisConfig::parse("rediss://shop:s3cret@redis.example:6380/1").unwrap();
        let printed = format!("{config:?}");
        assert!(printed.contains("redis.example:6380"), "{printed}");
        assert!(!printed.contains("s3cret") && !printed.contains("shop"), "{printed}");
    }

    #[test]
    fn a_wrong_url_is_refused_without_being_repeated() {
        for wrong in ["", "localhost:6379", "http://shop:s3cret@localhost", "redis://a,s3cret"] {
            let refusal = RedisConfig::parse(wrong).unwrap_err().to_string();
            assert!(refusal.contains("redis://"), "{refusal}");
            assert!(!refusal.contains("s3cret"), "{refusal}");
        }
    }

    #[test]
    fn a_prefix_must_not_decide_the_node() {
        let config = RedisConfig::parse("redis://localhost").unwrap();
        assert_eq!(config.prefix(), "stoa:");
        assert_eq!(config.clone().with_prefix("shop-2:").unwrap().prefix(), "shop-2:");
        assert!(config.with_prefix("{shop}").is_err());
    }
}
