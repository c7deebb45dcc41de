//! TLS by certificates that lie in files. The files are looked at again now and then: whoever renews a certificate need not start the
//! server anew.

use crate::config::{InvalidConfig, TlsFiles};
use rustls::{
    Error, ServerConfig,
    crypto::ring::default_provider,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{Error as PemError, PemObject},
    },
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};
use tokio::time::sleep;
use tokio_rustls::{Accept, TlsAcceptor};
use tokio_util::sync::CancellationToken;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// What is spoken inside, what we would rather have first (RFC 7301).
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// TLS with a certificate from files.
#[derive(Clone)]
pub(in crate::app) struct Tls {
    acceptor: TlsAcceptor,
    certificates: Arc<Certificates>,
}

impl Tls {
    /// Reads the files. Needs no runtime, and is for a server's start: it waits for the disk.
    ///
    /// # Errors
    /// Names the setting whose file cannot be read, holds something else, or does not go with the other's.
    pub(in crate::app) fn open(files: &TlsFiles) -> anyhow::Result<Self> {
        let shown = RwLock::new(Shown::read(files)?);
        let certificates = Arc::new(Certificates { files: files.clone(), shown, told: Mutex::default() });
        let resolver: Arc<dyn ResolvesServerCert> = Arc::<Certificates>::clone(&certificates);
        let mut config = ServerConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(Self { acceptor: Arc::new(config).into(), certificates })
    }

    /// Agrees with a client on a way to speak. It takes as long as the client likes: bounds are the caller's.
    pub(super) fn accept<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin>(
        &self,
        socket: S,
    ) -> Accept<S> {
        self.acceptor.accept(socket)
    }

    /// Looks at the files now and then, until told to stop.
    pub(in crate::app) async fn keep_up(self, stop: CancellationToken) {
        while stop.run_until_cancelled(sleep(LOOK_EVERY)).await.is_some() {
            let certificates = Arc::clone(&self.certificates);
            // The disk may be somebody else's, and slow.
            let looked = tokio::task::spawn_blocking(move || certificates.look_again()).await;
            if let Err(error) = looked {
                tracing::error!(%error, "the files of tls.certificate and tls.key were not looked at");
            }
        }
    }
}

/// The certificate that clients are shown, and where its heir will be.
struct Certificates {
    files: TlsFiles,
    shown: RwLock<Shown>,
    /// What was complained of last: the same is not told each minute.
    told: Mutex<String>,
}

/// A certificate and its key, and the text that it was read from.
struct Shown {
    text: Vec<u8>,
    key: Arc<CertifiedKey>,
}

impl Certificates {
    /// Shows what lies in the files from now on, if that is something else and fit to be shown; otherwise goes on with what is shown,
    /// since a certificate is often written a moment before its key. Gives whether it has changed.
    fn look_again(&self) -> bool {
        let anew = match std::fs::read(&self.files.certificate) {
            Ok(text) if text == self.shown.read().unwrap_or_else(PoisonError::into_inner).text => {
                return false;
            }
            Ok(_) => Shown::read(&self.files),
            Err(error) => Err(unreadable("tls.certificate", &self.files.certificate, &error)),
        };
        match anew {
            Ok(shown) => {
                *self.shown.write().unwrap_or_else(PoisonError::into_inner) = shown;
                self.told.lock().unwrap_or_else(PoisonError::into_inner).clear();
                tracing::info!(file = %self.files.certificate.display(), "the certificate was renewed");
                true
            }
            Err(error) => {
                let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
                let complaint = error.to_string();
                if *told != complaint {
                    tracing::error!(%error, "the new certificate is not used; the one before it goes on being shown");
                    *told = complaint;
                }
                false
            }
        }
    }
}

impl ResolvesServerCert for Certificates {
    /// There is one, whatever name the client asks for: a client that wanted another says so itself.
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner).key))
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").field("files", &self.files).finish_non_exhaustive()
    }
}

impl Shown {
    fn read(files: &TlsFiles) -> Result<Self, InvalidConfig> {
        let read = |setting, file: &Path| std::fs::read(file).map_err(|e| unreadable(setting, file, &e));
        let text = read("tls.certificate", &files.certificate)?;
        let chain: Vec<_> =
            CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().map_err(|e| no_pem(files, &e))?;
        if chain.is_empty() {
            return Err(no_pem(files, &PemError::NoItemsFound));
        }
        let key =
            PrivateKeyDer::from_pem_slice(&read("tls.key", &files.key)?).map_err(|_| InvalidConfig {
                key: "tls.key",
                problem: format!("{} holds no private key in PEM", files.key.display()),
            })?;
        let key = CertifiedKey::from_der(chain, key, &default_provider()).map_err(|e| unfit(files, &e))?;
        Ok(Self { text, key: Arc::new(key) })
    }
}

fn unreadable(key: &'static str, file: &Path, error: &std::io::Error) -> InvalidConfig {
    InvalidConfig { key, problem: format!("{} cannot be read: {error}", file.display()) }
}

fn no_pem(files: &TlsFiles, error: &PemError) -> InvalidConfig {
    let file = files.certificate.display();
    InvalidConfig { key: "tls.certificate", problem: format!("{file} holds no certificate in PEM: {error}") }
}

fn unfit(files: &TlsFiles, error: &Error) -> InvalidConfig {
    let (certificate, key) = (files.certificate.display(), files.key.display());
    match error {
        Error::InconsistentKeys(_) => InvalidConfig {
            key: "tls.key",
            problem: format!("{key} is not the key of the first certificate in {certificate}"),
        },
        Error::InvalidCertificate(why) => InvalidConfig {
            key: "tls.certificate",
            problem: format!("the first certificate in {certificate} cannot be used: {why}"),
        },
        other => InvalidConfig { key: "tls.key", problem: format!("{key} cannot be used: {other}") },
    }
}

#[cfg(test)]
mod tests;
