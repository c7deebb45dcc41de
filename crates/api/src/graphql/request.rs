//! What a resolver may reach for.

use super::shop::Storefront;
use async_graphql::Context;
use std::sync::Arc;
use stoa_domain::{limits::ClientAddress, shared::Locale};
use stoa_graphql_http::InContext;
use stoa_services::{
    Services,
    account::{Caller, Client},
};

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
    /// Who asks, by what the request itself shows, and in which language they want to be answered.
    fn caller(&self) -> Caller;
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

    fn caller(&self) -> Caller {
        let known = self.data_opt::<Caller>().cloned();
        let mut caller = known
            .unwrap_or_else(|| Caller::anonymous(Client { address: self.client(), ..Client::default() }));
        let language = self.in_context().and_then(|context| Locale::parse(context.language.as_deref()?));
        caller.client.locale = language.or(caller.client.locale);
        caller
    }
}
