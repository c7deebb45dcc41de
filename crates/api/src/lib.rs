//! The GraphQL schema and the HTTP routes.

pub mod graphql;
