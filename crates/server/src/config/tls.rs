//! `[tls]`: whether the server encrypts by itself.

use super::{
    raw::TlsSection,
    validate::{InvalidConfig, invalid},
};
use std::path::{Path, PathBuf};

/// Where the certificate is, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// Certificates in PEM: the server's own first, then those it was signed by.
    pub certificate: PathBuf,
    /// The private key of the first of them, in PEM.
    pub key: PathBuf,
}

/// `None`: somebody in front does, or nobody. What is in the files is the server's to look at: commands that serve nobody need not be
/// able to read them.
pub(super) fn tls(section: &TlsSection) -> Result<Option<TlsFiles>, InvalidConfig> {
    let is_set = |file: &Path| !file.as_os_str().is_empty();
    match (is_set(&section.certificate), is_set(&section.key)) {
        (true, true) => {
            Ok(Some(TlsFiles { certificate: section.certificate.clone(), key: section.key.clone() }))
        }
        (false, false) => Ok(None),
        (true, false) => Err(invalid("tls.key", "is missing: name the file with the certificate's key")),
        (false, true) => Err(invalid("tls.certificate", "is missing: name the file with the certificate")),
    }
}
