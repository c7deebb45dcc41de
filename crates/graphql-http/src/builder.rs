//! Puts a guarded schema together.

use std::{net::IpAddr, sync::Arc};

use async_graphql::{ObjectType, Request, SchemaBuilder, SubscriptionType};
use http::request::Parts;
use tokio_util::task::TaskTracker;

use crate::{
    directives::DirectiveDeclaration,
    document::{DocumentCache, Unpaged},
    gql::{Gql, Inner},
    limits::Limits,
    live::{ClientOf, Live, room},
    null_on_error::NullOnError,
    persisted::PersistedQueries,
    request_data::{Operation, RequestData},
    restrict::{Requirement, Restrictions},
    schema::TwinSchemas,
    types::{TypeTable, TypeTableError},
    ws::WebSockets,
};

type Twins = Box<dyn Fn(&[DirectiveDeclaration], &Limits) -> TwinSchemas>;

/// A schema that could not be guarded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The SDL that async-graphql writes for the schema cannot be read back.
    #[error("the schema cannot be guarded")]
    Types(#[from] TypeTableError),
    /// [`GqlBuilder::null_on_error`] names something that is not a nullable field.
    #[error("\"{0}\" is not a nullable field of the schema")]
    NotNullable(Box<str>),
    /// [`GqlBuilder::unpaged`] names something that is not a list of the schema.
    #[error("\"{0}\" is not a list of the schema")]
    NoList(Box<str>),
    /// [`GqlBuilder::restricted`] names something that is neither a type nor a field of one.
    #[error("\"{0}\" is neither a type nor a field of the schema")]
    UnknownRestriction(Box<str>),
    /// [`GqlBuilder::restricted`] names something twice.
    #[error("\"{0}\" is restricted twice")]
    RestrictedTwice(Box<str>),
    /// A field can be read through an interface that asks for something else.
    #[error("\"{field}\" and \"{other}\" are one field and must be restricted alike")]
    RestrictedUnevenly {
        /// The field of an object.
        field: Box<str>,
        /// The field of the interface.
        other: Box<str>,
    },
}

/// Collects what a [`Gql`] is made of; start with [`Gql::builder`].
pub struct GqlBuilder {
    twins: Twins,
    directives: Vec<DirectiveDeclaration>,
    limits: Limits,
    null_on_error: NullOnError,
    restricted: Vec<(Box<str>, Requirement)>,
    unpaged: Vec<Box<str>>,
    request_data: Box<dyn RequestData>,
    websockets: Option<WebSockets>,
    client_of: ClientOf,
    together_with: Option<Gql>,
}

impl GqlBuilder {
    pub(crate) fn new<Q, M, S>(schema: impl Fn() -> SchemaBuilder<Q, M, S> + 'static) -> Self
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        Self {
            twins: Box::new(move |directives, limits| TwinSchemas::build(&schema, directives, limits)),
            directives: Vec::new(),
            limits: Limits::default(),
            null_on_error: NullOnError::default(),
            restricted: Vec::new(),
            unpaged: Vec::new(),
            request_data: Box::new(|_: &Parts, _: &Operation<'_>, request: Request| request),
            websockets: None,
            client_of: Box::new(|_| None),
            together_with: None,
        }
    }

    /// Declares a directive that this crate answers. Each name once.
    #[must_use]
    pub fn directive(mut self, directive: DirectiveDeclaration) -> Self {
        self.directives.push(directive);
        self
    }

    /// Replaces the default limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Names a nullable field without arguments that has a guard, as `Type.field`: if the guard refuses, the field is
    /// `null` and its siblings survive. Nullable fields with arguments need no mention.
    #[must_use]
    pub fn null_on_error(mut self, field: &str) -> Self {
        self.null_on_error.name(field);
        self
    }

    /// Names a field, as `Type.field`, or a type that only callers have of whom [`RequestData::allows`] says so. To others the
    /// answer is what it would be if the schema did not have it: also where the document has other mistakes, and for types to which
    /// only fields lead that they may not use. Each name once, an interface's field like those of all its types.
    ///
    /// Introspection is async-graphql's affair: give what is named here `visible` by the same rule. Nor is this a guard: what
    /// leads around the fields that are named is not looked for.
    #[must_use]
    pub fn restricted(mut self, name: &str, requirement: Requirement) -> Self {
        self.restricted.push((name.into(), requirement));
        self
    }

    /// Names a list, as `Type.field`, that has no page size and may be long all the same: it costs as much as
    /// [`assumed_page`](crate::Limits::assumed_page) items. Other lists without `first` and `last` cost one item, or if they are asked
    /// for by a list, such as one of ids, as many as that has.
    #[must_use]
    pub fn unpaged(mut self, name: &str) -> Self {
        self.unpaged.push(name.into());
        self
    }

    /// Sets what adds per-request data.
    #[must_use]
    pub fn request_data(mut self, request_data: impl RequestData) -> Self {
        self.request_data = Box::new(request_data);
        self
    }

    /// Lets the endpoint take WebSockets, too.
    #[must_use]
    pub fn websockets(mut self, websockets: WebSockets) -> Self {
        self.websockets = Some(websockets);
        self
    }

    /// Tells who a request comes from, so that no client keeps more than
    /// [`connections_per_client`](crate::LiveLimits::connections_per_client) open: the address on the line, or the one that a
    /// proxy tells of. By default nobody knows, and only all together are bounded.
    #[must_use]
    pub fn clients(mut self, of: impl Fn(&Parts) -> Option<IpAddr> + Send + Sync + 'static) -> Self {
        self.client_of = Box::new(of);
        self
    }

    /// Counts live connections, subscriptions and mutations with another schema of the same server, within the limits of that one, and
    /// ends with it: [`Gql::close_live`] and [`Gql::drain`] of either are those of both, also if this one is built later.
    #[must_use]
    pub fn together_with(mut self, other: &Gql) -> Self {
        self.together_with = Some(other.clone());
        self
    }

    /// Builds both halves of the schema and the table of its types.
    ///
    /// # Errors
    /// If the types cannot be read back from the SDL, a field named to be nulled is not there or not nullable, or something
    /// restricted is not there, named twice or restricted unlike the same field of an interface.
    pub fn build(self) -> Result<Gql, BuildError> {
        let schemas = (self.twins)(&self.directives, &self.limits);
        let sdl = schemas.executor.sdl();
        let table = TypeTable::from_sdl(&sdl)?;
        self.null_on_error.check(&table).map_err(BuildError::NotNullable)?;
        let restrictions = Restrictions::resolve(self.restricted, &table)?;
        let unpaged = Unpaged::resolve(self.unpaged, &table).map_err(BuildError::NoList)?;
        let (live, mutation_turns, mutations) = match &self.together_with {
            Some(Gql { inner }) => {
                (Arc::clone(&inner.live), Arc::clone(&inner.mutation_turns), inner.mutations.clone())
            }
            None => (Arc::new(Live::new(&self.limits.live)), room(self.limits.mutations), TaskTracker::new()),
        };
        let inner = Inner {
            table,
            restrictions,
            unpaged,
            sdl,
            schemas,
            documents: DocumentCache::new(self.limits.document_cache_bytes),
            persisted: PersistedQueries::new(self.limits.persisted_query_bytes),
            live,
            mutation_turns,
            websockets: self.websockets,
            client_of: self.client_of,
            limits: self.limits,
            null_on_error: self.null_on_error,
            request_data: self.request_data,
            mutations,
        };
        Ok(Gql { inner: Arc::new(inner) })
    }
}
