//! Passwords: hashed by argon2id, away from the async threads, by few at a time and with a bounded queue before them.
//!
//! A hash costs tens of MiB and ten milliseconds of a core. Without the queue a flood of sign-ins would take every core and
//! all the memory there is; with it, the flood is told to come back.

mod common;
mod cost;
mod memory;
mod phc;
#[cfg(test)]
mod tests;

pub use cost::{InvalidCost, PasswordCost};

use argon2::Params;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use stoa_domain::shared::Fault;
use tokio::sync::{Semaphore, TryAcquireError};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use memory::Memory;
use phc::Kept;

/// What a password turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Wrong, or there was no hash to be right for.
    No,
    /// Right.
    Yes {
        /// The hash is of an older making than today's, and should be made anew while the password is at hand.
        needs_rehash: bool,
    },
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// As many are waiting as may; nobody was told anything about the password.
    #[error("too many passwords are waiting to be hashed")]
    Busy,
    /// A fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Hashes and verifies passwords.
///
/// Passwords are taken in Unicode's composed form (NFC; RFC 8265 and NIST SP 800-63B-4, section 3.1.1.2), so one that was
/// set on a keyboard that sends `e` and an accent is right on one that sends `é`.
pub struct Passwords {
    params: Params,
    memory: Arc<Memory>,
    /// What a password is held against where there is no hash.
    dummy: String,
    /// Those at work.
    at_work: Arc<Semaphore>,
    /// Those at work and those who wait.
    inside: Arc<Semaphore>,
    hashed: Arc<AtomicU64>,
}

impl Passwords {
    /// Ready to hash at this cost.
    ///
    /// # Errors
    /// The cost is too low to be safe, or too high to be borne.
    pub fn new(cost: &PasswordCost) -> Result<Self, InvalidCost> {
        let params = cost.params()?;
        let at_once = cost.at_once().min(Semaphore::MAX_PERMITS);
        let inside = at_once.saturating_add(cost.waiting).min(Semaphore::MAX_PERMITS);
        Ok(Self {
            dummy: phc::of_nobody(&params)?,
            memory: Arc::new(Memory::new(&params)),
            params,
            at_work: Arc::new(Semaphore::new(at_once)),
            inside: Arc::new(Semaphore::new(inside)),
            hashed: Arc::default(),
        })
    }

    /// The hash of a password, to be kept: a PHC string with a salt of its own.
    ///
    /// # Errors
    /// Too many are waiting; or a fault.
    pub async fn hash(&self, password: &str) -> Result<String, HashError> {
        let (params, memory, hashed) = (self.params.clone(), self.memory.clone(), self.hashed.clone());
        let hash = self
            .in_line(password, move |password| {
                hashed.fetch_add(1, Ordering::Relaxed);
                phc::of(composed(password).as_bytes(), &params, &memory)
            })
            .await?;
        Ok(hash?)
    }

    /// Whether a password is the one of this hash. Where there is none, because there is no such account or it has no
    /// password, the same work is done for nothing, so that the time tells nothing either; and so it is where the hash is
    /// cheaper than today's and the password wrong.
    ///
    /// # Errors
    /// Too many are waiting; or the hash is none that we can read.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<Verified, HashError> {
        let kept = Kept::parse(hash.unwrap_or(&self.dummy))?;
        let needs_rehash = kept.is_weaker_than(&self.params);
        let (params, memory, hashed) = (self.params.clone(), self.memory.clone(), self.hashed.clone());
        let is_right = self
            .in_line(password, move |password| {
                hashed.fetch_add(1, Ordering::Relaxed);
                kept.compare(composed(password).as_bytes(), &params, &memory)
            })
            .await?
            .map_err(|e| Fault::internal("verifying a password", e))?;
        Ok(if is_right && hash.is_some() { Verified::Yes { needs_rehash } } else { Verified::No })
    }

    /// Whether a password is among the first that anybody would try: of the commonest ones, a word of the `context` (the
    /// shop's name, the address and the name of the account), or a simple play on those (NIST SP 800-63B-4, section 3.1.1.2).
    /// Weighing that takes as long as a hash does, so it waits in the same line.
    ///
    /// # Errors
    /// Too many are waiting; or a fault.
    pub async fn is_common(&self, password: &str, context: &[&str]) -> Result<bool, HashError> {
        let context: Vec<String> = context.iter().map(|&word| word.to_owned()).collect();
        self.in_line(password, move |password| common::is_common(password, &context)).await
    }

    /// How many hashes were begun, right or wrong, known or not.
    pub fn count(&self) -> u64 {
        self.hashed.load(Ordering::Relaxed)
    }

    /// Does one piece of work on a thread for it, when it is its turn. Whoever stops waiting leaves the line; work that has
    /// begun goes on, and keeps its place until it is done.
    async fn in_line<T: Send + 'static>(
        &self,
        password: &str,
        work: impl FnOnce(&str) -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let inside = self.inside.clone().try_acquire_owned().map_err(|e| match e {
            TryAcquireError::NoPermits => HashError::Busy,
            TryAcquireError::Closed => Fault::bug("hashing a password: the line is closed").into(),
        })?;
        let turn = self.at_work.clone().acquire_owned().await;
        let turn = turn.map_err(|e| Fault::internal("hashing a password", e))?;
        let password = Zeroizing::new(password.to_owned());
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&password);
            drop((turn, inside));
            done
        });
        Ok(done.await.map_err(|e| Fault::internal("hashing a password", e))?)
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").field("params", &self.params).finish_non_exhaustive()
    }
}

fn composed(password: &str) -> Zeroizing<String> {
    // All the room it can need at once (a composed text is at most three times as long), so that no copy is left behind.
    let mut composed = Zeroizing::new(String::with_capacity(password.len() * 3));
    composed.extend(password.nfc());
    composed
}
