//! The GraphQL schema: one folder a feature, and what they share.
//!
//! A resolver decodes ids, calls one service, maps the outcome. Nothing else.

mod abstract_type;
pub mod account;
pub mod admin;
pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod codes;
pub mod content;
mod context;
mod costs;
pub mod customer;
mod error;
mod flat;
pub mod live;
pub mod location;
pub mod media;
pub mod metafield;
mod meters;
mod money;
mod node;
pub mod order;
pub mod paging;
pub mod pricing;
mod ready;
mod rendered;
mod request;
pub mod scalars;
mod schema;
pub mod selling_plan;
pub mod shop;

pub use error::ApiError;
pub use flat::Flat;
pub(crate) use meters::register as register_meters;
pub use money::{MoneyV2, PriceCurrency};
pub use node::Node;
pub use ready::{List, Ready};
pub use rendered::{Asked, JsonLimits, Rendered, RenderedNodes, RenderedVariant};
pub use request::Request;
pub use schema::{FullMutation, FullQuery, Mutation, QueryRoot, Schemas, gql, sdl};
