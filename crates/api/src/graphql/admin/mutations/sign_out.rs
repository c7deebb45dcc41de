//! `staffSignOut`, `staffSignOutEverywhere`, `staffSessionRevoke`: the ends of one's own sign-ins.

use crate::graphql::{
    ApiError, Request,
    admin::{
        Acting, StaffAccountErrorCode, StaffAccountUserError,
        access::{may, seen},
    },
    cart::InputPath,
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{
    access::{Denied, Who, grants::Enrolment},
    shared::SessionId,
};
use stoa_graphql_http::Nullable;

/// What came of `staffSignOut`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffSignOutPayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// What came of `staffSignOutEverywhere`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffSignOutEverywherePayload {
    /// How many sign-ins were ended; null if it was refused.
    pub ended_sessions: Option<i32>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// What came of `staffSessionRevoke`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffSessionRevokePayload {
    /// The global id of the sign-in that is over; null if it was refused.
    pub revoked_session_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffSignOut;

/// Ends sign-ins.
#[Object]
impl StaffSignOut {
    /// Ends one of the sign-ins of whoever asks, here or elsewhere.
    #[graphql(guard = "may::<Enrolment>", visible = "seen::<Enrolment>")]
    async fn staff_session_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The sign-in's global id.")] id: ID,
    ) -> Nullable<StaffSessionRevokePayload> {
        Nullable::run(async { Box::pin(revoke(ctx, &id)).await.map(Some) }).await
    }

    /// Ends the sign-in that asks.
    #[graphql(guard = "may::<Enrolment>", visible = "seen::<Enrolment>")]
    async fn staff_sign_out(&self, ctx: &Context<'_>) -> Nullable<StaffSignOutPayload> {
        Nullable::run(async { Box::pin(sign_out(ctx)).await.map(Some) }).await
    }

    /// Ends every sign-in of whoever asks, here as well.
    #[graphql(guard = "may::<Enrolment>", visible = "seen::<Enrolment>")]
    async fn staff_sign_out_everywhere(&self, ctx: &Context<'_>) -> Nullable<StaffSignOutEverywherePayload> {
        Nullable::run(async { Box::pin(sign_out_everywhere(ctx)).await.map(Some) }).await
    }
}

async fn sign_out(ctx: &Context<'_>) -> Result<StaffSignOutPayload, ApiError> {
    let by = ctx.permit::<Enrolment>()?;
    let Who::Staff { session, .. } = *by.actor().who() else { return Err(Denied::NotAllowed.into()) };
    // Over already is as good.
    ctx.services().staff_sessions.end_own(&by, session).await?;
    Ok(StaffSignOutPayload::default())
}

async fn sign_out_everywhere(ctx: &Context<'_>) -> Result<StaffSignOutEverywherePayload, ApiError> {
    let ended = ctx.services().staff_sessions.end_all_own(&ctx.permit::<Enrolment>()?).await?;
    let ended_sessions = Some(i32::try_from(ended).unwrap_or(i32::MAX));
    Ok(StaffSignOutEverywherePayload { ended_sessions, user_errors: Vec::new() })
}

async fn revoke(ctx: &Context<'_>, id: &ID) -> Result<StaffSessionRevokePayload, ApiError> {
    let by = ctx.permit::<Enrolment>()?;
    if let Some(session) = gid::decode::<SessionId>(id)?
        && ctx.services().staff_sessions.end_own(&by, session).await?
    {
        let revoked_session_id = Some(ID(Gid(session).text()));
        return Ok(StaffSessionRevokePayload { revoked_session_id, user_errors: Vec::new() });
    }
    let (code, path) = (StaffAccountErrorCode::NotFound, InputPath::argument("id"));
    let user_errors = vec![StaffAccountUserError::new(code, path, "There is no such sign-in.")];
    Ok(StaffSessionRevokePayload { user_errors, ..Default::default() })
}
