//! A cache whose entries are of one generation.

use quick_cache::{DefaultHashBuilder, Equivalent, Weighter, sync::Cache};
use std::hash::Hash;

/// What an entry takes beside key and value.
const ENTRY: usize = 32;

/// Holds so many bytes at most. What was filed under one generation is found in that one only, so that what a slow reader files
/// late does no harm.
pub(in crate::catalog) struct Filed<K, V>(Cache<K, (u64, V), Weight<K, V>>);

/// What key and value take outside of themselves.
struct Weight<K, V>(fn(&K, &V) -> usize);

impl<K, V> Clone for Weight<K, V> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<K, V> Weighter<K, (u64, V)> for Weight<K, V> {
    fn weight(&self, key: &K, (_, value): &(u64, V)) -> u64 {
        (size_of::<K>() + size_of::<(u64, V)>() + ENTRY + self.0(key, value)) as u64
    }
}

impl<K: Hash + Eq, V: Clone> Filed<K, V> {
    /// For `bytes`, of entries that are about `typical` bytes large; `weigh` says what of an entry lies on the heap.
    pub(super) fn new(bytes: u64, typical: u64, weigh: fn(&K, &V) -> usize) -> Self {
        let entries = usize::try_from(bytes / typical.max(1)).unwrap_or(usize::MAX);
        let hasher = DefaultHashBuilder::default();
        Self(Cache::with(entries, bytes, Weight(weigh), hasher, Default::default()))
    }

    /// What was filed under `generation`.
    pub(in crate::catalog) fn get<Q>(&self, generation: u64, key: &Q) -> Option<V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        self.0.get(key).filter(|(filed, _)| *filed == generation).map(|(_, value)| value)
    }

    /// Files something under `generation`.
    pub(in crate::catalog) fn insert(&self, generation: u64, key: K, value: V) {
        self.0.insert(key, (generation, value));
    }

    /// Lets go of everything.
    pub(super) fn clear(&self) {
        self.0.clear();
    }
}
