//! The schema put together.

use super::{
    account::{AccountMutations, AccountQueries},
    cart::{CartMutations, CartQueries},
    catalog::CatalogQueries,
    checkout::CheckoutMutations,
    codes::{CountryCode, LanguageCode},
    context::{BuyerInput, VisitorConsent},
    customer::{CustomerMutations, CustomerQueries},
    live::LiveSubscriptions,
    meters::OperationMeters,
    node::NodeQueries,
    order::OrderQueries,
    rendered::{JsonLimits, RenderedProducts},
    shop::{ShopQueries, Storefront},
};
use async_graphql::{ID, MergedObject, SDLExportOptions, Schema, SchemaBuilder};
use std::sync::Arc;
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
pub struct Mutation(CartMutations, CheckoutMutations, CustomerMutations, AccountMutations);

type Builder = SchemaBuilder<QueryRoot, Mutation, LiveSubscriptions>;

fn bare() -> Builder {
    Schema::build(QueryRoot::default(), Mutation::default(), LiveSubscriptions)
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

/// The schema over these services, which keeps so much JSON, ready to be guarded: limits are the transport's to add.
pub fn gql(services: &Arc<Services>, json: JsonLimits) -> GqlBuilder {
    let meters = OperationMeters::new(services);
    let services = Arc::clone(services);
    let storefront = Arc::new(Storefront::new(services.context().settings()));
    let rendered = Arc::new(RenderedProducts::new(json));
    let builder = Gql::builder(move || {
        bare().data(Arc::clone(&services)).data(Arc::clone(&storefront)).data(Arc::clone(&rendered))
    });
    directives()
        .into_iter()
        .fold(builder, GqlBuilder::directive)
        .request_data(meters)
        .clients(|parts| parts.extensions.get::<ClientAddress>().map(|client| client.network()))
}

/// The schema as SDL, sorted, so that two versions of it can be compared.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    directives().into_iter().fold(bare(), Builder::directive).finish().sdl_with_options(options)
}
