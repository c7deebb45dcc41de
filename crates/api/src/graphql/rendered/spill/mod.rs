//! JSON that memory has no room for, in a file.
//!
//! What a page looks like takes a hundred times as long to make as to read from a file that the system has in its own memory. So what
//! falls out of ours goes there: at the front of a ring, over what is oldest. The file has no name and goes with the process; nothing
//! but its size bounds it, and nothing waits for a disk: what the system has let go of is not found, and fetched for the next who asks.
//!
//! Nothing in it is believed. A record says by a keyed digest that it is whole, and whose it is; what it shows is then judged as
//! anything that is kept. So a place that leads astray costs one reading, and places need not be looked after when the ring goes over them.

mod file;
mod record;

use super::kept::Key;
use file::{BLOCK, Read, RingFile};
use std::{
    hash::{BuildHasher, RandomState},
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

pub(super) use record::Record;

/// What a record takes is a multiple of this.
const UNIT: usize = 16;
/// The largest record there may be: a block holds several, so that little is lost at its end.
const LARGEST: usize = 16 << 10;
/// Places that a key may have: together they are what a processor fetches at once. Where more keys than that want the same places, the
/// oldest goes: one in fifty, in a ring that is full of typical records.
const WAYS: usize = 8;
/// About how large a record is; there is a place for each such at least.
const TYPICAL: u64 = 320;

/// Where JSON goes that falls out of memory.
pub(super) struct Spill {
    /// Whether there is any use in asking.
    usable: AtomicBool,
    folder: PathBuf,
    bytes: u64,
    ring: Mutex<Ring>,
    hasher: RandomState,
}

enum Ring {
    /// Memory has had room for everything so far.
    Unused,
    Open(Open),
    /// There shall be none, or the folder does not take it.
    Unusable,
}

struct Open {
    file: RingFile,
    places: Box<[[Place; WAYS]]>,
    scratch: Vec<u8>,
}

/// Where a record may be.
#[derive(Clone, Copy, Default)]
struct Place {
    /// A part of the key's digest.
    tag: u16,
    /// How many units it takes; none where there is no record.
    units: u16,
    /// Its first unit, counted from the first that was ever written; after 64 GB from 0 again.
    at: u32,
}

/// Where a record was put: it need not be put there again as long as it is far from being written over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Filed(u32);

impl Spill {
    /// A file of at most so many bytes in this folder, made once it is needed. There is none where there is no folder, or no room for a
    /// block.
    pub(super) fn new(folder: Option<PathBuf>, bytes: u64) -> Self {
        let blocks = bytes / BLOCK as u64;
        let usable = folder.is_some() && blocks > 1;
        Self {
            usable: AtomicBool::new(usable),
            folder: folder.unwrap_or_default(),
            bytes: blocks * BLOCK as u64,
            ring: Mutex::new(if usable { Ring::Unused } else { Ring::Unusable }),
            hasher: RandomState::new(),
        }
    }

    /// The record of a key, and where it is.
    pub(super) fn find(&self, key: &Key) -> Option<(Record, Filed)> {
        if !self.usable.load(Ordering::Relaxed) {
            return None;
        }
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let Ring::Open(open) = &mut *ring else { return None };
        let digest = self.hasher.hash_one(key);
        for place in open.places[bucket(digest, open.places.len())] {
            if place.units == 0 || place.tag != tag(digest) || !open.holds(place) {
                continue;
            }
            open.scratch.resize(usize::from(place.units) * UNIT, 0);
            match open.file.read(place.at, &mut open.scratch) {
                Ok(Read::Done) => {}
                Ok(Read::Over) => continue,
                Ok(Read::OnDisk(fetch)) => {
                    drop(ring);
                    fetch.begin();
                    return None;
                }
                Err(error) => {
                    self.give_up(&mut ring, &error);
                    return None;
                }
            }
            if let Some(record) = Record::read(key, &open.scratch, &self.hasher) {
                return Some((record, Filed(place.at)));
            }
        }
        None
    }

    /// Whether what was put there stays for about as long as what is put in now.
    pub(super) fn keeps(&self, Filed(at): Filed) -> bool {
        match &*self.ring.lock().unwrap_or_else(PoisonError::into_inner) {
            Ring::Open(open) => open.age(at) <= open.file.units() / 2,
            Ring::Unused | Ring::Unusable => false,
        }
    }

    /// Puts a record in, where it is not too large.
    pub(super) fn put(&self, key: &Key, record: &Record) {
        if !self.usable.load(Ordering::Relaxed) {
            return;
        }
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*ring, Ring::Unused) {
            *ring = match Open::new(&self.folder, self.bytes) {
                Ok(open) => Ring::Open(open),
                Err(error) => return self.give_up(&mut ring, &error),
            };
        }
        let Ring::Open(open) = &mut *ring else { return };
        open.scratch.clear();
        record.write(key, &mut open.scratch, &self.hasher);
        let units = open.scratch.len().div_ceil(UNIT);
        if units * UNIT > LARGEST {
            return;
        }
        open.scratch.resize(units * UNIT, 0);
        let at = match open.file.append(&open.scratch) {
            Ok(Some(at)) => at,
            Ok(None) => return,
            Err(error) => return self.give_up(&mut ring, &error),
        };
        let digest = self.hasher.hash_one(key);
        let place = Place { tag: tag(digest), units: u16::try_from(units).unwrap_or(0), at };
        open.keep_place(bucket(digest, open.places.len()), place);
    }

    /// What falls out of memory is made again from now on, as if there were no file.
    fn give_up(&self, ring: &mut Ring, error: &std::io::Error) {
        tracing::warn!(%error, "the file for JSON that memory has no room for cannot be used; pages of a large catalogue take longer");
        self.usable.store(false, Ordering::Relaxed);
        *ring = Ring::Unusable;
    }
}

impl Open {
    fn new(folder: &std::path::Path, bytes: u64) -> std::io::Result<Self> {
        let buckets =
            usize::try_from(bytes / TYPICAL).unwrap_or(usize::MAX).div_ceil(WAYS).next_power_of_two();
        Ok(Self {
            file: RingFile::in_folder(folder, bytes)?,
            places: vec![[Place::default(); WAYS]; buckets].into(),
            scratch: Vec::new(),
        })
    }

    /// How many units were put in since.
    const fn age(&self, at: u32) -> u32 {
        self.file.head().wrapping_sub(at)
    }

    /// Whether nothing was written over it yet.
    const fn holds(&self, place: Place) -> bool {
        self.age(place.at) <= self.file.units()
    }

    /// In the place of an older record of the same key, or else of the oldest.
    fn keep_place(&mut self, bucket: usize, place: Place) {
        let head = self.file.head();
        let age = |old: &Place| {
            let nothing = old.units == 0 || old.tag == place.tag;
            if nothing { u32::MAX } else { head.wrapping_sub(old.at) }
        };
        if let Some(oldest) = self.places[bucket].iter_mut().max_by_key(|old| age(old)) {
            *oldest = place;
        }
    }
}

/// From the digest's low bits; a power of two of them.
const fn bucket(digest: u64, buckets: usize) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "which bits does not matter")]
    let low = digest as usize;
    low & (buckets - 1)
}

/// The digest's highest bits.
const fn tag(digest: u64) -> u16 {
    (digest >> 48) as u16
}

#[cfg(test)]
mod tests;
