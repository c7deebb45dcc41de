//! The GraphQL schema and the HTTP routes.

pub mod graphql;
pub mod http;
pub mod meters;
