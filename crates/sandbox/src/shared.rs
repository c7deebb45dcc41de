//! What the parts of a running sandbox share.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio_util::sync::CancellationToken;

use crate::{
    config::{OpenError, SandboxConfig},
    error::ApiError,
    faults::Faults,
    model::Event,
    pages::Pages,
    store::{Origin, Store, Tx},
    webhooks::Outbox,
};

/// A running sandbox.
pub(crate) struct Shared {
    pub(crate) config: Arc<SandboxConfig>,
    pub(crate) faults: Faults,
    pub(crate) outbox: Outbox,
    pub(crate) http: reqwest::Client,
    pub(crate) pages: Pages,
    /// Cancelled when the sandbox stops: lets go of answers that were to be held for ever.
    pub(crate) closing: CancellationToken,
    store: Mutex<Store>,
    in_progress: Mutex<HashSet<String>>,
}

impl Shared {
    pub(crate) fn open(config: SandboxConfig) -> Result<Self, OpenError> {
        config.validate()?;
        // reqwest would panic for want of one, even if it only ever speaks http.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(OpenError::NoTlsProvider);
        }
        let http = reqwest::Client::builder()
            .timeout(config.retry.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("Stripe/1.0 (sandbox)")
            // The target is this machine or its neighbour; a proxy set for the outside world is not asked.
            .no_proxy()
            .build()
            .map_err(OpenError::HttpClient)?;
        let config = Arc::new(config);
        let faults = Faults::default();
        let store = Store::open(Arc::clone(&config), faults.clone())?;
        let outbox = Outbox::new();
        outbox.add(store.undelivered());
        Ok(Self {
            config,
            faults,
            outbox,
            http,
            pages: Pages::new(),
            closing: CancellationToken::new(),
            store: Mutex::new(store),
            in_progress: Mutex::default(),
        })
    }

    /// Runs `work` as one change, and hands the events it made to the sender. Nothing in `work` waits, so one lock
    /// over the whole store is held for microseconds.
    pub(crate) fn transact<T>(
        &self,
        origin: &Origin,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let (value, waiting) = store.transact(origin, work)?;
        // Still under the lock: two changes must not swap their places in the outbox.
        self.outbox.add(waiting);
        Ok(value)
    }

    /// An event by id.
    pub(crate) fn event(&self, id: &str) -> Option<Arc<Event>> {
        self.transact(&Origin::default(), |tx| Ok(tx.find::<Event>(id))).ok().flatten()
    }

    /// Marks an idempotency key as being worked on; `None` when it already is.
    pub(crate) fn begin(self: &Arc<Self>, key: &str) -> Option<InProgress> {
        self.keys()
            .insert(key.to_owned())
            .then(|| InProgress { shared: Arc::clone(self), key: key.to_owned() })
    }

    fn keys(&self) -> MutexGuard<'_, HashSet<String>> {
        self.in_progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An idempotency key being worked on, until dropped.
pub(crate) struct InProgress {
    shared: Arc<Shared>,
    key: String,
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.shared.keys().remove(&self.key);
    }
}
