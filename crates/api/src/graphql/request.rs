//! What a resolver may reach for.

use super::shop::Storefront;
use async_graphql::Context;
use std::sync::Arc;
use stoa_domain::limits::ClientAddress;
use stoa_graphql_http::InContext;
use stoa_services::Services;

/// The data of a request and of the schema, by name.
pub trait Request<'a> {
    /// The use cases.
    fn services(&self) -> &'a Services;
    /// The shop in the words of the schema.
    fn storefront(&self) -> &'a Arc<Storefront>;
    /// The arguments of `@inContext`. The transport gives every request some; a request that came by another way has none.
    fn in_context(&self) -> Option<&'a InContext>;
    /// From where the request came, if that is known.
    fn client(&self) -> Option<ClientAddress>;
}

impl<'a> Request<'a> for Context<'a> {
    fn services(&self) -> &'a Services {
        // Put in by `schema`, the one place that builds a schema to be executed.
        self.data_unchecked::<Arc<Services>>()
    }

    fn storefront(&self) -> &'a Arc<Storefront> {
        self.data_unchecked::<Arc<Storefront>>()
    }

    fn in_context(&self) -> Option<&'a InContext> {
        self.data_opt::<InContext>()
    }

    fn client(&self) -> Option<ClientAddress> {
        self.data_opt().copied()
    }
}
