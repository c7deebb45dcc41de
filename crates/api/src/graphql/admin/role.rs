//! A role.

use super::caller::names;
use crate::graphql::scalars::{DateTime, Gid};
use async_graphql::Object;
use stoa_domain::{shared::RoleId, staff};

/// A name for permissions, by which staff are given them.
#[derive(Clone, Debug)]
pub struct Role(pub(super) staff::Role);

/// A name for permissions, by which staff are given them.
#[Object]
impl Role {
    /// Whether the shop came with it; then nobody changes it.
    async fn built_in(&self) -> bool {
        self.0.built_in
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// The global id.
    async fn id(&self) -> Gid<RoleId> {
        Gid(self.0.id)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it allows, by name, such as `products:read`. To write does not include to read.
    async fn permissions(&self) -> Vec<String> {
        names(self.0.permissions)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}
