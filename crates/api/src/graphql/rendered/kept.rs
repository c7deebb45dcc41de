//! What is kept, and for how long it is right.
//!
//! What products look like under one selection set is much alike: keys, addresses, the shop's words. So each is kept compressed
//! against the first of its kind, in a third of the room; making it whole again costs less than fetching so much more from memory.

use bytes::Bytes;
use lz4_flex::block::{compress_with_dict, decompress_with_dict};
use moka::sync::Cache as Known;
use quick_cache::{DefaultHashBuilder, Weighter, sync::Cache};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use stoa_domain::shared::ProductId;
use stoa_services::catalog::{Moment, ProductStock};

/// Bytes that are kept, with what it takes to keep them.
const ROOM: u64 = 80 << 20;
/// About how large an entry is.
const TYPICAL: u64 = 500;
/// Selection sets that are known.
const SELECTIONS: u64 = 10_000;
/// What an entry takes beside its JSON.
const ENTRY: usize = 160;
/// A product larger than this under one selection set is not kept: it would push out many others.
const LARGEST: usize = 256 << 10;
/// No more of the first of its kind is compared with.
const DICTIONARY: usize = 8 << 10;

/// The one field that tells units in stock. All others know no more than whether a variant can be bought, so that what a shopper puts
/// into a cart makes no other JSON of most products.
const COUNTS_UNITS: &str = "quantityAvailable";

/// A selection set's number, which is odd where it counts units, and the product.
type Key = (u64, ProductId);

/// JSON of products by selection set.
pub(in crate::graphql) struct RenderedProducts {
    numbers: Known<Box<str>, u64>,
    last_number: AtomicU64,
    /// What was kept first under each selection set.
    firsts: Known<u64, Arc<[u8]>>,
    kept: Cache<Key, Arc<Kept>, Weight>,
}

pub(super) struct Kept {
    moment: Moment,
    stock: ProductStock,
    packed: Arc<Packed>,
}

impl Kept {
    /// The JSON, if its figures of stock are those that are shown now.
    pub(super) fn shown(&self, now: Moment) -> Option<Bytes> {
        if now.still_shows(self.moment, &self.stock) { self.packed.json() } else { None }
    }

    /// The figures of stock it shows.
    pub(super) const fn stock(&self) -> &ProductStock {
        &self.stock
    }
}

/// JSON, compressed.
struct Packed {
    first: Arc<[u8]>,
    bytes: Box<[u8]>,
    length: usize,
}

impl Packed {
    fn new(json: &[u8], first: Arc<[u8]>) -> Self {
        Self { bytes: compress_with_dict(json, &first).into(), length: json.len(), first }
    }

    /// `None` is never seen: what was compressed here is whole.
    fn json(&self) -> Option<Bytes> {
        decompress_with_dict(&self.bytes, self.length, &self.first).ok().map(Bytes::from)
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Arc<Kept>> for Weight {
    fn weight(&self, _: &Key, kept: &Arc<Kept>) -> u64 {
        (ENTRY + kept.packed.bytes.len()) as u64
    }
}

impl RenderedProducts {
    /// Nothing yet.
    pub(in crate::graphql) fn new() -> Self {
        let entries = usize::try_from(ROOM / TYPICAL).unwrap_or(usize::MAX);
        let hasher = DefaultHashBuilder::default();
        Self {
            numbers: Known::new(SELECTIONS),
            last_number: AtomicU64::new(0),
            firsts: Known::new(SELECTIONS / 10),
            kept: Cache::with(entries, ROOM, Weight, hasher, Default::default()),
        }
    }

    /// The number of the selection set with this fingerprint. None is ever given twice.
    pub(super) fn number(&self, fingerprint: Box<str>) -> u64 {
        let counts = u64::from(fingerprint.contains(COUNTS_UNITS));
        self.numbers.get_with(fingerprint, || self.last_number.fetch_add(2, Ordering::Relaxed) | counts)
    }

    /// What was shown of a product, if the catalogue is still the same; of the stock it says by itself whether it is.
    pub(super) fn find(&self, key: Key, now: Moment) -> Option<Arc<Kept>> {
        self.kept.get(&key).filter(|kept| now.same_catalogue(kept.moment))
    }

    /// What was shown, for figures that were read anew, if they look the same under this selection set.
    pub(super) fn again(&self, key: Key, now: Moment, kept: &Kept, stock: &ProductStock) -> Option<Bytes> {
        let counts = key.0 & 1 == 1;
        let same = if counts { kept.stock == *stock } else { kept.stock.is_as_available_as(stock) };
        if !same {
            return None;
        }
        let again = Kept { moment: now, stock: stock.clone(), packed: Arc::clone(&kept.packed) };
        self.kept.insert(key, Arc::new(again));
        kept.packed.json()
    }

    pub(super) fn keep(&self, key: Key, moment: Moment, stock: &ProductStock, json: &[u8]) {
        if json.len() > LARGEST {
            return;
        }
        let first = self.firsts.get_with(key.0, || json[..json.len().min(DICTIONARY)].into());
        let packed = Arc::new(Packed::new(json, first));
        self.kept.insert(key, Arc::new(Kept { moment, stock: stock.clone(), packed }));
    }
}
