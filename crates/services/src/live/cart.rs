//! Following a cart.

use super::watch::Watch;
use crate::{
    Context,
    cart::{CartView, ReadCart},
};
use futures_util::{Stream, stream};
use std::sync::Arc;
use stoa_domain::{
    access::Viewer,
    cart::Cart,
    live::Topic,
    shared::{CartId, Fault},
};

/// Follows carts.
pub struct WatchCart(pub(crate) Arc<Context>);

impl WatchCart {
    /// The cart as it is now, and again whenever it was saved, and after a while where it costs something else; each time as it was not shown before. A store that lost its last
    /// writes in a fail-over goes back, and so does what is shown. When it is gone, has
    /// become an order or part of another cart, or there never was one for who asks: `None`, and then nothing more.
    ///
    /// # Errors
    /// A store does not answer to begin with.
    pub async fn run(
        &self,
        viewer: Viewer,
        id: CartId,
    ) -> Result<impl Stream<Item = Option<CartView>> + Send + use<>, Fault> {
        let ctx = Arc::clone(&self.0);
        let watch = Watch::begin(&ctx, &[Topic::Cart(id)], ctx.settings.live_refresh);
        let reads = ReadCart(ctx);
        let first = reads.run(&viewer, id).await?;
        let follower = Follower { viewer, id, reads, watch, first: Some(first), shown: None, over: false };
        Ok(stream::unfold(follower, |mut follower| async {
            let next = follower.next().await?;
            Some((next, follower))
        }))
    }
}

/// Total and charge, in minor units: rules, prices and gift cards change them though nobody saves the cart.
type Cost = (i64, i64);

fn cost(view: &CartView) -> Cost {
    (view.priced.total, view.priced.charge)
}

struct Follower {
    viewer: Viewer,
    id: CartId,
    reads: ReadCart,
    watch: Watch,
    /// What was read to begin with, until it is shown.
    first: Option<Option<CartView>>,
    /// What was shown last: what the cart said, and what it cost.
    shown: Option<(Cart, Cost)>,
    over: bool,
}

impl Follower {
    async fn next(&mut self) -> Option<Option<CartView>> {
        if self.over {
            return None;
        }
        let found = match self.first.take() {
            Some(first) => first,
            None => self.other().await,
        };
        match &found {
            Some(view) => self.shown = Some((view.cart.clone(), cost(view))),
            None => self.over = true,
        }
        Some(found)
    }

    fn is_shown(&self, view: &CartView) -> bool {
        self.shown.as_ref().is_some_and(|(cart, paid)| *cart == view.cart && *paid == cost(view))
    }

    /// Waits until it is another than what was shown, or none at all. Carts are read where they are written, so one that is older is no
    /// old copy: its store has lost something, and may since have come to the same version by another way.
    async fn other(&mut self) -> Option<CartView> {
        loop {
            self.watch.wait(self.shown.as_ref().map(|(cart, _)| cart.version)).await;
            let (reads, viewer, id) = (&self.reads, &self.viewer, self.id);
            match self.watch.read(|| reads.run(viewer, id)).await {
                Some(view) if self.is_shown(&view) => {}
                found => return found,
            }
        }
    }
}
