//! The port of the store that keeps carts.

use super::Cart;
use crate::shared::{CartId, Fault, Timestamp};
use async_trait::async_trait;

/// The outcome of a compare-and-set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Written; this is the cart's version now.
    Yes(u64),
    /// Somebody else has written or deleted the cart since it was read: read again.
    Conflict,
}

/// Keeps carts, each as one versioned document with a sliding time to live.
#[async_trait]
pub trait CartStore: Send + Sync {
    /// The cart, with its version; `None` when unknown, deleted or past its time.
    ///
    /// # Errors
    /// The store cannot be reached, or what it holds cannot be read.
    async fn load(&self, id: CartId, now: Timestamp) -> Result<Option<Cart>, Fault>;

    /// Writes the cart if its stored version is still `cart.version` (0: it must not exist), and keeps it until
    /// `expires_at`.
    ///
    /// # Errors
    /// The store cannot be reached; the cart is then as before, or as given.
    async fn save(&self, cart: &Cart, now: Timestamp, expires_at: Timestamp) -> Result<Saved, Fault>;

    /// Deletes the cart if its version is still `version`. [`Saved::Yes`] (with that version) also when it is gone
    /// already.
    ///
    /// # Errors
    /// The store cannot be reached.
    async fn delete(&self, id: CartId, version: u64) -> Result<Saved, Fault>;

    /// The time by the one clock that all who share this cart can ask: the store's own, whatever `now` the caller has. A store
    /// that a single machine has to itself gives `now` back.
    ///
    /// # Errors
    /// The store cannot be reached.
    async fn clock(&self, id: CartId, now: Timestamp) -> Result<Timestamp, Fault>;

    /// The cart, and what [`clock`](Self::clock) says about then.
    ///
    /// # Errors
    /// The store cannot be reached, or what it holds cannot be read.
    async fn load_with_clock(&self, id: CartId, now: Timestamp) -> Result<Option<(Cart, Timestamp)>, Fault> {
        let Some(cart) = self.load(id, now).await? else { return Ok(None) };
        Ok(Some((cart, self.clock(id, now).await?)))
    }
}
