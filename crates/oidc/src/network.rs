//! Where requests may go. A provider's metadata names the addresses that the server then asks, so whoever can change that
//! document must not reach what stands behind the firewall (OWASP names it server-side request forgery).

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};
use url::{Host, Url};

/// Where requests may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    /// To addresses of the internet, by https.
    Public,
    /// To addresses of the network we stand in as well; to this machine even without https.
    Private,
}

/// An address that no request goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Forbidden {
    #[error("is not an https address")]
    Scheme,
    #[error("holds a name or password, or a fragment")]
    Form,
    #[error("is an address inside a private network; private_network = true allows those")]
    Private,
}

impl Network {
    /// Whether a request may go there, as far as the address tells. What a name stands for is found out when it is asked for.
    pub(crate) fn allow(self, url: &Url) -> Result<(), Forbidden> {
        let here = is_this_machine(url);
        match url.scheme() {
            "https" => {}
            "http" if here && self == Self::Private => {}
            _ => return Err(Forbidden::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(Forbidden::Form);
        }
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err(Forbidden::Form),
        };
        match literal {
            Some(address) if self == Self::Public && !is_public(address) => Err(Forbidden::Private),
            _ => Ok(()),
        }
    }
}

/// Whether an address is this machine's own; then no proxy of the environment is asked.
pub(crate) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Finds the addresses of a name, public ones only. The connection is made to what was looked at, so a name that changes its
/// mind in between gains nothing.
pub(crate) struct PublicNames;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<_> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(io::Error::other(Forbidden::Private).into());
            }
            let public: Addrs = Box::new(public.into_iter());
            Ok(public)
        })
    }
}

/// Whether an address is one of the internet (the special-purpose registries of RFC 6890 hold those that are not).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        // shared between a provider and its customers (RFC 6598)
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        // for measuring devices (RFC 2544)
        || (a == 198 && (18..20).contains(&b))
        // multicast, reserved, broadcast
        || a >= 224;
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    let [a, b, c, d, e, f, high, low] = address.segments();
    if [a, b, c, d, e, f] == [0x64, 0xff9b, 0, 0, 0, 0] {
        // what a translator reaches by IPv4 (RFC 6052)
        let ([w, x], [y, z]) = (high.to_be_bytes(), low.to_be_bytes());
        return is_public_v4(Ipv4Addr::new(w, x, y, z));
    }
    // Global unicast, without what is set aside there: protocols (2001::/23), documentation and 6to4, which hides an IPv4 one.
    let global = a & 0xe000 == 0x2000;
    let set_aside = (a == 0x2001 && (b < 0x200 || b == 0xdb8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    global && !set_aside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(network: Network, url: &str) -> Result<(), Forbidden> {
        network.allow(&Url::parse(url).unwrap())
    }

    #[test]
    fn only_https_goes_out() {
        for network in [Network::Public, Network::Private] {
            assert_eq!(verdict(network, "https://id.example/keys?v=1"), Ok(()));
            assert_eq!(verdict(network, "http://id.example/keys"), Err(Forbidden::Scheme));
            assert_eq!(verdict(network, "http://10.0.0.1/keys"), Err(Forbidden::Scheme));
            assert_eq!(verdict(network, "file:///etc/passwd"), Err(Forbidden::Scheme));
            assert_eq!(verdict(network, "https://a:b@id.example/"), Err(Forbidden::Form));
            assert_eq!(verdict(network, "https://id.example/#x"), Err(Forbidden::Form));
        }
        for here in ["http://127.0.0.1:4000/", "http://[::1]:4000/", "http://localhost:4000/"] {
            assert_eq!(verdict(Network::Public, here), Err(Forbidden::Scheme), "{here}");
            assert_eq!(verdict(Network::Private, here), Ok(()), "{here}");
        }
    }

    #[test]
    fn the_network_we_stand_in_is_only_for_those_who_ask() {
        for inside in [
            "10.1.2.3",
            "127.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[fd00::1]",
            "[fe80::1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::a00:1]",
            "[64:ff9b:1::a00:1]",
            "[2002:a00:1::1]",
            "[2001:db8::1]",
            "[2001::1]",
            "[ff02::1]",
            "[::a00:1]",
            "[3fff::1]",
            // other ways to write 127.0.0.1 and 10.0.0.1
            "2130706433",
            "0x7f.1",
            "10.1",
        ] {
            let url = format!("https://{inside}/");
            assert_eq!(verdict(Network::Public, &url), Err(Forbidden::Private), "{url}");
            assert_eq!(verdict(Network::Private, &url), Ok(()), "{url}");
        }
        for outside in ["8.8.8.8", "172.15.0.1", "100.128.0.1", "[2606:4700::1111]", "[64:ff9b::808:808]"] {
            assert_eq!(verdict(Network::Public, &format!("https://{outside}/")), Ok(()), "{outside}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_found() {
        let Err(error) = PublicNames.resolve("localhost".parse().unwrap()).await else {
            panic!("localhost was found");
        };
        assert!(error.to_string().contains("private_network"), "{error}");
    }
}
