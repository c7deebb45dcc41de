//! Of many who miss the same thing at once, one fetches it.

use std::{
    collections::HashMap,
    future::Future,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::OnceCell;

/// What is being fetched.
pub(in crate::catalog) struct Flights<K, V> {
    running: Mutex<HashMap<K, Arc<OnceCell<V>>>>,
}

impl<K: Hash + Eq + Clone, V: Clone> Flights<K, V> {
    pub(in crate::catalog) fn new() -> Self {
        Self { running: Mutex::new(HashMap::new()) }
    }

    /// Fetches `key`, or waits for whoever is fetching it. When that one fails or is cancelled, the next one tries.
    pub(in crate::catalog) async fn join<E, F>(&self, key: &K, fetch: impl FnOnce() -> F) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        let cell = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(running.entry(key.clone()).or_default())
        };
        let fetched = cell.get_or_try_init(fetch).await.cloned();
        // Whoever comes later finds it in the cache, or fetches it anew.
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.get(key).is_some_and(|current| Arc::ptr_eq(current, &cell)) {
            running.remove(key);
        }
        fetched
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn one_fetches_for_all() {
        let flights = Arc::new(Flights::<u8, u8>::new());
        let fetched = Arc::new(AtomicUsize::new(0));
        let mut readers = Vec::new();
        for _ in 0..20 {
            let (flights, fetched) = (Arc::clone(&flights), Arc::clone(&fetched));
            readers.push(tokio::spawn(async move {
                let fetch = || async {
                    tokio::task::yield_now().await;
                    fetched.fetch_add(1, Ordering::Relaxed);
                    Ok::<_, ()>(7)
                };
                flights.join(&1, fetch).await
            }));
        }
        for reader in readers {
            assert_eq!(reader.await.unwrap(), Ok(7));
        }
        assert_eq!(fetched.load(Ordering::Relaxed), 1);
        assert!(flights.running.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_failure_is_told_and_not_kept() {
        let flights = Flights::<u8, u8>::new();
        assert_eq!(flights.join(&1, || async { Err("down") }).await, Err("down"));
        assert_eq!(flights.join(&1, || async { Ok::<_, &str>(1) }).await, Ok(1));
    }
}
