//! The schema: news that a test publishes, and streams that fail in every way.

use std::sync::{
    Arc,
    atomic::{AtomicI32, AtomicUsize, Ordering},
};

use async_graphql::{Context, Error, Object, Schema, SchemaBuilder, SimpleObject, Subscription};
use futures_util::{Stream, StreamExt, stream};
use stoa_graphql_http::client_error;
use tokio::sync::{Notify, broadcast};

/// What a test sees of the resolvers, and its hand on them.
#[derive(Clone)]
pub(crate) struct Newsroom {
    /// Publishes; subscribers of `news` get it.
    pub(crate) wire: broadcast::Sender<i32>,
    /// Streams that are open now.
    pub(crate) open: Arc<AtomicUsize>,
    /// Pages that `flood` made.
    pub(crate) flooded: Arc<AtomicUsize>,
    /// Values of the counter.
    pub(crate) counter: Arc<AtomicI32>,
    /// Resolvers that wait for `gate`.
    pub(crate) waiting: Arc<AtomicUsize>,
    pub(crate) gate: Arc<Notify>,
}

impl Newsroom {
    pub(crate) fn new() -> Self {
        Self {
            wire: broadcast::Sender::new(64),
            open: Arc::default(),
            flooded: Arc::default(),
            counter: Arc::default(),
            waiting: Arc::default(),
            gate: Arc::default(),
        }
    }

    pub(crate) fn schema(&self) -> SchemaBuilder<Query, Mutation, News> {
        Schema::build(Query, Mutation, News).data(self.clone())
    }

    fn opened(&self) -> Open {
        self.open.fetch_add(1, Ordering::SeqCst);
        Open(Arc::clone(&self.open))
    }

    async fn wait(&self) {
        let gate = self.gate.notified();
        self.waiting.fetch_add(1, Ordering::SeqCst);
        gate.await;
    }
}

/// Held by a stream; tells when it is dropped.
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Who asks, as the hooks of the tests tell.
pub(crate) struct Viewer(pub(crate) String);

pub(crate) struct Query;

/// What reads.
#[Object]
impl Query {
    /// One.
    async fn one(&self) -> i32 {
        1
    }
    /// Who asks.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.data_opt::<Viewer>().map(|viewer| viewer.0.clone())
    }
    /// Answers when the gate opens.
    async fn late(&self, ctx: &Context<'_>) -> i32 {
        ctx.data_unchecked::<Newsroom>().wait().await;
        1
    }
    /// Fails, and may be null.
    async fn failing(&self) -> Option<Result<i32, Error>> {
        Some(Err(Error::new("password=hunter2")))
    }
    /// Panics.
    async fn panics(&self) -> i32 {
        assert!(std::hint::black_box(false), "a bug with a secret: hunter2");
        1
    }
}

pub(crate) struct Mutation;

/// What writes.
#[Object]
impl Mutation {
    /// Adds one to the counter.
    async fn bump(&self, ctx: &Context<'_>) -> i32 {
        ctx.data_unchecked::<Newsroom>().counter.fetch_add(1, Ordering::SeqCst) + 1
    }
    /// Adds one to the counter when the gate opens.
    async fn bump_late(&self, ctx: &Context<'_>) -> i32 {
        let newsroom = ctx.data_unchecked::<Newsroom>();
        newsroom.wait().await;
        newsroom.counter.fetch_add(1, Ordering::SeqCst) + 1
    }
}

/// A piece of news.
#[derive(SimpleObject)]
pub(crate) struct Item {
    /// Its number.
    number: i32,
}

pub(crate) struct News;

/// What is told as it happens.
#[Subscription]
impl News {
    /// News as it is published.
    async fn news(&self, ctx: &Context<'_>) -> impl Stream<Item = Item> {
        let newsroom = ctx.data_unchecked::<Newsroom>();
        let state = (newsroom.wire.subscribe(), newsroom.opened());
        stream::unfold(state, |(mut wire, open)| async move {
            let number = wire.recv().await.ok()?;
            Some((Item { number }, (wire, open)))
        })
    }
    /// Counts to a number.
    async fn count(&self, to: i32) -> impl Stream<Item = i32> {
        stream::iter(1..=to)
    }
    /// Who asks, once.
    async fn viewer(&self, ctx: &Context<'_>) -> impl Stream<Item = Option<String>> {
        let viewer = ctx.data_opt::<Viewer>().map(|viewer| viewer.0.clone());
        stream::once(async { viewer })
    }
    /// An event, one that fails, and another.
    async fn stumbles(&self) -> impl Stream<Item = Result<i32, Error>> {
        stream::iter([Ok(1), Err(Error::new("password=hunter2")), Ok(3)])
    }
    /// An event that fails, and another.
    async fn fails_first(&self) -> impl Stream<Item = Result<i32, Error>> {
        stream::iter([Err(client_error("NOT_YET", "not yet")), Ok(2)])
    }
    /// May not be subscribed to.
    async fn secret(&self) -> Result<impl Stream<Item = i32>, Error> {
        tokio::task::yield_now().await;
        Err::<stream::Empty<i32>, _>(client_error("FORBIDDEN", "not for you"))
    }
    /// An event, then a panic.
    async fn panics(&self) -> impl Stream<Item = i32> {
        stream::iter(1..).map(|number| {
            assert!(number < 2, "a bug with a secret: hunter2");
            number
        })
    }
    /// Large pages without end.
    async fn flood(&self, ctx: &Context<'_>) -> impl Stream<Item = String> {
        let newsroom = ctx.data_unchecked::<Newsroom>();
        let (flooded, open) = (Arc::clone(&newsroom.flooded), newsroom.opened());
        stream::repeat_with(move || {
            let _ = &open;
            flooded.fetch_add(1, Ordering::SeqCst);
            "x".repeat(64 * 1024)
        })
    }
}
