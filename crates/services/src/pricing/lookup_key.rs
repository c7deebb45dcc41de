//! Keys under which short or guessable things are looked up: codes of gift cards, addresses of buyers. What is kept is a keyed hash of the
//! thing, which says nothing to whoever has a dump of the database.
//!
//! A key is made once and stands sealed in the database, so that hashes outlive the root keys.

use crate::Context;
use secrecy::ExposeSecret;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use stoa_auth::Mac;
use stoa_domain::shared::Fault;
use stoa_persistence::{Durability, db::retrying, lookup_key};

/// What is looked up. Hashes of one purpose are worth nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Who has used a promotion.
    Buyer,
    /// Which gift card has a code.
    GiftCard,
    /// Which code a gift card has that was sold.
    GiftCardCode,
}

impl Purpose {
    /// How many there are.
    const COUNT: usize = 3;

    /// Its name in the database.
    const fn name(self) -> &'static str {
        match self {
            Self::Buyer => "promotion-buyer",
            Self::GiftCard => "gift-card",
            Self::GiftCardCode => "gift-card-code",
        }
    }
}

/// What makes a hash of bytes.
type Hash = dyn Fn(&[u8]) -> [u8; 32] + Send + Sync;

/// Hashes under one key.
#[derive(Clone)]
pub(crate) struct LookupKey(Arc<Hash>);

impl LookupKey {
    /// The hash of a text, in 64 hexadecimal digits.
    pub(crate) fn code(&self, of: &str) -> String {
        hex::encode(self.bytes(of))
    }

    /// The hash of a text.
    pub(crate) fn bytes(&self, of: &str) -> [u8; 32] {
        (self.0)(of.as_bytes())
    }
}

/// The keys that were asked for, each read once.
#[derive(Default)]
pub(crate) struct LookupKeys {
    known: Mutex<[Option<LookupKey>; Purpose::COUNT]>,
}

impl LookupKeys {
    /// The key of a purpose: out of memory, or else of the database, where it is made if nobody has asked for it before.
    pub(crate) async fn of(ctx: &Context, purpose: Purpose) -> Result<LookupKey, Fault> {
        let keys = &ctx.lookup_keys;
        if let Some(known) = &keys.known()[purpose as usize] {
            return Ok(known.clone());
        }
        let kept = match lookup_key::find(ctx.db().read(), purpose.name()).await? {
            Some(kept) => kept,
            None => retrying(|| make(ctx, purpose)).await?,
        };
        let key = LookupKey(Arc::new(Mac::under(&kept)?));
        keys.known()[purpose as usize] = Some(key.clone());
        Ok(key)
    }

    fn known(&self) -> MutexGuard<'_, [Option<LookupKey>; Purpose::COUNT]> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a key, unless another instance is faster: then that one is it.
async fn make(ctx: &Context, purpose: Purpose) -> Result<String, Fault> {
    let new = Mac::new_key()?;
    let tx = ctx.db().write(Durability::Full).await?;
    let kept = lookup_key::keep(&tx, purpose.name(), new.expose_secret(), ctx.now()).await?;
    tx.commit().await?;
    Ok(kept)
}
