//! From where somebody speaks to us, as far as limits are concerned.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// The address of a client: of the one who is on the line, or of whom a trusted proxy speaks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// An IPv4 address that is written as an IPv6 one is the IPv4 address.
    pub fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// What is counted as one client: an IPv4 address; of IPv6 the first 64 bits, of which a single machine has all the rest.
    pub fn network(self) -> IpAddr {
        self.masked(64)
    }

    /// What one customer of a provider is likely to have at most: an IPv4 address; of IPv6 the first 48 bits.
    pub fn site(self) -> IpAddr {
        self.masked(48)
    }

    fn masked(self, bits: u32) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => {
                let mask = u128::MAX << (Ipv6Addr::BITS - bits);
                Ipv6Addr::from_bits(address.to_bits() & mask).into()
            }
        }
    }
}

/// Whose it is is nobody's business in a log.
impl fmt::Debug for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> String {
        ClientAddress::new(text.parse().unwrap()).network().to_string()
    }

    #[test]
    fn who_has_a_64_is_one_client() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:2::"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(ClientAddress::new("2001:db8:1:2::1".parse().unwrap()).site().to_string(), "2001:db8:1::");
    }

    #[test]
    fn an_ipv4_address_is_one_however_it_is_written() {
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
    }
}
