//! From where somebody comes, as limits count it: the network, and the site that it is part of.
//!
//! Of IPv6 a household has 256 networks and a tunnel 65,536, at no cost. So what a network may do, its site may do a few times and no
//! more. Of IPv4 both are the same address, which is counted once; so are all of whom nothing is known.

use super::UNKNOWN;
use stoa_domain::{
    limits::{ClientAddress, Decision, LimitKey, Quota, RateLimiter},
    shared::Fault,
};

/// How many networks' shares a site has.
const NETWORKS: u32 = 4;

/// Counters of a network and of its site.
#[derive(Debug)]
pub(crate) struct Place {
    /// The site's first: who is stopped there leaves no counter of yet another network behind.
    counters: Vec<(LimitKey, Quota)>,
}

impl Place {
    /// What is counted as `kind`, of which a network has this quota.
    pub(crate) fn new(kind: &str, client: Option<ClientAddress>, quota: Quota) -> Self {
        let Some(client) = client else {
            return Self { counters: vec![(LimitKey::new(kind, UNKNOWN), quota)] };
        };
        let (network, site) = (client.network(), client.site());
        let mut counters = vec![(LimitKey::new(kind, network), quota)];
        // Not where they differ: a site and its first network are written alike.
        if network.is_ipv6() {
            let of_site = Quota::new(quota.limit().saturating_mul(NETWORKS), quota.window());
            counters.insert(0, (LimitKey::new(kind, format_args!("site:{site}")), of_site));
        }
        Self { counters }
    }

    /// Takes units of both, or of neither.
    ///
    /// # Errors
    /// What counts cannot be reached.
    pub(crate) async fn take(&self, limiter: &dyn RateLimiter, units: u32) -> Result<Decision, Fault> {
        let mut decision = Decision::TooMuch;
        for (n, (key, quota)) in self.counters.iter().enumerate() {
            decision = limiter.take(key, *quota, units).await?;
            if !decision.is_allowed() {
                for (key, quota) in &self.counters[..n] {
                    limiter.give_back(key, *quota, units).await?;
                }
                break;
            }
        }
        Ok(decision)
    }

    /// Gives units back that turned out not to count.
    ///
    /// # Errors
    /// What counts cannot be reached.
    pub(crate) async fn give_back(&self, limiter: &dyn RateLimiter, units: u32) -> Result<(), Fault> {
        for (key, quota) in &self.counters {
            limiter.give_back(key, *quota, units).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::ProcessLimiter;
    use std::time::Duration;

    const TEN: Quota = Quota::new(10, Duration::from_hours(1));

    fn client(text: &str) -> Option<ClientAddress> {
        Some(ClientAddress::new(text.parse().unwrap()))
    }

    async fn takes(limiter: &ProcessLimiter, from: Option<ClientAddress>, units: u32) -> bool {
        Place::new("kind", from, TEN).take(limiter, units).await.unwrap().is_allowed()
    }

    #[tokio::test]
    async fn who_has_many_networks_has_no_more_than_four_shares() {
        let limiter = ProcessLimiter::default();
        let mut taken = 0;
        for network in 0..256 {
            let from = client(&format!("2001:db8:1:{network:x}::1"));
            for _ in 0..10 {
                taken += u32::from(takes(&limiter, from, 1).await);
            }
        }
        assert_eq!(taken, 40);
        assert!(takes(&limiter, client("2001:db8:2::1"), 1).await, "another site is not asked");
    }

    #[tokio::test]
    async fn a_network_that_is_stopped_takes_nothing_of_its_site() {
        let limiter = ProcessLimiter::default();
        for _ in 0..100 {
            takes(&limiter, client("2001:db8:1:1::1"), 1).await;
        }
        for network in 2..5 {
            assert!(takes(&limiter, client(&format!("2001:db8:1:{network}::1")), 10).await, "{network}");
        }
        assert!(!takes(&limiter, client("2001:db8:1:5::1"), 1).await);
        let given = Place::new("kind", client("2001:db8:1:4::1"), TEN);
        given.give_back(&limiter, 10).await.unwrap();
        assert!(takes(&limiter, client("2001:db8:1:5::1"), 10).await, "what comes back comes back to both");
    }

    #[tokio::test]
    async fn an_ipv4_address_and_whoever_is_not_known_have_one_share() {
        for from in [client("192.0.2.7"), None] {
            let limiter = ProcessLimiter::default();
            assert!(takes(&limiter, from, 10).await);
            assert!(!takes(&limiter, from, 1).await);
        }
    }
}
