//! Who speaks: the one on the line, or whom a proxy that we trust names.

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use stoa_domain::limits::ClientAddress;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Whom we believe what they say of others.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Clients {
    trusted: Arc<[IpNet]>,
    /// Whether it was told that somebody speaks for others and is not believed.
    told: Arc<AtomicBool>,
}

impl Clients {
    pub(in crate::app) fn behind(trusted: &[IpNet]) -> Self {
        Self { trusted: trusted.into(), told: Arc::default() }
    }

    /// Each proxy adds at the end whom it has heard. So the list is read from its end, for as long as those who wrote it are
    /// trusted: the first who is not is the client, whatever else the list says.
    pub(super) fn of(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            self.tell_of_unknown_proxy(peer, headers);
            return ClientAddress::new(peer);
        }
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let named = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        let mut client = peer;
        for name in named {
            // What is no address was written by nobody whom we trust.
            let Ok(address) = name.trim().parse::<IpAddr>() else { break };
            client = address.to_canonical();
            if !self.trusts(client) {
                break;
            }
        }
        ClientAddress::new(client)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// A proxy nobody told us of makes all its clients one, whom limits then keep out together.
    fn tell_of_unknown_proxy(&self, peer: IpAddr, headers: &HeaderMap) {
        if is_near(peer) && headers.contains_key(FORWARDED_FOR) && !self.told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                proxy = %peer,
                "a proxy names its clients and is not in server.trusted_proxies: all of them count as one against limits"
            );
        }
    }
}

/// Whether it is a machine of our own, or of our own network: others may write into headers what they like.
fn is_near(peer: IpAddr) -> bool {
    match peer {
        IpAddr::V4(peer) => peer.is_loopback() || peer.is_private(),
        IpAddr::V6(peer) => peer.is_loopback() || peer.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let client = Clients::behind(&trusted).of(peer.parse().unwrap(), &headers);
        client.network().to_string()
    }

    #[test]
    fn nobody_is_believed_unless_trusted() {
        assert_eq!(client(&[], "192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client(&["10.0.0.0/8"], "192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client(&["10.0.0.0/8"], "10.1.2.3", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(client(&["10.0.0.0/8"], "10.1.2.3", &[]), "10.1.2.3");
        assert_eq!(client(&["10.0.0.0/8"], "::ffff:10.1.2.3", &["198.51.100.7"]), "198.51.100.7");
    }

    #[test]
    fn what_a_client_wrote_itself_is_passed_over() {
        let through = |forwarded: &[&str]| client(&["10.0.0.0/8", "203.0.113.1/32"], "10.1.2.3", forwarded);
        assert_eq!(through(&["1.2.3.4, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(through(&["1.2.3.4", "198.51.100.7, 203.0.113.1"]), "198.51.100.7", "two proxies of ours");
        assert_eq!(through(&["198.51.100.7, unknown, 203.0.113.1"]), "203.0.113.1");
        assert_eq!(through(&["10.9.9.9"]), "10.9.9.9", "one of our own asks");
        assert_eq!(through(&["2001:db8:1:2:3::4"]), "2001:db8:1:2::");
    }
}
