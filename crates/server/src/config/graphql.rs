//! `[graphql]`: what may be asked, and how much at once.

use super::{
    raw::GraphqlSection,
    validate::{InvalidConfig, invalid},
};
use std::path::Path;
use stoa_api::http::{Documents, TrustedDocuments};

/// GraphQL.
#[derive(Clone, Debug)]
pub struct GraphqlConfig {
    /// Whether GraphiQL is served.
    pub graphiql: bool,
    /// Whether `__schema` and `__type` are answered.
    pub introspection: bool,
    /// Whether answers say in `extensions.cost` what they cost.
    pub cost_extension: bool,
    /// Whether documents may be named by their hash.
    pub persisted_queries: bool,
    /// Which documents are taken.
    pub documents: Documents,
    /// Levels of fields.
    pub max_depth: usize,
    /// Objects that an operation may return.
    pub max_cost: u64,
}

/// With less, carts of real storefronts cannot be asked for.
const SHALLOWEST: usize = 5;
/// With more the threads' stacks may not do (see `thread_stack_size`).
const DEEPEST: usize = 40;
/// With less, no page of products can be asked for.
const CHEAPEST: u64 = 1_000;
/// With more, one request may keep the processor for minutes.
const DEAREST: u64 = 10_000_000;

pub(super) fn graphql(section: &GraphqlSection) -> Result<GraphqlConfig, InvalidConfig> {
    if !(SHALLOWEST..=DEEPEST).contains(&section.max_depth) {
        return Err(invalid("graphql.max_depth", format!("must be {SHALLOWEST} to {DEEPEST}")));
    }
    if !(CHEAPEST..=DEAREST).contains(&section.max_cost) {
        return Err(invalid("graphql.max_cost", format!("must be {CHEAPEST} to {DEAREST}")));
    }
    Ok(GraphqlConfig {
        graphiql: section.graphiql,
        introspection: section.introspection,
        cost_extension: section.cost_extension,
        persisted_queries: section.persisted_queries,
        documents: documents(&section.trusted_documents)?,
        max_depth: section.max_depth,
        max_cost: section.max_cost,
    })
}

fn documents(file: &Path) -> Result<Documents, InvalidConfig> {
    const KEY: &str = "graphql.trusted_documents";
    if file.as_os_str().is_empty() {
        return Ok(Documents::Any);
    }
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| invalid(KEY, format!("the file {shown} cannot be read: {error}")))?;
    let trusted =
        TrustedDocuments::parse(&text).map_err(|error| invalid(KEY, format!("{shown}: {error}")))?;
    if trusted.is_empty() {
        return Err(invalid(KEY, format!("{shown} holds no document, so nothing could be asked")));
    }
    Ok(Documents::Trusted(trusted))
}
