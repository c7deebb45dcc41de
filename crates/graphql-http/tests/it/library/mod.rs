//! The schema of the tests and of the audited server: a small library, with fields made to fail in every way.

mod books;
mod failing;
mod inputs;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    Context, EmptySubscription, Error, ID, MergedObject, Object, Schema, SchemaBuilder, SimpleObject,
};
use stoa_graphql_http::{DirectiveDeclaration, Gql, GqlBuilder, InContext, RequestId, client_error};

use self::{
    books::{Book, Books, Item, Magazine, Place, Titled},
    failing::Failing,
    inputs::{Choice, Consent, Country, Filter, Genre, Language, Long, Reader},
};

/// What resolvers did, for tests that count.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    /// Value of the counter that mutations move.
    pub(crate) counter: Arc<AtomicI32>,
    /// Resolver calls of root fields.
    pub(crate) calls: Arc<AtomicUsize>,
}

/// The guarded library; tests change what they need.
pub(crate) fn gql(ledger: &Ledger) -> GqlBuilder {
    let ledger = ledger.clone();
    Gql::builder(move || schema(&ledger))
        .directive(DirectiveDeclaration::defer())
        .directive(in_context())
        .null_on_error("Child.guarded")
}

/// The bare library.
pub(crate) fn schema(ledger: &Ledger) -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation, EmptySubscription).data(ledger.clone())
}

fn in_context() -> DirectiveDeclaration {
    DirectiveDeclaration::in_context()
        .argument::<Option<Country>>("country", "The country.")
        .argument::<Option<Language>>("language", "The language.")
        .argument::<Option<Reader>>("buyer", "Who reads.")
        .argument::<Option<ID>>("preferredLocationId", "The branch.")
        .argument::<Option<Consent>>("visitorConsent", "What was consented to.")
}

/// The queries, from two objects as a large schema would have them.
#[derive(Default, MergedObject)]
pub(crate) struct Query(Reading, Failing);

/// What reads.
#[derive(Default)]
pub(crate) struct Reading;

/// What reads.
#[Object]
#[allow(clippy::too_many_arguments, reason = "one field that takes a value of every type")]
impl Reading {
    /// Takes a value of every type and says what arrived.
    async fn echo(
        &self,
        text: Option<String>,
        int: Option<i32>,
        float: Option<f64>,
        flag: Option<bool>,
        id: Option<ID>,
        long: Option<Long>,
        ints: Option<Vec<i32>>,
        grid: Option<Vec<Vec<i32>>>,
        genre: Option<Genre>,
        filter: Option<Filter>,
        choice: Option<Choice>,
    ) -> String {
        let long = long.map(|long| long.0);
        let id = id.map(|id| id.0);
        format!(
            "{text:?} {int:?} {float:?} {flag:?} {id:?} {long:?} {ints:?} {grid:?} {genre:?} {filter:?} {choice:?}"
        )
    }
    /// A number that must be given.
    async fn need(&self, ctx: &Context<'_>, n: i32) -> i32 {
        ctx.data_unchecked::<Ledger>().calls.fetch_add(1, Ordering::SeqCst);
        n
    }
    /// A number with a default.
    async fn page(&self, #[graphql(default = 20)] first: i32) -> i32 {
        first
    }
    /// A long number.
    async fn long(&self) -> Long {
        Long(9_007_199_254_740_993)
    }
    /// Books, a page at a time.
    async fn books(&self, ctx: &Context<'_>, first: Option<i32>, last: Option<i32>) -> Books {
        ctx.data_unchecked::<Ledger>().calls.fetch_add(1, Ordering::SeqCst);
        Books { count: first.or(last).unwrap_or(3).clamp(0, 250) }
    }
    /// One book.
    async fn book(&self, id: ID) -> Option<Book> {
        id.parse().ok().map(|number| Book { number })
    }
    /// Titled things.
    async fn titled(&self) -> Vec<Titled> {
        vec![Book { number: 1 }.into(), Magazine { title: "Mag".into(), issue: 7 }.into()]
    }
    /// Things to lend.
    async fn items(&self) -> Vec<Item> {
        vec![Book { number: 1 }.into(), Magazine { title: "Mag".into(), issue: 7 }.into()]
    }
    /// A place, nested without end.
    async fn place(&self) -> Place {
        Place
    }
    /// Fast.
    async fn fast(&self) -> i32 {
        2
    }
    /// What `@inContext` said.
    async fn context(&self, ctx: &Context<'_>) -> String {
        format!("{:?}", ctx.data_unchecked::<InContext>())
    }
    /// The id of this request.
    async fn request_id(&self, ctx: &Context<'_>) -> String {
        ctx.data_unchecked::<RequestId>().to_string()
    }
    /// What the caller's hook attached.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.data_opt::<Viewer>().map(|viewer| viewer.0.clone())
    }
    /// Reserves until a time that a scalar of our own reads.
    async fn reserve(&self, until: Option<Long>) -> Option<bool> {
        Some(until.is_some())
    }
    /// Sets a cookie.
    async fn cookie(&self, ctx: &Context<'_>) -> bool {
        ctx.append_http_header("set-cookie", "a=b");
        true
    }
}

/// Who asks, put into requests by a hook.
pub(crate) struct Viewer(pub(crate) String);

/// The mutations.
pub(crate) struct Mutation;

/// The mutations.
#[Object]
impl Mutation {
    /// Adds one to the counter.
    async fn bump(&self, ctx: &Context<'_>) -> Counter {
        let ledger = ctx.data_unchecked::<Ledger>();
        let value = ledger.counter.fetch_add(1, Ordering::SeqCst) + 1;
        Counter { value, same: value }
    }
    /// Fails, and cannot be null.
    async fn bump_wrongly(&self) -> Result<i32, Error> {
        Err(client_error("BAD", "bad"))
    }
    /// Adds one to the counter, late.
    async fn bump_slowly(&self, ctx: &Context<'_>) -> i32 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        ctx.data_unchecked::<Ledger>().counter.fetch_add(1, Ordering::SeqCst) + 1
    }
}

/// A counter.
#[derive(SimpleObject)]
pub(crate) struct Counter {
    /// Its value.
    pub(crate) value: i32,
    /// The same.
    pub(crate) same: i32,
}
