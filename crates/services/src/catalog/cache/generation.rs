//! Knowing that the catalogue has changed, and whether its database answers.

use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::{Duration, Instant},
};
use stoa_domain::shared::{Clock, Fault, FaultKind, Timestamp};
use stoa_persistence::{CatalogueReader, Db, catalog};
use tokio::{sync::Mutex, time::timeout};

/// How long a reader trusts the last look at the version when nobody watches in the background.
const TRUST_MILLIS: u64 = 1_000;
/// How long a look may take. After that the database is taken for silent: what is in memory is shown, and for what is not nobody
/// waits.
const PATIENCE: Duration = Duration::from_secs(5);
/// For how long after the last look what is in memory is shown while the database is silent.
const REMEMBERED_MILLIS: u64 = 30_000;

/// Counts how often the catalogue has looked different.
pub(in crate::catalog) struct Generation {
    number: AtomicU64,
    /// The catalogue's version in it.
    version: AtomicI64,
    /// The number of the shop's rules at the last look; 0 before the first.
    rules: AtomicI64,
    began: Instant,
    /// Milliseconds after `began` of the last look; 0 before the first.
    looked: AtomicU64,
    /// The same of the last look that came to nothing.
    failed: AtomicU64,
    /// Milliseconds after `began` since when the database has not answered; 0 where it has.
    doubtful: AtomicU64,
    seen: Mutex<Seen>,
}

/// What the last look saw.
#[derive(Default)]
struct Seen {
    version: Option<i64>,
    /// The number of the shop's rules, which says nothing of what the catalogue shows.
    rules: i64,
    /// When it next looks different by itself: a product appears, or a price or a tax begins or ends.
    next_change: Option<Timestamp>,
}

impl Generation {
    pub(in crate::catalog) fn new() -> Self {
        Self {
            number: AtomicU64::new(0),
            version: AtomicI64::new(0),
            rules: AtomicI64::new(0),
            began: Instant::now(),
            looked: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            doubtful: AtomicU64::new(0),
            seen: Mutex::default(),
        }
    }

    /// The generation to read in. Looks at the version first when the last look is too old; of many readers at once one
    /// looks and the others go on. While the database is silent it stays the same, for a while.
    pub(in crate::catalog) async fn current(&self, db: &Db, clock: &dyn Clock) -> Result<u64, Fault> {
        if self.is_within(&self.looked, TRUST_MILLIS) {
            return Ok(self.number());
        }
        let known = self.is_within(&self.looked, REMEMBERED_MILLIS);
        let mut seen = match self.seen.try_lock() {
            Ok(seen) => seen,
            Err(_) if known => return Ok(self.number()),
            Err(_) if self.is_silent() => return Err(silence()),
            // Nothing is known yet, or nobody has asked for long: everybody waits for the one who looks.
            Err(_) => self.seen.lock().await,
        };
        if self.is_within(&self.looked, TRUST_MILLIS) {
            return Ok(self.number());
        }
        // Who has just seen another look fail does not try again.
        let looked = if self.is_within(&self.failed, TRUST_MILLIS) {
            Err(silence())
        } else {
            self.look_with(&mut seen, db, clock).await
        };
        match looked {
            Err(fault) if fault.kind() == FaultKind::Unavailable && known => Ok(self.number()),
            looked => looked.map(|_| self.number()),
        }
    }

    /// Looks at the version, and says whether the catalogue looks different now.
    pub(in crate::catalog) async fn look(&self, db: &Db, clock: &dyn Clock) -> Result<bool, Fault> {
        let mut seen = self.seen.lock().await;
        self.look_with(&mut seen, db, clock).await
    }

    async fn look_with(&self, seen: &mut Seen, db: &Db, clock: &dyn Clock) -> Result<bool, Fault> {
        let began = self.millis();
        let looked = timeout(PATIENCE, Self::see(seen, db, clock)).await.unwrap_or_else(|_| Err(silence()));
        match &looked {
            Ok(changed) => {
                if *changed {
                    self.version.store(seen.version.unwrap_or_default(), Ordering::Release);
                    self.number.fetch_add(1, Ordering::AcqRel);
                }
                self.rules.store(seen.rules, Ordering::Release);
                self.doubtful.store(0, Ordering::Release);
                self.looked.store(self.millis(), Ordering::Release);
            }
            Err(_) => {
                self.doubt_since(began);
                self.failed.store(self.millis(), Ordering::Release);
            }
        }
        looked
    }

    async fn see(seen: &mut Seen, db: &Db, clock: &dyn Clock) -> Result<bool, Fault> {
        let now = clock.now();
        let versions = match seen.version {
            Some(seen) => catalog::versions_after(db, seen).await?,
            None => catalog::versions(&db.catalogue()).await?,
        };
        let version = versions.catalog;
        seen.rules = versions.rules;
        let due = seen.next_change.is_some_and(|at| at <= now);
        let changed = seen.version != Some(version) || due;
        if changed {
            let reader = catalog::since(db, version).await?;
            seen.next_change = catalog::next_change(&reader, now).await?;
            seen.version = Some(version);
        }
        Ok(changed)
    }

    /// Somebody else has not had an answer: until the next look that has one, the database is in doubt.
    pub(in crate::catalog) fn doubt(&self) {
        self.doubt_since(self.millis());
    }

    /// Whether the last thing heard of the database was that it does not answer: then what is in memory is shown as it is.
    pub(in crate::catalog) fn is_in_doubt(&self) -> bool {
        self.doubtful.load(Ordering::Acquire) != 0
    }

    /// Refuses to ask a database that has not answered for some time, for which everybody would only wait.
    pub(in crate::catalog) fn answers(&self) -> Result<(), Fault> {
        if self.is_silent() { Err(silence()) } else { Ok(()) }
    }

    /// What is filed in the current generation is read on this, which is not behind it.
    pub(in crate::catalog) async fn reader<'d>(&self, db: &'d Db) -> Result<CatalogueReader<'d>, Fault> {
        self.answers()?;
        catalog::since(db, self.version.load(Ordering::Acquire)).await
    }

    fn is_silent(&self) -> bool {
        let since = self.doubtful.load(Ordering::Acquire);
        since != 0 && Duration::from_millis(self.millis().saturating_sub(since)) >= PATIENCE
    }

    fn doubt_since(&self, began: u64) {
        let _ = self.doubtful.compare_exchange(0, began, Ordering::AcqRel, Ordering::Relaxed);
    }

    /// The number of the shop's rules at the last look; 0 before the first.
    pub(in crate::catalog) fn rules(&self) -> i64 {
        self.rules.load(Ordering::Acquire)
    }

    fn number(&self) -> u64 {
        self.number.load(Ordering::Acquire)
    }

    /// How long there has been a catalogue in this process.
    pub(in crate::catalog) fn running(&self) -> Duration {
        self.began.elapsed()
    }

    /// Whether a moment, where there is one, is at most so long ago.
    fn is_within(&self, moment: &AtomicU64, millis: u64) -> bool {
        let moment = moment.load(Ordering::Acquire);
        moment != 0 && self.millis() <= moment + millis
    }

    /// Never 0.
    fn millis(&self) -> u64 {
        u64::try_from(self.running().as_millis()).unwrap_or(u64::MAX).max(1)
    }
}

fn silence() -> Fault {
    Fault::unavailable("asking for the catalogue", "its database has not answered for some time")
}
