//! The schema put together.

use super::{
    account::{AccountMutations, AccountQueries},
    admin::{self, AdminMutations, AdminQueries, StaffEntryMutations},
    cart::{CartMutations, CartQueries},
    catalog::CatalogQueries,
    checkout::CheckoutMutations,
    codes::{CountryCode, LanguageCode},
    context::{BuyerInput, VisitorConsent},
    costs::Costs,
    customer::{CustomerMutations, CustomerQueries},
    live::LiveSubscriptions,
    meters::OperationMeters,
    node::NodeQueries,
    order::OrderQueries,
    rendered::{JsonLimits, RenderedProducts},
    shop::{ShopQueries, Storefront},
};
use crate::http::RequestQuotas;
use async_graphql::{ID, MergedObject, SDLExportOptions, Schema, SchemaBuilder};
use std::{num::NonZeroU32, sync::Arc};
use stoa_domain::limits::ClientAddress;
use stoa_graphql_http::{DirectiveDeclaration, Gql, GqlBuilder};
use stoa_services::Services;

/// Everything that can be read.
#[derive(Clone, Copy, Debug, Default, MergedObject)]
pub struct QueryRoot(
    ShopQueries,
    CatalogQueries,
    NodeQueries,
    CartQueries,
    OrderQueries,
    CustomerQueries,
    AccountQueries,
);

/// Everything that can be changed.
#[derive(Clone, Copy, Debug, Default, MergedObject)]
pub struct Mutation(
    CartMutations,
    CheckoutMutations,
    CustomerMutations,
    AccountMutations,
    StaffEntryMutations,
);

/// Everything that can be read.
#[derive(Clone, Copy, Debug, Default, MergedObject)]
#[graphql(name = "QueryRoot")]
pub struct FullQuery(
    ShopQueries,
    CatalogQueries,
    NodeQueries,
    CartQueries,
    OrderQueries,
    CustomerQueries,
    AccountQueries,
    AdminQueries,
);

/// Everything that can be changed.
#[derive(Clone, Copy, Debug, Default, MergedObject)]
#[graphql(name = "Mutation")]
pub struct FullMutation(
    CartMutations,
    CheckoutMutations,
    CustomerMutations,
    AccountMutations,
    StaffEntryMutations,
    AdminMutations,
);

type FullBuilder = SchemaBuilder<FullQuery, FullMutation, LiveSubscriptions>;

fn full() -> FullBuilder {
    Schema::build(FullQuery::default(), FullMutation::default(), LiveSubscriptions)
}

/// The directives that the transport answers.
fn directives() -> [DirectiveDeclaration; 2] {
    [
        DirectiveDeclaration::defer(),
        DirectiveDeclaration::in_context()
            .argument::<Option<BuyerInput>>("buyer", "The customer who buys.")
            .argument::<Option<CountryCode>>("country", "The country to answer for.")
            .argument::<Option<LanguageCode>>("language", "The language to answer in.")
            .argument::<Option<ID>>("preferredLocationId", "The place where the buyer would pick up.")
            .argument::<Option<VisitorConsent>>("visitorConsent", "What the visitor agreed to."),
    ]
}

/// What the two schemas are made of: the one for whoever buys, in which there is nothing of the admin half, and the full one for whoever
/// acts for the shop, which shows each of them what they may use. Nobody can tell the one from the other by what they may not use.
#[derive(Clone)]
pub struct Schemas {
    services: Arc<Services>,
    storefront: Arc<Storefront>,
    rendered: Arc<RenderedProducts>,
    costs: Costs,
}

impl Schemas {
    /// Schemas over these services, which keep so much JSON, in common.
    pub fn new(services: &Arc<Services>, json: JsonLimits) -> Self {
        let context = services.context();
        Self {
            services: Arc::clone(services),
            storefront: Arc::new(Storefront::new(context.settings())),
            rendered: Arc::new(RenderedProducts::new(json)),
            costs: Costs::unlimited(context.limiter()),
        }
    }

    /// Lets each caller spend so much on operations in a minute; `None`: as much as they like.
    #[must_use]
    pub fn cost_per_minute(self, most: Option<NonZeroU32>) -> Self {
        Self { costs: self.costs.per_minute(most), ..self }
    }

    /// Lets those who are known ask for so many operations in a minute, however they come.
    #[must_use]
    pub(crate) fn requests_per_minute(self, most: RequestQuotas) -> Self {
        Self { costs: self.costs.requests(most), ..self }
    }

    /// The use cases behind them.
    pub fn services(&self) -> Arc<Services> {
        Arc::clone(&self.services)
    }

    /// The schema for whoever buys, ready to be guarded: limits are the transport's to add.
    pub fn public(&self) -> GqlBuilder {
        let made_of = self.clone();
        self.guarded(Gql::builder(move || {
            made_of.data(Schema::build(QueryRoot::default(), Mutation::default(), LiveSubscriptions))
        }))
    }

    /// The schema for whoever acts for the shop. What a caller may not use is answered as if it were not there.
    pub fn full(&self) -> GqlBuilder {
        let made_of = self.clone();
        admin::close(self.guarded(Gql::builder(move || made_of.data(full()))))
    }

    fn data<Q, M, S>(&self, schema: SchemaBuilder<Q, M, S>) -> SchemaBuilder<Q, M, S> {
        schema
            .data(Arc::clone(&self.services))
            .data(Arc::clone(&self.storefront))
            .data(Arc::clone(&self.rendered))
    }

    fn guarded(&self, schema: GqlBuilder) -> GqlBuilder {
        directives()
            .into_iter()
            .fold(schema, GqlBuilder::directive)
            .request_data(OperationMeters::new(&self.services, self.costs.clone()))
            .clients(|parts| parts.extensions.get::<ClientAddress>().map(|client| client.network()))
    }
}

/// The schema for whoever buys, over these services, which keeps so much JSON, ready to be guarded: limits are the transport's to add.
pub fn gql(services: &Arc<Services>, json: JsonLimits) -> GqlBuilder {
    Schemas::new(services, json).public()
}

/// The full schema as SDL, sorted, so that two versions of it can be compared.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    directives().into_iter().fold(full(), FullBuilder::directive).finish().sdl_with_options(options)
}
