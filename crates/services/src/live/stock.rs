//! Following the stock of variants.

use super::{stock_reads::StockReads, watch::Watch};
use crate::{
    Context,
    catalog::{Catalog, VariantStock},
};
use futures_util::{Stream, stream};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    live::Topic,
    shared::{Fault, VariantId},
};

/// How often stock is read again though nobody has told of a change. Holds end by themselves, and imports tell nobody.
const REFRESH: Duration = Duration::from_secs(5);

/// What a shopper sees of a variant's stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VariantUpdate {
    /// Which variant.
    pub variant: VariantId,
    /// What can be bought of it. Of one that shoppers do not see, and of one that does not exist, nothing.
    pub stock: VariantStock,
}

/// Follows stock.
pub struct WatchStock {
    ctx: Arc<Context>,
    reads: Arc<StockReads>,
}

impl WatchStock {
    pub(crate) fn new(ctx: Arc<Context>, catalog: Arc<Catalog>) -> Self {
        Self { ctx, reads: StockReads::new(catalog) }
    }

    /// What can be bought of each variant now, in their order, and then of those that have changed, four times a second at
    /// most, for as long as anybody watches.
    ///
    /// # Errors
    /// A store does not answer to begin with.
    pub async fn run(
        &self,
        mut variants: Vec<VariantId>,
    ) -> Result<impl Stream<Item = Vec<VariantUpdate>> + Send + use<>, Fault> {
        let mut seen = std::collections::HashSet::new();
        variants.retain(|variant| seen.insert(*variant));
        let topics: Vec<Topic> = variants.iter().copied().map(Topic::Stock).collect();
        let watch = Watch::begin(&self.ctx, &topics, REFRESH.min(self.ctx.settings.live_refresh));
        let reads = Arc::clone(&self.reads);
        let first = figures(&reads, &variants).await?;
        let follower = Follower { variants, reads, watch, first: Some(first), shown: Vec::new() };
        Ok(stream::unfold(follower, |mut follower| async {
            let next = follower.next().await;
            Some((next, follower))
        }))
    }
}

/// The figures of the variants, in their order.
async fn figures(reads: &Arc<StockReads>, variants: &[VariantId]) -> Result<Vec<VariantUpdate>, Fault> {
    let read = reads.read(variants).await?;
    let nothing = VariantStock { available: false, quantity: Some(0) };
    let of = |variant: &VariantId| VariantUpdate {
        variant: *variant,
        stock: read.get(variant).copied().unwrap_or(nothing),
    };
    Ok(variants.iter().map(of).collect())
}

struct Follower {
    variants: Vec<VariantId>,
    reads: Arc<StockReads>,
    watch: Watch,
    /// What was read to begin with, until it is shown.
    first: Option<Vec<VariantUpdate>>,
    /// What was shown last of each variant, in their order.
    shown: Vec<VariantUpdate>,
}

impl Follower {
    async fn next(&mut self) -> Vec<VariantUpdate> {
        if let Some(first) = self.first.take() {
            self.shown.clone_from(&first);
            return first;
        }
        loop {
            self.watch.wait(None).await;
            let (reads, variants) = (&self.reads, &self.variants);
            let now = self.watch.read_together(|| figures(reads, variants)).await;
            let differs = |(now, shown): &(&VariantUpdate, &VariantUpdate)| now != shown;
            let changed: Vec<VariantUpdate> =
                now.iter().zip(&self.shown).filter(differs).map(|(now, _)| *now).collect();
            self.shown = now;
            if !changed.is_empty() {
                return changed;
            }
        }
    }
}
