//! What is kept, and for how long it is right.

use super::{
    packing::{Packed, Packers},
    spill::{Filed, Record, Spill},
};
use bytes::Bytes;
use moka::sync::Cache as Known;
use quick_cache::{DefaultHashBuilder, Lifecycle, Weighter, sync::Cache};
use std::{
    hash::RandomState,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use stoa_domain::shared::{Fault, ProductId, VariantId};
use stoa_services::catalog::{Catalog, Moment, StockPrint};

/// About how large an entry is.
const TYPICAL: u64 = 600;
/// Selection sets that are known.
const SELECTIONS: u64 = 10_000;
/// What an entry takes beside its JSON.
const ENTRY: usize = 176;
/// JSON larger than this is not kept: it would push out many others.
const LARGEST: usize = 256 << 10;

/// The one field that tells units in stock. All others know no more than whether a variant can be bought, so that what a shopper puts
/// into a cart makes no other JSON of most products.
const COUNTS_UNITS: &str = "quantityAvailable";

/// What the names of all fields have in them that depend on stock: `availableForSale`, `quantityAvailable`,
/// `encodedVariantAvailability`, `totalInventory` and their like; and `adjacentVariants`, which begin at the first that is available.
/// A test asks every field of a product.
const TELLS_STOCK: [&str; 4] = ["vailab", "nventory", "Stock", "djacent"];

/// The number of a selection set. Its lowest bit says whether it counts units, the next whether it tells anything of stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SelectionNumber(u64);

impl SelectionNumber {
    pub(super) const fn new(number: u64) -> Self {
        Self(number)
    }

    pub(super) const fn number(self) -> u64 {
        self.0
    }

    /// Whether it tells units in stock.
    pub(super) const fn counts_units(self) -> bool {
        self.0 & 1 == 1
    }

    /// Whether anything of it depends on stock.
    pub(super) const fn tells_stock(self) -> bool {
        self.0 & 2 == 2
    }
}

/// What JSON is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A product under a selection set.
    Product(SelectionNumber, ProductId),
    /// A variant under a selection set that tells nothing of stock.
    Variant(SelectionNumber, VariantId),
    /// A list of products under a selection set: a digest of which they are. Nobody outside this process knows how it is made, and
    /// two lists have the same one as likely as two random numbers of 128 bits are alike.
    Nodes(SelectionNumber, [u64; 2]),
}

impl Key {
    pub(super) const fn selection(&self) -> SelectionNumber {
        match self {
            Self::Product(selection, _) | Self::Variant(selection, _) | Self::Nodes(selection, _) => {
                *selection
            }
        }
    }
}

/// What was shown of the stock of each product in some JSON.
pub(super) type Prints = Box<[(ProductId, StockPrint)]>;

/// How much JSON of products is kept, in bytes with what it takes to keep them.
#[derive(Clone, Debug)]
pub struct JsonLimits {
    /// In memory.
    pub memory: u64,
    /// In a file, where memory has no room for it.
    pub file: u64,
    /// Where that file is made; `None`: there is none.
    pub folder: Option<PathBuf>,
}

impl Default for JsonLimits {
    /// All of it in memory.
    fn default() -> Self {
        Self { memory: 12 << 20, file: 0, folder: None }
    }
}

/// JSON of products by selection set.
pub(in crate::graphql) struct RenderedProducts {
    numbers: Known<Box<str>, u64>,
    last_number: AtomicU64,
    packers: Packers,
    kept: Cache<Key, Arc<Kept>, Weight, DefaultHashBuilder, Evictions>,
    spill: Spill,
    /// Make the digests.
    pub(super) hashers: (RandomState, RandomState),
}

pub(super) struct Kept {
    standing: Mutex<Standing>,
    prints: Prints,
    packed: Packed,
}

#[derive(Clone, Copy)]
struct Standing {
    /// The last moment at which it was right.
    moment: Moment,
    /// Where the same is in the file, with the same moment.
    filed: Option<Filed>,
}

impl Kept {
    fn json(&self) -> Option<Bytes> {
        self.packed.unpacked()
    }

    fn new(prints: Prints, packed: Packed, moment: Moment, filed: Option<Filed>) -> Arc<Self> {
        Arc::new(Self { standing: Mutex::new(Standing { moment, filed }), prints, packed })
    }

    fn standing(&self) -> Standing {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn moment(&self) -> Moment {
        self.standing().moment
    }

    /// It is still right, which is to be filed as well: what is of an older moment would be looked at each time it is fetched.
    fn is_right_at(&self, moment: Moment) {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = Standing { moment, filed: None };
    }

    fn record(&self, moment: Moment) -> Option<Record> {
        let (packed, length, dictionary) = self.packed.parts();
        Some(Record {
            moment,
            prints: self.prints.clone(),
            dictionary,
            length: length.try_into().ok()?,
            packed: packed.into(),
        })
    }

    /// Where its products stand whose stock may have changed since.
    fn changed<'a>(
        &'a self,
        catalog: &Catalog,
    ) -> impl Iterator<Item = &'a (ProductId, StockPrint)> + use<'a> {
        let moment = self.moment();
        let changed = catalog.changed_since(self.prints.iter().map(|(product, _)| (*product, moment)));
        self.prints.iter().zip(changed).filter(|(_, changed)| *changed).map(|(print, _)| print)
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Arc<Kept>> for Weight {
    fn weight(&self, _: &Key, kept: &Arc<Kept>) -> u64 {
        (ENTRY + kept.packed.weight() + size_of_val::<[_]>(&kept.prints)) as u64
    }
}

/// Says what has fallen out of memory.
#[derive(Clone)]
struct Evictions;

impl Lifecycle<Key, Arc<Kept>> for Evictions {
    type RequestState = Vec<(Key, Arc<Kept>)>;

    fn on_evict(&self, evicted: &mut Self::RequestState, key: Key, kept: Arc<Kept>) {
        evicted.push((key, kept));
    }
}

impl RenderedProducts {
    /// Nothing yet.
    pub(in crate::graphql) fn new(limits: JsonLimits) -> Self {
        let entries = usize::try_from(limits.memory / TYPICAL).unwrap_or(usize::MAX);
        let hasher = DefaultHashBuilder::default();
        Self {
            numbers: Known::new(SELECTIONS),
            last_number: AtomicU64::new(0),
            packers: Packers::new(),
            kept: Cache::with(entries, limits.memory, Weight, hasher, Evictions),
            spill: Spill::new(limits.folder, limits.file),
            hashers: (RandomState::new(), RandomState::new()),
        }
    }

    /// The number of the selection set with this fingerprint. None is ever given twice.
    pub(super) fn number(&self, fingerprint: Box<str>) -> SelectionNumber {
        let counts = u64::from(fingerprint.contains(COUNTS_UNITS));
        let tells = u64::from(TELLS_STOCK.iter().any(|part| fingerprint.contains(part)));
        let next = || self.last_number.fetch_add(4, Ordering::Relaxed) | tells << 1 | counts;
        SelectionNumber(self.numbers.get_with(fingerprint, next))
    }

    /// What was shown under each key, if it would be shown so now. For products whose stock may have changed since, it is looked up
    /// what is shown of it now: for all of them in one statement at most.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) async fn find(
        &self,
        keys: impl ExactSizeIterator<Item = Key> + Send,
        catalog: &Catalog,
        now: Moment,
    ) -> Result<Vec<Option<Bytes>>, Fault> {
        let mut found = Vec::with_capacity(keys.len());
        let mut doubtful = Vec::new();
        let mut changed = Vec::new();
        for (at, key) in keys.enumerate() {
            let kept = self.kept.get(&key).filter(|kept| kept.moment().same_catalogue(now));
            let Some(kept) = kept.or_else(|| self.fetch(&key, now)) else {
                found.push(None);
                continue;
            };
            let before = changed.len();
            changed.extend(kept.changed(catalog).copied());
            if changed.len() == before {
                found.push(kept.json());
            } else {
                found.push(None);
                doubtful.push((at, key.selection(), kept, before..changed.len()));
            }
        }
        if doubtful.is_empty() {
            return Ok(found);
        }
        let ids: Vec<ProductId> = changed.iter().map(|(product, _)| *product).collect();
        let Some(stock) = catalog.stock_by_ids(&ids).await? else {
            // The database is silent: what was shown is shown on.
            doubtful.into_iter().for_each(|(at, _, kept, _)| found[at] = kept.json());
            return Ok(found);
        };
        for (at, selection, kept, range) in doubtful {
            let shown = stock[range.clone()].iter().map(|stock| stock.print(selection.counts_units()));
            if changed[range].iter().map(|(_, print)| *print).eq(shown) {
                kept.is_right_at(now);
                found[at] = kept.json();
            }
        }
        Ok(found)
    }

    pub(super) fn keep(&self, key: Key, moment: Moment, prints: Prints, json: &[u8]) {
        if json.len() > LARGEST {
            return;
        }
        let Some(packed) = self.packers.pack(key.selection().number(), json) else { return };
        self.insert(key, &Kept::new(prints, packed, moment, None), moment);
    }

    /// Back from the file. What is of another catalogue stays there: it must not push out what is right.
    fn fetch(&self, key: &Key, now: Moment) -> Option<Arc<Kept>> {
        let (record, filed) = self.spill.find(key).filter(|(record, _)| record.moment.same_catalogue(now))?;
        let length = usize::try_from(record.length).ok()?;
        let selection = key.selection().number();
        let packed = self.packers.packed(selection, record.packed, length, record.dictionary)?;
        let kept = Kept::new(record.prints, packed, record.moment, Some(filed));
        self.insert(*key, &kept, now);
        Some(kept)
    }

    /// Into memory; what has to make room for it goes into the file, if it is still of the catalogue.
    fn insert(&self, key: Key, kept: &Arc<Kept>, now: Moment) {
        let mut evicted = Vec::new();
        self.kept.insert_with_lifecycle(key, Arc::clone(kept), &mut evicted);
        for (evicted_key, evicted) in evicted {
            // What was replaced shows something that is over.
            if evicted_key == key && !Arc::ptr_eq(&evicted, kept) {
                continue;
            }
            let (key, kept) = (evicted_key, evicted);
            let Standing { moment, filed } = kept.standing();
            let filed = filed.is_some_and(|filed| self.spill.keeps(filed));
            if !filed
                && moment.same_catalogue(now)
                && let Some(record) = kept.record(moment)
            {
                self.spill.put(&key, &record);
            }
        }
    }
}
