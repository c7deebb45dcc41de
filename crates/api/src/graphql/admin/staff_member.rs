//! A member of staff.

use super::access::{Acting, may, seen};
use crate::graphql::{
    ApiError, Request,
    account::Session,
    paging::{Connection, PageArgs},
    scalars::{DateTime, Gid},
};
use async_graphql::{Context, Enum, Object};
use stoa_domain::{
    access::{Who, grants::StaffRead},
    shared::{Locale, RoleId, SessionId, StaffId},
    staff::{self, StaffState},
};
use uuid::Uuid;

/// Where a member of staff stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum StaffMemberState {
    /// Shut out.
    Disabled,
    /// On the staff.
    Enabled,
    /// Asked to join; nobody has answered yet.
    Invited,
}

/// A member of staff.
#[derive(Clone, Debug)]
pub struct StaffMember(pub(super) staff::StaffMember);

/// A member of staff.
#[Object]
impl StaffMember {
    /// When they were invited.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Their e-mail address.
    async fn email(&self) -> &str {
        self.0.email.as_str()
    }

    /// The global id.
    async fn id(&self) -> Gid<StaffId> {
        Gid(self.0.id)
    }

    /// Whether the shop is theirs: they may do everything then, whatever their roles.
    async fn is_shop_owner(&self) -> bool {
        self.0.owner
    }

    /// The language they are written to in, such as `de`; null: the shop's.
    async fn locale(&self) -> Option<&str> {
        self.0.locale.map(Locale::code)
    }

    /// What they are called.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// When they set their password; null before they have joined.
    async fn password_changed_at(&self) -> Option<DateTime> {
        self.0.password_changed_at.map(Into::into)
    }

    /// The global ids of their roles.
    async fn role_ids(&self) -> Vec<Gid<RoleId>> {
        self.0.roles.iter().copied().map(Gid).collect()
    }

    /// Since when they have a second factor; null: they have none.
    async fn second_factor_since(&self) -> Option<DateTime> {
        self.0.totp_since.map(Into::into)
    }

    /// Their sign-ins that live, the latest first.
    #[graphql(guard = "may::<StaffRead>", visible = "seen::<StaffRead>")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<Session>, ApiError> {
        let by = ctx.permit::<StaffRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let page = ctx.services().staff_sessions.of(&by, self.0.id, &request).await?;
        let current = match *by.actor().who() {
            Who::Staff { session, .. } => session,
            Who::Key { .. } | Who::Command { .. } => SessionId::new(Uuid::nil()),
        };
        Ok(Connection::of(&page, |session| Session::new(session.clone(), current)))
    }

    /// Where they stand.
    async fn state(&self) -> StaffMemberState {
        match self.0.state {
            StaffState::Invited => StaffMemberState::Invited,
            StaffState::Enabled => StaffMemberState::Enabled,
            StaffState::Disabled { joined: _ } => StaffMemberState::Disabled,
        }
    }

    /// When something of it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}
