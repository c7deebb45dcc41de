//! Who asks.

use super::access::Acting;
use crate::graphql::{
    ApiError,
    scalars::{Gid, gid},
};
use async_graphql::{Context, Enum, ID, SimpleObject};
use stoa_domain::access::{Denied, Permissions, Who};

/// What kind of caller acts for the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AdminCallerKind {
    /// A program, with an API key.
    ApiKey,
    /// A member of staff who is signed in.
    Staff,
}

/// Who asks, and what they may do.
#[derive(Clone, Debug, SimpleObject)]
pub struct AdminAccess {
    /// Their global id: of a member of staff, or of a key.
    pub id: ID,
    /// Which of the two.
    pub kind: AdminCallerKind,
    /// What they are called.
    pub name: String,
    /// What they may do, by name. Some of it takes a recent proof of who they are.
    pub permissions: Vec<String>,
}

impl AdminAccess {
    /// Whoever asks.
    ///
    /// # Errors
    /// They do not act for the shop by a request.
    pub(super) fn of(ctx: &Context<'_>) -> Result<Self, ApiError> {
        let actor = ctx.actor().ok_or(Denied::NotAllowed)?;
        let (id, kind) = match actor.who() {
            Who::Staff { id, .. } => (Gid(*id).text(), AdminCallerKind::Staff),
            Who::Key { id, .. } => (Gid(*id).text(), AdminCallerKind::ApiKey),
            // Nobody at the command line sends requests.
            Who::Command { .. } => return Err(Denied::NotAllowed.into()),
        };
        let (name, permissions) = (actor.name().to_owned(), names(actor.permissions()));
        Ok(Self { id: ID(id), kind, name, permissions })
    }
}

/// Permissions as the API writes them.
pub(super) fn names(permissions: Permissions) -> Vec<String> {
    permissions.into()
}

/// The id of a member of staff or of a key, whichever it names.
///
/// # Errors
/// It is no id, or that of something else.
pub(super) fn actor_id(text: &str) -> Result<Option<uuid::Uuid>, ApiError> {
    let parsed = gid::parse(text)?;
    match parsed.type_name {
        None | Some("StaffMember" | "ApiKey") => Ok(parsed.id),
        Some(_) => Err(ApiError::invalid_id("The id of a StaffMember or of an ApiKey is needed.")),
    }
}
