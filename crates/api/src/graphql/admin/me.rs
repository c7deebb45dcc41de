//! Whoever asks, as a member of staff.

use super::{access::Acting, caller::names, staff_member::StaffMember};
use crate::graphql::{
    ApiError, Request,
    account::Session,
    paging::{Connection, PageArgs},
};
use async_graphql::{Context, Object};
use stoa_domain::access::{Denied, Who, grants::Enrolment};
use stoa_services::staff;

/// A member of staff, as they are shown to themselves.
#[derive(Clone, Debug)]
pub struct Me(pub(super) staff::Me);

/// A member of staff, as they are shown to themselves.
#[Object]
impl Me {
    /// They.
    async fn member(&self) -> StaffMember {
        StaffMember(self.0.member.clone())
    }

    /// What they may do, by name. Some of it takes a recent proof of who they are, and all of it a second factor where the shop wants
    /// one.
    async fn permissions(&self) -> Vec<String> {
        names(self.0.permissions)
    }

    /// How many of their recovery codes are left.
    async fn recovery_codes_left(&self) -> i32 {
        i32::try_from(self.0.recovery_codes).unwrap_or(i32::MAX)
    }

    /// Their sign-ins that live, the latest first.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<Session>, ApiError> {
        let by = ctx.permit::<Enrolment>()?;
        let Who::Staff { session: current, .. } = *by.actor().who() else {
            return Err(Denied::NotAllowed.into());
        };
        let request = PageArgs { after, before, first, last }.request()?;
        let page = ctx.services().staff_sessions.own(&by, &request).await?;
        Ok(Connection::of(&page, |session| Session::new(session.clone(), current)))
    }
}
