//! Whether Redis is there, and fit to keep carts.

use crate::config::Config;
use anyhow::Context as _;
use std::io::Write;
use stoa_redis::{Concern, Redis, Server};
use stoa_services::doctor::Finding;

/// Asks every server. One that does not answer is found by whoever looks for carts.
pub(super) async fn examine(config: &Config, out: &mut impl Write) -> anyhow::Result<Vec<Finding>> {
    let Some(config) = &config.redis else { return Ok(Vec::new()) };
    let servers = match Redis::new(config).context("configuration: redis")?.servers().await {
        Ok(servers) => servers,
        Err(fault) => {
            tracing::debug!(error = %fault, "Redis does not answer");
            return Ok(Vec::new());
        }
    };
    let mut findings = Vec::new();
    for server in &servers {
        let at = server.address.as_ref().map(|address| format!(" at {address}")).unwrap_or_default();
        writeln!(out, "Redis{at}: reached, version {}", server.version)?;
        findings.extend(server.concerns.iter().map(|concern| finding(server, &at, concern)));
    }
    Ok(findings)
}

fn finding(server: &Server, at: &str, concern: &Concern) -> Finding {
    let (check, problem, remedy) = match concern {
        Concern::TooOld => (
            "redis.version",
            format!("Redis{at} is of version {:?}, which does not run our scripts", server.version),
            "Install Redis 5 or later; newer ones are what is tested.",
        ),
        Concern::ReadOnly => (
            "redis.role",
            format!("Redis{at} is a replica: no cart can be changed"),
            "Let redis.url name the primary, or a name that follows it.",
        ),
        Concern::Evicts { policy, evicted } => (
            "redis.eviction",
            format!("Redis{at} throws carts away when memory is short ({policy}; {evicted} keys so far)"),
            "Set maxmemory-policy noeviction: when memory is short buyers are told to try again, and no cart is lost.",
        ),
    };
    Finding { check, problem, remedy, mended: false }
}
