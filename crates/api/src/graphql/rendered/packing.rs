//! JSON packed small.
//!
//! What products look like under one selection set is much alike: keys, addresses, the shop's own words. So a dictionary is made of
//! the first few dozen, and what is kept from then on is packed with it: a product page of 3.5 kB into some 370 bytes, within 5
//! microseconds, and made whole again within 2.

use bytes::Bytes;
use moka::sync::Cache as Known;
use std::{
    cell::RefCell,
    io,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};
use zstd::{
    dict::from_samples,
    zstd_safe::{CCtx, CDict, DCtx, DDict, compress_bound},
};

/// The level at which little is packed well with a dictionary and no slower than at the levels below.
const LEVEL: i32 = 3;
/// Bytes of a dictionary. What is made of it to pack with takes some 150 kB.
const DICTIONARY: usize = 4 << 10;
/// Dictionaries there may be, however many selection sets there are; the rest is packed without.
const DICTIONARIES: usize = 32;
/// A dictionary is made of so many examples,
const EXAMPLES: usize = 32;
/// of the first so many bytes of each.
const EXAMPLE_BYTES: usize = 8 << 10;
/// Selection sets of which examples are gathered.
const PACKERS: u64 = 128;

/// JSON, packed.
pub(super) struct Packed {
    bytes: Box<[u8]>,
    length: usize,
    dictionary: Option<Arc<Dictionary>>,
}

struct Dictionary {
    /// No other one has it, in this process.
    number: u64,
    to_pack: CDict<'static>,
    to_unpack: DDict<'static>,
    _counted: Counted,
}

/// One of the dictionaries that are alive, be it only in something that was packed with it.
struct Counted {
    alive: Arc<AtomicUsize>,
    number: u64,
}

/// Packs the JSON of all selection sets.
pub(super) struct Packers {
    by_selection: Known<u64, Arc<Packer>>,
    dictionaries: Arc<AtomicUsize>,
    last_number: AtomicU64,
}

/// Packs the JSON of one.
#[derive(Default)]
struct Packer {
    dictionary: OnceLock<Arc<Dictionary>>,
    examples: Mutex<Vec<Box<[u8]>>>,
}

thread_local! {
    static PACKING: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static UNPACKING: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

impl Packed {
    /// Bytes that it takes.
    pub(super) const fn weight(&self) -> usize {
        self.bytes.len()
    }

    /// What else than a dictionary it is, to be written down: the bytes, how long the JSON is, and the dictionary's number, or 0.
    pub(super) fn parts(&self) -> (&[u8], usize, u64) {
        (&self.bytes, self.length, self.dictionary.as_ref().map_or(0, |dictionary| dictionary.number))
    }

    /// As it was. `None` is never seen: what was packed here is whole.
    pub(super) fn unpacked(&self) -> Option<Bytes> {
        let mut json = Vec::with_capacity(self.length);
        UNPACKING
            .with_borrow_mut(|context| match &self.dictionary {
                Some(dictionary) => {
                    context.decompress_using_ddict(&mut json, &self.bytes, &dictionary.to_unpack)
                }
                None => context.decompress(&mut json, &self.bytes),
            })
            .ok()?;
        (json.len() == self.length).then(|| json.into())
    }

    fn new(json: &[u8], dictionary: Option<Arc<Dictionary>>) -> Option<Self> {
        let mut bytes = Vec::with_capacity(compress_bound(json.len()));
        PACKING
            .with_borrow_mut(|context| match &dictionary {
                Some(dictionary) => context.compress_using_cdict(&mut bytes, json, &dictionary.to_pack),
                None => context.compress(&mut bytes, json, LEVEL),
            })
            .ok()?;
        Some(Self { bytes: bytes.into(), length: json.len(), dictionary })
    }
}

impl Packers {
    pub(super) fn new() -> Self {
        Self {
            by_selection: Known::new(PACKERS),
            dictionaries: Arc::default(),
            last_number: AtomicU64::new(0),
        }
    }

    /// What was packed under a selection set and written down, as long as its dictionary is the selection set's.
    pub(super) fn packed(
        &self,
        selection: u64,
        bytes: Box<[u8]>,
        length: usize,
        number: u64,
    ) -> Option<Packed> {
        let dictionary = match number {
            0 => None,
            number => {
                let packer = self.by_selection.get(&selection)?;
                Some(packer.dictionary.get().filter(|dictionary| dictionary.number == number)?.clone())
            }
        };
        Some(Packed { bytes, length, dictionary })
    }

    /// Packs what something looks like under a selection set. `None` is never seen.
    pub(super) fn pack(&self, selection: u64, json: &[u8]) -> Option<Packed> {
        let packer = self.by_selection.get_with(selection, Arc::default);
        let dictionary = packer.dictionary.get().cloned();
        if dictionary.is_none()
            && let Some(examples) = packer.gather(json)
            && let Some(counted) = self.counted()
        {
            // Some 10 ms.
            super::aside(move || packer.learn(&examples, counted));
        }
        Packed::new(json, dictionary)
    }

    /// A place for one more dictionary.
    fn counted(&self) -> Option<Counted> {
        let more = |alive| (alive < DICTIONARIES).then_some(alive + 1);
        self.dictionaries.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).ok()?;
        let number = self.last_number.fetch_add(1, Ordering::Relaxed) + 1;
        Some(Counted { alive: Arc::clone(&self.dictionaries), number })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Packer {
    /// One more example; all of them once they are enough, to begin anew.
    fn gather(&self, json: &[u8]) -> Option<Vec<Box<[u8]>>> {
        let mut examples = self.examples.lock().unwrap_or_else(PoisonError::into_inner);
        examples.push(json[..json.len().min(EXAMPLE_BYTES)].into());
        (examples.len() >= EXAMPLES).then(|| std::mem::take(&mut *examples))
    }

    fn learn(&self, examples: &[Box<[u8]>], counted: Counted) {
        match Dictionary::new(examples, counted) {
            // If somebody else was faster, that one is as good.
            Ok(dictionary) => drop(self.dictionary.set(Arc::new(dictionary))),
            // There is nothing alike in them, or next to nothing in them at all.
            Err(error) => tracing::debug!(%error, "no dictionary can be made of this JSON"),
        }
    }
}

impl Dictionary {
    fn new(examples: &[Box<[u8]>], counted: Counted) -> io::Result<Self> {
        let dictionary = from_samples(examples, DICTIONARY)?;
        let (to_pack, to_unpack) = (CDict::create(&dictionary, LEVEL), DDict::create(&dictionary));
        Ok(Self { number: counted.number, to_pack, to_unpack, _counted: counted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: usize) -> String {
        let hash = |salt: usize| (number + salt).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        format!(
            r#"{{"id":"gid://stoa/Product/{:016x}","handle":"lamp-{number}","title":"Lamp {number}","vendor":"Aurora","availableForSale":true,
            "descriptionHtml":"<p>Tested by hand before it leaves the workshop, and packed in paper.</p>","price":{{"amount":"{}.00","currencyCode":"EUR"}},
            "variants":{{"nodes":[{{"id":"gid://stoa/ProductVariant/{:016x}","title":"Small","sku":"L-{number}"}}]}}}}"#,
            hash(0),
            number % 100,
            hash(1),
        )
    }

    fn packed(packers: &Packers, selection: u64, json: &str) -> Packed {
        let packed = packers.pack(selection, json.as_bytes()).unwrap();
        assert_eq!(packed.unpacked().unwrap(), json.as_bytes());
        packed
    }

    #[test]
    fn what_is_alike_takes_little_room_once_there_were_some() {
        let packers = Packers::new();
        let before: Vec<Packed> = (0..EXAMPLES).map(|n| packed(&packers, 1, &page(n))).collect();
        assert!(before.iter().all(|packed| packed.dictionary.is_none()));
        let after = packed(&packers, 1, &page(1_000));
        assert!(after.dictionary.is_some());
        assert!(after.weight() * 5 < page(1_000).len(), "{} of {}", after.weight(), page(1_000).len());
        assert!(after.weight() * 2 < before[5].weight(), "{} of {}", after.weight(), before[5].weight());
        // What was packed before is still whole.
        for (n, packed) in before.iter().enumerate() {
            assert_eq!(packed.unpacked().unwrap(), page(n).as_bytes());
        }
        // Others have learned nothing from it.
        assert!(packed(&packers, 2, &page(1)).dictionary.is_none());
    }

    #[test]
    fn anything_can_be_packed() {
        let packers = Packers::new();
        for _ in 0..2 * EXAMPLES {
            packed(&packers, 1, "");
            packed(&packers, 2, "null");
        }
        let large = "[0,1,2]".repeat(50_000);
        for _ in 0..EXAMPLES {
            assert!(packed(&packers, 3, &large).weight() < 1_000);
        }
    }

    #[test]
    fn there_are_only_so_many_dictionaries_and_those_that_go_make_room() {
        let packers = Packers::new();
        let teach = |selection| {
            (0..EXAMPLES).for_each(|n| drop(packed(&packers, selection, &page(n))));
            packed(&packers, selection, &page(77))
        };
        let mut kept: Vec<Packed> = (0..DICTIONARIES as u64).map(teach).collect();
        assert!(kept.iter().all(|packed| packed.dictionary.is_some()));
        assert!(teach(1_000).dictionary.is_none());
        packers.by_selection.invalidate(&3);
        packers.by_selection.run_pending_tasks();
        assert!(teach(1_001).dictionary.is_none(), "something is still packed with it");
        kept.remove(3);
        assert!(teach(1_000).dictionary.is_some());
    }
}
