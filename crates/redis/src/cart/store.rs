//! [`CartStore`] on Redis. Each verb is one round trip.

use super::writes::Writes;
use crate::{
    connection::Redis,
    keys::cart_ttl,
    script::{CART_DELETE, CART_LOAD, CART_SAVE, CLOCK, Call},
};
use async_trait::async_trait;
use chrono::DateTime;
use std::sync::Arc;
use stoa_domain::{
    cart::{Cart, CartStore, Saved},
    shared::{CartId, Fault, Timestamp},
};

/// Carts in Redis, each a document and its version under one key.
///
/// A deleted cart leaves its version behind until its time is up, so that a copy still in flight cannot pass for the cart
/// that takes its id next. So does an expired one, for an hour.
#[derive(Clone, Debug)]
pub struct RedisCartStore {
    redis: Redis,
    writes: Arc<Writes>,
}

/// Version, document and expiry as they are stored.
type Stored = (Option<u64>, Option<Vec<u8>>, Option<i64>);

impl RedisCartStore {
    /// Keeps carts in `redis`.
    pub fn new(redis: Redis) -> Self {
        Self { redis, writes: Arc::new(Writes::new()) }
    }
}

#[async_trait]
impl CartStore for RedisCartStore {
    async fn load(&self, id: CartId, now: Timestamp) -> Result<Option<Cart>, Fault> {
        let mut look = redis::cmd("HMGET");
        look.arg(self.redis.keys().cart(id)).arg(&["v", "b", "e"]);
        live(self.redis.query::<Stored>("redis.cart.load", &look).await?, now)
    }

    async fn save(&self, cart: &Cart, now: Timestamp, expires_at: Timestamp) -> Result<Saved, Fault> {
        let body = serde_json::to_vec(cart).map_err(|e| Fault::internal("redis.cart.encode", e))?;
        let call = Call::new(&CART_SAVE, [self.redis.keys().cart(cart.id)])
            .arg(cart.version)
            .arg(now.timestamp_micros())
            .arg(expires_at.timestamp_micros())
            .arg(body)
            .arg(self.writes.next())
            .arg(cart_ttl(now, expires_at));
        let version: u64 = self.redis.run("redis.cart.save", &call).await?;
        Ok(if version == 0 { Saved::Conflict } else { Saved::Yes(version) })
    }

    async fn delete(&self, id: CartId, version: u64) -> Result<Saved, Fault> {
        let call = Call::new(&CART_DELETE, [self.redis.keys().cart(id)]).arg(version);
        let gone: bool = self.redis.run("redis.cart.delete", &call).await?;
        Ok(if gone { Saved::Yes(version) } else { Saved::Conflict })
    }

    async fn clock(&self, id: CartId, _: Timestamp) -> Result<Timestamp, Fault> {
        let call = Call::new(&CLOCK, [self.redis.keys().cart(id)]);
        let micros: i64 = self.redis.run("redis.cart.clock", &call).await?;
        time(micros)
    }

    async fn load_with_clock(&self, id: CartId, now: Timestamp) -> Result<Option<(Cart, Timestamp)>, Fault> {
        type Answer = (Option<u64>, Option<Vec<u8>>, Option<i64>, i64);
        let call = Call::new(&CART_LOAD, [self.redis.keys().cart(id)]);
        let (version, body, expires, micros): Answer = self.redis.run("redis.cart.load", &call).await?;
        let cart = live((version, body, expires), now)?;
        cart.map(|cart| Ok((cart, time(micros)?))).transpose()
    }
}

/// The cart, if it is there and its time is not up.
fn live(stored: Stored, now: Timestamp) -> Result<Option<Cart>, Fault> {
    match stored {
        (Some(version), Some(body), Some(expires)) if expires > now.timestamp_micros() => {
            let cart: Cart =
                serde_json::from_slice(&body).map_err(|e| Fault::internal("redis.cart.decode", e))?;
            Ok(Some(Cart { version, ..cart }))
        }
        _ => Ok(None),
    }
}

fn time(micros: i64) -> Result<Timestamp, Fault> {
    DateTime::from_timestamp_micros(micros).ok_or(Fault::bug("redis.cart.clock: Redis tells no time"))
}
