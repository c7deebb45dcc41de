//! How what is kept is written down.

use super::super::kept::{Key, Prints, SelectionNumber};
use bytes::{Buf, BufMut};
use std::hash::{BuildHasher, RandomState};
use stoa_domain::shared::ProductId;
use stoa_services::catalog::{Moment, StockPrint};
use uuid::Uuid;

/// The record's own length and the digest of all that comes after, before everything else.
const HEAD: usize = 4 + 8;

/// What is kept under one key, ready to be written or just read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Record {
    /// The last moment at which it was right.
    pub(in super::super) moment: Moment,
    /// What it shows of stock.
    pub(in super::super) prints: Prints,
    /// The number of the dictionary that it was packed with; 0: none.
    pub(in super::super) dictionary: u64,
    /// How long the JSON is.
    pub(in super::super) length: u32,
    /// The JSON, packed.
    pub(in super::super) packed: Box<[u8]>,
}

impl Record {
    pub(super) fn write(&self, key: &Key, into: &mut Vec<u8>, hasher: &RandomState) {
        into.put_bytes(0, HEAD);
        put_key(key, into);
        for number in self.moment.parts() {
            into.put_u64_le(number);
        }
        into.put_u64_le(self.dictionary);
        into.put_u32_le(self.length);
        into.put_u32_le(u32::try_from(self.prints.len()).unwrap_or(u32::MAX));
        for (product, print) in &self.prints {
            into.put_slice(product.uuid().as_bytes());
            into.put_u64_le(print.number());
        }
        into.put_slice(&self.packed);
        let (length, digest) =
            (u32::try_from(into.len()).unwrap_or(u32::MAX), hasher.hash_one(&into[HEAD..]));
        into[..4].copy_from_slice(&length.to_le_bytes());
        into[4..HEAD].copy_from_slice(&digest.to_le_bytes());
    }

    /// The record that these bytes begin with, if it is whole and this key's.
    pub(super) fn read(key: &Key, bytes: &[u8], hasher: &RandomState) -> Option<Self> {
        let mut head = bytes;
        let length = usize::try_from(head.try_get_u32_le().ok()?).ok()?;
        let digest = head.try_get_u64_le().ok()?;
        let mut body = bytes.get(HEAD..length)?;
        if hasher.hash_one(body) != digest {
            return None;
        }
        let mut expected = Vec::with_capacity(32);
        put_key(key, &mut expected);
        body = body.strip_prefix(expected.as_slice())?;
        let moment = Moment::from_parts([body.try_get_u64_le().ok()?, body.try_get_u64_le().ok()?]);
        let dictionary = body.try_get_u64_le().ok()?;
        let length = body.try_get_u32_le().ok()?;
        let prints = (0..body.try_get_u32_le().ok()?)
            .map(|_| {
                let product = ProductId::new(Uuid::from_u128(body.try_get_u128().ok()?));
                Some((product, StockPrint::from_number(body.try_get_u64_le().ok()?)))
            })
            .collect::<Option<Prints>>()?;
        Some(Self { moment, prints, dictionary, length, packed: body.into() })
    }
}

fn put_key(key: &Key, into: &mut Vec<u8>) {
    let put = |into: &mut Vec<u8>, kind: u8, selection: &SelectionNumber| {
        into.put_u8(kind);
        into.put_u64_le(selection.number());
    };
    match key {
        Key::Product(selection, product) => {
            put(into, 0, selection);
            into.put_slice(product.uuid().as_bytes());
        }
        Key::Variant(selection, variant) => {
            put(into, 1, selection);
            into.put_slice(variant.uuid().as_bytes());
        }
        Key::Nodes(selection, [one, other]) => {
            put(into, 2, selection);
            into.put_u64_le(*one);
            into.put_u64_le(*other);
        }
    }
}
