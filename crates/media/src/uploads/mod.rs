//! Taking files in: whoever brings one may be an attacker, and there may be many.

mod body;
mod limits;
mod refusal;
#[cfg(test)]
mod tests;

pub use limits::{InvalidUploadLimits, UploadLimits};
pub use refusal::{Refusal, UploadError};

use crate::{
    clamd::{Clamd, Verdict},
    picture::{Picture, remake, sniff},
};
use bytes::Bytes;
use futures_util::Stream;
use std::{error::Error, sync::Arc};
use stoa_domain::shared::Fault;
use tokio::sync::{Semaphore, TryAcquireError};

/// Takes pictures in, few at a time and with a bounded line before them.
#[derive(Debug)]
pub struct Uploads {
    limits: UploadLimits,
    scanner: Option<Clamd>,
    /// Those that are being decoded and encoded.
    at_work: Arc<Semaphore>,
    /// Those and all whose bytes are here or on their way.
    inside: Arc<Semaphore>,
}

impl Uploads {
    /// Ready to take files in, within these limits. With a scanner, no file is taken that it has not found clean.
    ///
    /// # Errors
    /// A limit makes no sense.
    pub fn new(limits: UploadLimits, scanner: Option<Clamd>) -> Result<Self, InvalidUploadLimits> {
        limits.check()?;
        let inside = limits.at_once.saturating_add(limits.waiting).min(Semaphore::MAX_PERMITS);
        Ok(Self {
            at_work: Arc::new(Semaphore::new(limits.at_once)),
            inside: Arc::new(Semaphore::new(inside)),
            limits,
            scanner,
        })
    }

    /// How large uploads may be.
    pub const fn limits(&self) -> &UploadLimits {
        &self.limits
    }

    /// Reads an upload and makes the picture of it that is to be kept. Nothing is written anywhere.
    ///
    /// Whoever gives up while it is at work loses nothing; the work goes on to its end and keeps its place until then, so that
    /// giving up again and again does not make more work than may be.
    ///
    /// # Errors
    /// It is refused; too many are waiting; it ended before its end; or the scanner does not answer.
    pub async fn take<S, E>(&self, body: S) -> Result<Picture, UploadError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        // Before the first byte is read: what waits in line lies in memory.
        let inside = self.inside.clone().try_acquire_owned().map_err(|e| match e {
            TryAcquireError::NoPermits => UploadError::Busy,
            TryAcquireError::Closed => Fault::bug("taking an upload: the line is closed").into(),
        })?;
        let bytes = body::read(body, &self.limits).await?;
        let format = sniff(&bytes).ok_or(Refusal::UnknownType)?;
        if let Some(scanner) = &self.scanner {
            // Before it is decoded: decoders are what files attack.
            match scanner.scan(&bytes).await? {
                Verdict::Clean => {}
                Verdict::Infected { signature } => return Err(Refusal::Infected { signature }.into()),
                Verdict::TooLarge => return Err(Refusal::TooLargeToScan.into()),
            }
        }
        let turn = self.at_work.clone().acquire_owned().await;
        let turn = turn.map_err(|e| Fault::internal("taking an upload", e))?;
        let limits = self.limits.clone();
        let work = tokio::task::spawn_blocking(move || {
            let made = remake(&bytes, format, &limits);
            drop(bytes);
            drop((turn, inside));
            made
        });
        match work.await {
            Ok(made) => Ok(made?),
            // A decoder stumbled over the file, as far as its own checks go. The panic itself has been logged.
            Err(e) if e.is_panic() => Err(Refusal::Unreadable.into()),
            Err(e) => Err(Fault::internal("taking an upload", e).into()),
        }
    }
}
