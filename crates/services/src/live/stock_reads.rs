//! Reading stock for everybody who watches it at once.

use crate::catalog::{Catalog, VariantStock};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use stoa_domain::shared::{Fault, VariantId};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

/// Between two reads: stock changes with every click, and nobody sees more than four figures a second.
const GAP: Duration = Duration::from_millis(250);
/// How long the first of those who ask waits for the others who were woken with it.
const GATHER: Duration = Duration::from_millis(5);

/// What was read, of the variants that shoppers see.
type Figures = Arc<HashMap<VariantId, VariantStock>>;
/// `None` until it was read; a fault reads as its text, since many are told.
type Answer = Option<Result<Figures, String>>;

/// Puts reads that are asked for at about the same time into one, however many ask.
pub(super) struct StockReads {
    catalog: Arc<Catalog>,
    state: Mutex<State>,
}

struct State {
    waiting: Option<Waiting>,
    /// When the last read began.
    last: Option<Instant>,
}

struct Waiting {
    variants: HashSet<VariantId>,
    answer: watch::Receiver<Answer>,
}

impl StockReads {
    pub(super) fn new(catalog: Arc<Catalog>) -> Arc<Self> {
        Arc::new(Self { catalog, state: Mutex::new(State { waiting: None, last: None }) })
    }

    /// The figures of these variants as they are after this was called.
    pub(super) async fn read(self: &Arc<Self>, variants: &[VariantId]) -> Result<Figures, Fault> {
        let mut answer = self.join(variants);
        let bug = || Fault::bug("live.stock: the read never came to an end");
        let read = answer.wait_for(Option::is_some).await.map_err(|_| bug())?.clone().ok_or_else(bug)?;
        read.map_err(|text| Fault::unavailable("live.stock", text))
    }

    /// Joins the next read, which has not begun yet.
    fn join(self: &Arc<Self>, variants: &[VariantId]) -> watch::Receiver<Answer> {
        let mut state = self.state();
        if let Some(waiting) = &mut state.waiting {
            waiting.variants.extend(variants);
            return waiting.answer.clone();
        }
        let (tells, answer) = watch::channel(None);
        let soon = Instant::now() + GATHER;
        let begin = state.last.map_or(soon, |last| soon.max(last + GAP));
        state.waiting =
            Some(Waiting { variants: variants.iter().copied().collect(), answer: answer.clone() });
        drop(state);
        let reads = Arc::clone(self);
        // Not the task of whoever came first: they may go, and the others would wait for ever.
        tokio::spawn(async move {
            sleep_until(begin).await;
            let variants = reads.begin();
            let figures = reads.catalog.stock_now(&variants).await;
            // Nobody may be left who waits.
            let _ = tells.send(Some(figures.map(Arc::new).map_err(|fault| fault.to_string())));
        });
        answer
    }

    /// Whoever joins from now on waits for the read after this one.
    fn begin(&self) -> Vec<VariantId> {
        let mut state = self.state();
        state.last = Some(Instant::now());
        let waiting = state.waiting.take();
        waiting.map(|waiting| waiting.variants.into_iter().collect()).unwrap_or_default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
