//! Following an order.

use super::watch::Watch;
use crate::{
    Context,
    order::{FindOrder, LookupError, OrderView, view_of},
};
use futures_util::{Stream, stream};
use std::sync::Arc;
use stoa_domain::{
    limits::ClientAddress,
    live::Topic,
    order::{FinancialStatus, FulfillmentStatus, OrderState},
    shared::OrderId,
};
use stoa_persistence::order::OrderLookup;

/// Follows orders.
pub struct WatchOrder(pub(crate) Arc<Context>);

impl WatchOrder {
    /// The order as it stands now, and again whenever that has changed, for as long as anybody watches: money may go back long
    /// after. `None`, and then nothing more, if there is no such order or the caller knows too little to see it.
    ///
    /// # Errors
    /// Too many guesses, or the database does not answer.
    pub async fn run(
        &self,
        finds: &FindOrder,
        lookup: &OrderLookup,
        client: Option<ClientAddress>,
    ) -> Result<impl Stream<Item = Option<OrderView>> + Send + use<>, LookupError> {
        let ctx = Arc::clone(&self.0);
        let follower = match finds.run(lookup, client).await? {
            Some(known) => {
                let id = known.order.id;
                let watch = Watch::begin(&ctx, &[Topic::Order(id)], ctx.settings.live_refresh);
                // Read once more, now that no change can be missed.
                let first = view_of(&ctx, id).await?;
                Some(Follower { ctx, id, watch, first, shown: None })
            }
            None => None,
        };
        // What there is to show, whether or not anybody follows it.
        let begin = (follower, true);
        Ok(stream::unfold(begin, |(follower, go_on)| async move {
            if !go_on {
                return None;
            }
            let Some(mut follower) = follower else { return Some((None, (None, false))) };
            let next = follower.next().await;
            let go_on = next.is_some();
            Some((next, (Some(follower), go_on)))
        }))
    }
}

/// What of an order changes, and is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Standing {
    state: OrderState,
    financial: FinancialStatus,
    fulfillment: FulfillmentStatus,
    refunded: i64,
}

impl Standing {
    fn of(view: &OrderView) -> Self {
        Self {
            state: view.order.state.clone(),
            financial: view.financial_status(),
            fulfillment: view.order.fulfillment,
            refunded: view.payment.as_ref().map_or(0, |payment| payment.amount_refunded),
        }
    }
}

struct Follower {
    ctx: Arc<Context>,
    id: OrderId,
    watch: Watch,
    /// What was read to begin with, until it is shown.
    first: Option<OrderView>,
    shown: Option<Standing>,
}

impl Follower {
    /// The next that differs from what was shown; `None` should the order be gone.
    async fn next(&mut self) -> Option<OrderView> {
        if let Some(first) = self.first.take() {
            self.shown = Some(Standing::of(&first));
            return Some(first);
        }
        loop {
            self.watch.wait(None).await;
            let (ctx, id) = (&self.ctx, self.id);
            let found = self.watch.read(|| view_of(ctx, id)).await?;
            let standing = Standing::of(&found);
            if self.shown.as_ref() != Some(&standing) {
                self.shown = Some(standing);
                return Some(found);
            }
        }
    }
}
