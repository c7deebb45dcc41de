//! A key that a program signs in with.

use super::caller::names;
use crate::graphql::scalars::{DateTime, Gid};
use async_graphql::Object;
use stoa_domain::shared::{ApiKeyId, StaffId};
use stoa_persistence::staff;

/// A key that a program signs in with. What is shown of it opens nothing.
#[derive(Clone, Debug)]
pub struct ApiKey(pub(super) staff::ApiKey);

/// A key that a program signs in with. What is shown of it opens nothing.
#[Object]
impl ApiKey {
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// The global id of the member of staff who made it.
    async fn created_by_id(&self) -> Gid<StaffId> {
        Gid(self.0.created_by)
    }

    /// From when on it is over; null: never.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(Into::into)
    }

    /// Its last letters, by which people tell keys apart.
    async fn hint(&self) -> &str {
        &self.0.hint
    }

    /// The global id.
    async fn id(&self) -> Gid<ApiKeyId> {
        Gid(self.0.id)
    }

    /// When it was last used, to about a minute; null: never.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.used_at.map(Into::into)
    }

    /// From which network, if that is known.
    async fn last_used_network(&self) -> Option<&str> {
        self.0.used_network.as_deref()
    }

    /// Whether the member of staff who made it is shut out, or not on the staff any more. It works all the same until it is over or
    /// somebody ends it: a key is the shop's.
    async fn maker_gone(&self) -> bool {
        self.0.maker_gone
    }

    /// What staff call it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// When somebody ended it; null: nobody has.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(Into::into)
    }

    /// What may be done with it, by name, such as `products:read`.
    async fn scopes(&self) -> Vec<String> {
        names(self.0.scopes)
    }
}
