//! Names for writes, so that a save whose answer was lost is known when it comes again.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    sync::atomic::{AtomicU64, Ordering},
};

/// Gives every write a name that no other has, here or in another process.
#[derive(Debug)]
pub(super) struct Writes {
    store: String,
    next: AtomicU64,
}

impl Writes {
    pub(super) fn new() -> Self {
        // The keys of the standard library's hash maps are random; a name needs no more than that, and decides nothing
        // that a test would want to foresee.
        let random = || RandomState::new().build_hasher().finish();
        Self { store: format!("{:016x}{:016x}", random(), random()), next: AtomicU64::new(0) }
    }

    pub(super) fn next(&self) -> String {
        format!("{}-{:x}", self.store, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_writes_share_a_name() {
        let (here, there) = (Writes::new(), Writes::new());
        let names = [here.next(), here.next(), there.next(), there.next()];
        let different: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(different.len(), 4, "{names:?}");
    }
}
