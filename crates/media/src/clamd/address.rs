//! Where the scanner is.

use std::path::PathBuf;

/// Where a scanner listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClamdAddress {
    /// `host:port`. The files go there as they are: for a network of one's own.
    Tcp(String),
    /// A socket in the file system.
    #[cfg(unix)]
    Unix(PathBuf),
}

/// No such address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be host:port, such as 127.0.0.1:3310, or unix:/path/to/clamd.sock")]
pub struct InvalidClamd;

impl ClamdAddress {
    /// Reads `host:port` or `unix:/path`.
    ///
    /// # Errors
    /// It is neither.
    pub fn parse(text: &str) -> Result<Self, InvalidClamd> {
        if let Some(path) = text.strip_prefix("unix:") {
            #[cfg(unix)]
            return match PathBuf::from(path) {
                path if path.is_absolute() => Ok(Self::Unix(path)),
                _ => Err(InvalidClamd),
            };
            #[cfg(not(unix))]
            return Err(InvalidClamd);
        }
        let (host, port) = text.rsplit_once(':').ok_or(InvalidClamd)?;
        let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
        // An address of six colons stands in brackets.
        let is_host = match host.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').is_some_and(|ip| ip.parse::<std::net::Ipv6Addr>().is_ok()),
            None => {
                !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
            }
        };
        (is_port && is_host).then(|| Self::Tcp(text.to_owned())).ok_or(InvalidClamd)
    }
}
