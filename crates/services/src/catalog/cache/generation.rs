//! Knowing that the catalogue has changed.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};
use stoa_domain::shared::{Clock, Fault, Timestamp};
use stoa_persistence::{Db, catalog};
use tokio::sync::Mutex;

/// How long a reader trusts the last look at the version when nobody watches in the background.
const TRUST_MILLIS: u64 = 1_000;

/// Counts how often the catalogue has looked different.
pub(in crate::catalog) struct Generation {
    number: AtomicU64,
    began: Instant,
    /// Milliseconds after `began` of the last look; 0 before the first.
    looked: AtomicU64,
    seen: Mutex<Seen>,
}

/// What the last look saw.
#[derive(Default)]
struct Seen {
    version: Option<i64>,
    /// When the next product appears by itself.
    next_publication: Option<Timestamp>,
}

impl Generation {
    pub(in crate::catalog) fn new() -> Self {
        Self {
            number: AtomicU64::new(0),
            began: Instant::now(),
            looked: AtomicU64::new(0),
            seen: Mutex::default(),
        }
    }

    /// The generation to read in. Looks at the version first when the last look is too old; of many readers at once one
    /// looks and the others go on.
    pub(in crate::catalog) async fn current(&self, db: &Db, clock: &dyn Clock) -> Result<u64, Fault> {
        let looked = self.looked.load(Ordering::Acquire);
        if looked == 0 {
            // Nothing is known yet: everybody waits for the first look.
            self.look(db, clock).await?;
        } else if self.millis() > looked + TRUST_MILLIS
            && let Ok(mut seen) = self.seen.try_lock()
        {
            self.look_with(&mut seen, db, clock).await?;
        }
        Ok(self.number.load(Ordering::Acquire))
    }

    /// Looks at the version, and says whether the catalogue looks different now.
    pub(in crate::catalog) async fn look(&self, db: &Db, clock: &dyn Clock) -> Result<bool, Fault> {
        let mut seen = self.seen.lock().await;
        self.look_with(&mut seen, db, clock).await
    }

    async fn look_with(&self, seen: &mut Seen, db: &Db, clock: &dyn Clock) -> Result<bool, Fault> {
        let now = clock.now();
        let version = catalog::version(db.catalogue()).await?;
        let published = seen.next_publication.is_some_and(|at| at <= now);
        let changed = seen.version != Some(version) || published;
        if changed {
            seen.next_publication = catalog::next_publication(db.catalogue(), now).await?;
            seen.version = Some(version);
            self.number.fetch_add(1, Ordering::AcqRel);
        }
        self.looked.store(self.millis().max(1), Ordering::Release);
        Ok(changed)
    }

    /// How long there has been a catalogue in this process.
    pub(in crate::catalog) fn running(&self) -> Duration {
        self.began.elapsed()
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.running().as_millis()).unwrap_or(u64::MAX)
    }
}
