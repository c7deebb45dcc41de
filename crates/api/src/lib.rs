//! The GraphQL schema and the HTTP routes.
