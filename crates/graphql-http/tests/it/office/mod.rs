//! A schema of which not every caller has everything, and a door where callers say what they may.

mod doorman;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_graphql::{Context, Enum, InputObject, Interface, Object, Schema, SimpleObject, Subscription};
use futures_util::{Stream, stream};
use stoa_graphql_http::{Gql, GqlBuilder, Requirement};

pub(crate) use self::doorman::{BUCKET, Doorman, Mood};

/// What one must be to come into the office.
pub(crate) const STAFF: Requirement = Requirement(1);
/// What one must have to see and change wares.
pub(crate) const WARES: Requirement = Requirement(2);

/// Calls of resolvers that ask for something.
pub(crate) type Calls = Arc<AtomicUsize>;

/// The office; requests say in `x-may` what they may.
pub(crate) fn gql(doorman: Doorman, calls: &Calls) -> GqlBuilder {
    let calls = Arc::clone(calls);
    Gql::builder(move || Schema::build(Query, Mutation, Bells).data(Arc::clone(&calls)))
        .restricted("Query.admin", STAFF)
        .restricted("Query.token", STAFF)
        .restricted("Admin.wares", WARES)
        .restricted("Mutation.wareCreate", WARES)
        .restricted("Bells.alarms", WARES)
        .restricted("Named.secret", STAFF)
        .restricted("Visitor.secret", STAFF)
        .restricted("Ledger.secret", STAFF)
        .restricted("Ledger", WARES)
        .request_data(doorman)
}

pub(crate) struct Query;

/// What reads.
#[Object]
impl Query {
    /// For everybody.
    async fn fast(&self) -> i32 {
        1
    }
    /// A page of numbers.
    async fn pages(&self, #[graphql(default = 2)] first: usize) -> Vec<Visitor> {
        vec![Visitor { name: "a".into(), secret: "c".into() }; first]
    }
    /// Things with names, of which some are not for everybody.
    async fn named(&self) -> Vec<Named> {
        vec![
            Visitor { name: "a".into(), secret: "c".into() }.into(),
            Ledger { name: "b".into(), secret: "d".into(), lines: 3 }.into(),
        ]
    }
    /// The office.
    async fn admin(&self, ctx: &Context<'_>) -> Admin {
        ctx.data_unchecked::<Calls>().fetch_add(1, Ordering::SeqCst);
        Admin
    }
    /// A leaf for staff.
    async fn token(&self) -> &str {
        "hunter2"
    }
}

/// The office.
pub(crate) struct Admin;

/// The office.
#[Object]
impl Admin {
    /// Its name.
    async fn name(&self) -> &str {
        "Office"
    }
    /// Wares.
    async fn wares(&self, first: Option<i32>, direction: Option<Direction>) -> Vec<Ware> {
        let _ = direction;
        vec![Ware { id: 1 }; usize::try_from(first.unwrap_or(1)).unwrap_or_default()]
    }
}

/// A ware.
#[derive(Clone, SimpleObject)]
pub(crate) struct Ware {
    /// Its id.
    id: i32,
}

/// An order of wares.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Direction {
    /// Up.
    Up,
    /// Down.
    Down,
}

/// A new ware.
#[derive(InputObject)]
pub(crate) struct WareInput {
    /// Its id.
    id: i32,
    /// Its parts.
    parts: Option<Vec<PartInput>>,
}

/// A part of one.
#[derive(InputObject)]
pub(crate) struct PartInput {
    /// Its id.
    id: i32,
}

/// Something with a name.
#[derive(Interface)]
#[expect(clippy::duplicated_attributes, reason = "two fields of one type")]
#[graphql(
    field(name = "name", ty = "String", desc = "Its name."),
    field(name = "secret", ty = "String", desc = "Its secret.")
)]
pub(crate) enum Named {
    /// A visitor.
    Visitor(Visitor),
    /// A ledger.
    Ledger(Ledger),
}

/// A visitor.
#[derive(Clone, SimpleObject)]
pub(crate) struct Visitor {
    /// The name.
    name: String,
    /// The secret.
    secret: String,
}

/// A ledger.
#[derive(Clone, SimpleObject)]
pub(crate) struct Ledger {
    /// The name.
    name: String,
    /// The secret.
    secret: String,
    /// How many lines it has.
    lines: i32,
}

pub(crate) struct Mutation;

/// What writes.
#[Object]
impl Mutation {
    /// For everybody.
    async fn ring(&self) -> bool {
        true
    }
    /// Makes a ware.
    async fn ware_create(&self, ctx: &Context<'_>, input: WareInput) -> Ware {
        ctx.data_unchecked::<Calls>().fetch_add(1, Ordering::SeqCst);
        Ware { id: input.id + input.parts.into_iter().flatten().map(|part| part.id).sum::<i32>() }
    }
}

pub(crate) struct Bells;

/// What rings.
#[Subscription]
impl Bells {
    /// For everybody.
    async fn ticks(&self) -> impl Stream<Item = i32> {
        stream::iter(1..=3)
    }
    /// Alarms.
    async fn alarms(&self, ctx: &Context<'_>) -> impl Stream<Item = Ware> {
        ctx.data_unchecked::<Calls>().fetch_add(1, Ordering::SeqCst);
        stream::iter([Ware { id: 1 }])
    }
}
