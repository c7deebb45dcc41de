//! A group of customers.

use crate::graphql::scalars::{DateTime, Gid};
use async_graphql::Object;
use stoa_domain::{customer::CustomerGroup, shared::CustomerGroupId};

/// A group of customers.
#[derive(Clone, Debug)]
pub struct AdminCustomerGroup(pub(crate) CustomerGroup);

/// A group of customers.
#[Object]
impl AdminCustomerGroup {
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// The global id.
    async fn id(&self) -> Gid<CustomerGroupId> {
        Gid(self.0.id)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}
