//! A [`CartStore`](stoa_domain::cart::CartStore) in its simplest form.

use std::collections::HashMap;
use stoa_domain::{
    cart::{Cart, Saved},
    shared::{CartId, Timestamp},
};

#[derive(Clone, Debug)]
struct Record {
    version: u64,
    /// `None` once deleted: the version is remembered, the document is not.
    cart: Option<Cart>,
    expires_at: Timestamp,
}

/// Carts in a map.
#[derive(Clone, Debug, Default)]
pub struct CartModel {
    records: HashMap<CartId, Record>,
}

impl CartModel {
    /// As [`CartStore::load`](stoa_domain::cart::CartStore::load).
    pub fn load(&self, id: CartId, now: Timestamp) -> Option<Cart> {
        self.records.get(&id).filter(|r| r.expires_at > now)?.cart.clone()
    }

    /// As [`CartStore::save`](stoa_domain::cart::CartStore::save).
    pub fn save(&mut self, cart: &Cart, now: Timestamp, expires_at: Timestamp) -> Saved {
        let stored = self.load(cart.id, now).map_or(0, |c| c.version);
        if stored != cart.version {
            return Saved::Conflict;
        }
        // A cart made anew counts on from its former life.
        let version = self.records.get(&cart.id).map_or(0, |r| r.version) + 1;
        let cart = Cart { version, ..cart.clone() };
        self.records.insert(cart.id, Record { version, cart: Some(cart), expires_at });
        Saved::Yes(version)
    }

    /// As [`CartStore::delete`](stoa_domain::cart::CartStore::delete).
    pub fn delete(&mut self, id: CartId, version: u64) -> Saved {
        match self.records.get_mut(&id) {
            Some(record) if record.cart.is_some() && record.version != version => return Saved::Conflict,
            Some(record) => record.cart = None,
            None => {}
        }
        Saved::Yes(version)
    }
}
