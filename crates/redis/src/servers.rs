//! What the servers say of themselves, for whoever examines a shop.

use crate::{connection::Redis, link::Node};
use stoa_domain::shared::Fault;

/// Since then a script that asks for the time may write: its effects are what is replicated.
const OLDEST: (u32, u32) = (5, 0);

/// A server that owns keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Host and port, of a cluster's node.
    pub address: Option<String>,
    /// As it says.
    pub version: String,
    /// What is wrong with it.
    pub concerns: Vec<Concern>,
}

/// Why a server is not fit to keep carts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Concern {
    /// Scripts do not run on it.
    TooOld,
    /// It is a replica: nothing can be written.
    ReadOnly,
    /// Carts and holds are thrown away when memory is short.
    Evicts {
        /// By which policy.
        policy: String,
        /// How many keys have been thrown away since it started.
        evicted: u64,
    },
}

impl Redis {
    /// The servers that own keys, and what is wrong with them.
    ///
    /// # Errors
    /// One of them does not answer.
    pub async fn servers(&self) -> Result<Vec<Server>, Fault> {
        let servers = self.link().servers().await.map_err(|e| Fault::unavailable("redis.servers", e))?;
        Ok(servers.into_iter().map(|(node, info)| Server::read(node, &info)).collect())
    }
}

impl Server {
    fn read(node: Node, info: &str) -> Self {
        let field = |name: &str| {
            info.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
                .unwrap_or_default()
                .trim()
        };
        let number = |name| field(name).parse::<u64>().unwrap_or_default();
        let version = field("redis_version");
        let mut concerns = Vec::new();
        if parts(version).is_none_or(|version| version < OLDEST) {
            concerns.push(Concern::TooOld);
        }
        if field("role") == "slave" {
            concerns.push(Concern::ReadOnly);
        }
        // Every key of ours has a time to live, so that "volatile" spares none of them. Without a limit nothing is thrown away.
        let policy = field("maxmemory_policy");
        if number("maxmemory") > 0 && policy != "noeviction" {
            concerns.push(Concern::Evicts { policy: policy.into(), evicted: number("evicted_keys") });
        }
        let address = match node {
            Node::Only => None,
            Node::At(address) => Some(address),
        };
        Self { address, version: version.into(), concerns }
    }
}

fn parts(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concerns(info: &str) -> Vec<Concern> {
        Server::read(Node::Only, &info.replace(' ', "\r\n")).concerns
    }

    #[test]
    fn what_a_server_says_is_understood() {
        let good = "redis_version:7.0.15 role:master maxmemory:0 maxmemory_policy:allkeys-lru";
        assert_eq!(concerns(good), []);
        assert_eq!(concerns("redis_version:5.0.0 maxmemory:9 maxmemory_policy:noeviction"), []);
        assert_eq!(concerns("redis_version:4.0.14"), [Concern::TooOld]);
        assert_eq!(concerns(""), [Concern::TooOld], "it does not even say");
        assert_eq!(concerns("redis_version:7.2.4 role:slave"), [Concern::ReadOnly]);
        let evicts = "redis_version:7.2.4 maxmemory:9 maxmemory_policy:volatile-ttl evicted_keys:3";
        assert_eq!(concerns(evicts), [Concern::Evicts { policy: "volatile-ttl".into(), evicted: 3 }]);
    }
}
