//! The schema of the tests and of the audited server: a small library, with fields made to fail in every way.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    Context, EmptySubscription, Enum, Error, ID, InputObject, InputValueError, InputValueResult, Interface,
    Object, OneofObject, Scalar, ScalarType, Schema, SchemaBuilder, SimpleObject, Union, Value,
};
use stoa_graphql_http::{
    DirectiveDeclaration, Gql, GqlBuilder, InContext, Nullable, RequestId, client_error,
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
    Schema::build(Query, Mutation, EmptySubscription).data(ledger.clone())
}

fn in_context() -> DirectiveDeclaration {
    DirectiveDeclaration::in_context()
        .argument::<Option<Country>>("country", "The country.")
        .argument::<Option<Language>>("language", "The language.")
        .argument::<Option<Reader>>("buyer", "Who reads.")
        .argument::<Option<ID>>("preferredLocationId", "The branch.")
        .argument::<Option<Consent>>("visitorConsent", "What was consented to.")
}

/// A country.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
pub(crate) enum Country {
    /// Germany.
    De,
    /// The United States.
    Us,
}

/// A language.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
pub(crate) enum Language {
    /// German.
    De,
    /// English.
    En,
}

/// Who reads.
#[derive(InputObject)]
pub(crate) struct Reader {
    /// The card.
    pub(crate) card: String,
}

/// What was consented to.
#[derive(InputObject)]
pub(crate) struct Consent {
    /// Counting visits.
    pub(crate) analytics: Option<bool>,
}

/// A kind of book.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub(crate) enum Genre {
    /// Made up.
    Novel,
    /// Rhymed.
    Poetry,
}

/// Which books.
#[derive(Debug, InputObject)]
pub(crate) struct Filter {
    /// The title begins so.
    pub(crate) title: String,
    /// Of this genre.
    pub(crate) genre: Option<Genre>,
    /// At least so many pages.
    #[graphql(default = 1)]
    pub(crate) pages: i32,
    /// And all of these.
    pub(crate) and: Option<Vec<Filter>>,
}

/// One way to name a book.
#[derive(Debug, OneofObject)]
pub(crate) enum Choice {
    /// By id.
    Id(ID),
    /// By number on the shelf.
    Number(i32),
}

/// A number beyond 32 bits, written as a JSON number: the schema's own scalar, since `Int` ends at 2³¹.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Long(pub(crate) i64);

#[Scalar]
impl ScalarType for Long {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => {
                number.as_i64().map(Self).ok_or_else(|| InputValueError::custom("not 64 bits"))
            }
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(self.0)
    }
}

/// Something with a title.
#[derive(Interface)]
#[graphql(field(name = "title", ty = "String", desc = "Its title."))]
pub(crate) enum Titled {
    /// A book.
    Book(Book),
    /// A magazine.
    Magazine(Magazine),
}

/// Something to lend.
#[derive(Union)]
pub(crate) enum Item {
    /// A book.
    Book(Book),
    /// A magazine.
    Magazine(Magazine),
}

/// A magazine.
#[derive(Clone, SimpleObject)]
pub(crate) struct Magazine {
    /// Its title.
    pub(crate) title: String,
    /// Its issue.
    pub(crate) issue: i32,
}

/// A book.
#[derive(Clone)]
pub(crate) struct Book {
    number: i32,
}

/// A book.
#[Object]
impl Book {
    /// Its id.
    async fn id(&self) -> ID {
        ID(self.number.to_string())
    }
    /// Its title.
    async fn title(&self) -> String {
        format!("Book {}", self.number)
    }
    /// How it is rated, if it is.
    async fn rating(&self) -> Nullable<f64> {
        Nullable(if self.number % 2 == 0 {
            Ok(Some(4.5))
        } else {
            Err(client_error("NOT_RATED", "not rated"))
        })
    }
    /// Who wrote it.
    async fn author(&self) -> Author {
        Author
    }
    /// Other books.
    async fn related(&self, #[graphql(default = 20)] first: i32) -> Books {
        Books { count: first }
    }
}

/// A writer.
pub(crate) struct Author;

/// A writer.
#[Object]
impl Author {
    /// The name.
    async fn name(&self) -> &str {
        "Anna"
    }
    /// Where born.
    async fn birthplace(&self) -> Place {
        Place
    }
}

/// A place.
pub(crate) struct Place;

/// A place.
#[Object]
impl Place {
    /// The name.
    async fn name(&self) -> &str {
        "Lübeck"
    }
    /// The country around it.
    async fn within(&self) -> Place {
        Place
    }
}

/// A page of books.
pub(crate) struct Books {
    count: i32,
}

/// A page of books.
#[Object]
impl Books {
    /// The books.
    async fn nodes(&self) -> Vec<Book> {
        (1..=self.count).map(|number| Book { number }).collect()
    }
    /// The books, with their edges.
    async fn edges(&self) -> Vec<Edge> {
        (1..=self.count).map(|number| Edge { node: Book { number } }).collect()
    }
}

/// A place on a page.
#[derive(SimpleObject)]
pub(crate) struct Edge {
    /// The book.
    pub(crate) node: Book,
}

/// An object whose fields fail.
pub(crate) struct Child;

/// An object whose fields fail.
#[Object]
impl Child {
    /// Does not fail.
    async fn ok(&self) -> i32 {
        1
    }
    /// Cannot be null, and fails.
    async fn bad(&self) -> Result<i32, Error> {
        Err(client_error("BAD", "bad"))
    }
    /// May be null, and fails as the wrapper wants it.
    async fn wrapped(&self) -> Nullable<i32> {
        Nullable::run(async { Err(client_error("WRAPPED", "wrapped")) }).await
    }
    /// May be null, and fails as an option of a result.
    async fn optional(&self) -> Option<Result<i32, Error>> {
        Some(Err(client_error("OPTIONAL", "optional")))
    }
    /// May be null, and its guard refuses.
    #[graphql(guard = "Closed")]
    async fn guarded(&self) -> Option<i32> {
        Some(1)
    }
    /// May be null, and has an argument that is checked.
    async fn checked(&self, #[graphql(validator(maximum = 3))] level: i32) -> Option<i32> {
        Some(level)
    }
    /// A fault: an error without a code.
    async fn fault(&self) -> Nullable<i32> {
        Nullable::from(Err(std::io::Error::other("password=hunter2")))
    }
    /// More of the same.
    async fn child(&self) -> Child {
        Child
    }
    /// Several of the same, which cannot be null.
    async fn children(&self) -> Vec<Child> {
        vec![Child, Child]
    }
    /// Resolved without async.
    fn brother(&self) -> Child {
        Child
    }
}

struct Closed;

impl async_graphql::Guard for Closed {
    async fn check(&self, _: &Context<'_>) -> Result<(), Error> {
        Err(client_error("CLOSED", "closed"))
    }
}

/// The queries.
pub(crate) struct Query;

/// The queries.
#[Object]
#[allow(clippy::too_many_arguments, reason = "one field that takes a value of every type")]
impl Query {
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
    /// An object whose fields fail.
    async fn child(&self) -> Option<Child> {
        Some(Child)
    }
    /// Objects whose fields fail.
    async fn children(&self) -> Option<Vec<Child>> {
        Some(vec![Child, Child])
    }
    /// Slower than any timeout of the tests, and faster than the next field.
    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        1
    }
    /// Fast.
    async fn fast(&self) -> i32 {
        2
    }
    /// Panics.
    async fn panics(&self) -> i32 {
        assert!(std::hint::black_box(false), "a bug with a secret: hunter2");
        1
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
