//! Puts a guarded schema together.

use std::net::IpAddr;

use async_graphql::{ObjectType, Request, SchemaBuilder, SubscriptionType};
use http::request::Parts;

use crate::{
    directives::DirectiveDeclaration,
    document::DocumentCache,
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
    request_data: Box<dyn RequestData>,
    websockets: Option<WebSockets>,
    client_of: ClientOf,
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
            request_data: Box::new(|_: &Parts, _: &Operation<'_>, request: Request| request),
            websockets: None,
            client_of: Box::new(|_| None),
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
        let inner = Inner {
            table,
            restrictions,
            sdl,
            schemas,
            documents: DocumentCache::new(self.limits.document_cache_bytes),
            persisted: PersistedQueries::new(self.limits.persisted_query_bytes),
            live: Live::new(&self.limits.live),
            mutation_turns: room(self.limits.mutations),
            websockets: self.websockets,
            client_of: self.client_of,
            limits: self.limits,
            null_on_error: self.null_on_error,
            request_data: self.request_data,
            mutations: tokio_util::task::TaskTracker::new(),
        };
        Ok(Gql { inner: std::sync::Arc::new(inner) })
    }
}
