//! Following a cart.

use super::watch::Watch;
use crate::{
    Context,
    cart::{CartView, ReadCart},
};
use futures_util::{Stream, stream};
use std::sync::Arc;
use stoa_domain::{
    live::Topic,
    shared::{CartId, Fault},
};

/// Follows carts.
pub struct WatchCart(pub(crate) Arc<Context>);

impl WatchCart {
    /// The cart as it is now, and again whenever it was saved; each time in a newer version than before. When it is gone, has
    /// become an order, or never was: `None`, and then nothing more.
    ///
    /// # Errors
    /// A store does not answer to begin with.
    pub async fn run(
        &self,
        id: CartId,
    ) -> Result<impl Stream<Item = Option<CartView>> + Send + use<>, Fault> {
        let ctx = Arc::clone(&self.0);
        let watch = Watch::begin(&ctx, &[Topic::Cart(id)], ctx.settings.live_refresh);
        let reads = ReadCart(ctx);
        let first = reads.run(id).await?;
        let follower = Follower { id, reads, watch, first: Some(first), shown: 0, over: false };
        Ok(stream::unfold(follower, |mut follower| async {
            let next = follower.next().await?;
            Some((next, follower))
        }))
    }
}

struct Follower {
    id: CartId,
    reads: ReadCart,
    watch: Watch,
    /// What was read to begin with, until it is shown.
    first: Option<Option<CartView>>,
    /// The version that was shown last.
    shown: u64,
    over: bool,
}

impl Follower {
    async fn next(&mut self) -> Option<Option<CartView>> {
        if self.over {
            return None;
        }
        let found = match self.first.take() {
            Some(first) => first,
            None => self.newer().await,
        };
        match &found {
            Some(view) => self.shown = view.cart.version,
            None => self.over = true,
        }
        Some(found)
    }

    /// Waits until there is a newer version, or none at all.
    async fn newer(&mut self) -> Option<CartView> {
        loop {
            self.watch.wait(Some(self.shown)).await;
            let (reads, id) = (&self.reads, self.id);
            match self.watch.read(|| reads.run(id)).await {
                Some(view) if view.cart.version <= self.shown => {}
                found => return found,
            }
        }
    }
}
