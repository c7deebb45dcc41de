//! `customerSignOut`, `customerSignOutEverywhere`, `customerSessionRevoke`: the ends of sign-ins.

use crate::graphql::{
    ApiError, Request,
    account::{AccountErrorCode, AccountUserError, take_back},
    cart::InputPath,
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::shared::SessionId;
use stoa_graphql_http::Nullable;
use stoa_services::account::SessionHolder;

/// What came of `customerSignOut`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerSignOutPayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerSignOutPayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error] }
    }
}

/// What came of `customerSignOutEverywhere`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerSignOutEverywherePayload {
    /// How many sign-ins were ended; null if it was refused.
    pub ended_sessions: Option<i32>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerSignOutEverywherePayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerSessionRevoke`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerSessionRevokePayload {
    /// The global id of the sign-in that is over; null if it was refused.
    pub revoked_session_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerSessionRevokePayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerSignOut;

/// Ends sign-ins.
#[Object]
impl CustomerSignOut {
    /// Ends one of the sign-ins of whoever asks, here or elsewhere. An addition of this server to the vocabulary.
    async fn customer_session_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The sign-in's global id.")] id: ID,
    ) -> Nullable<CustomerSessionRevokePayload> {
        Nullable::run(async { revoke(ctx, &id).await.map(Some) }).await
    }

    /// Ends the sign-in that asks. An addition of this server to the vocabulary.
    async fn customer_sign_out(&self, ctx: &Context<'_>) -> Nullable<CustomerSignOutPayload> {
        Nullable::run(async { sign_out(ctx).await.map(Some) }).await
    }

    /// Ends every sign-in of whoever asks, here as well. An addition of this server to the vocabulary.
    async fn customer_sign_out_everywhere(
        &self,
        ctx: &Context<'_>,
    ) -> Nullable<CustomerSignOutEverywherePayload> {
        Nullable::run(async { sign_out_everywhere(ctx).await.map(Some) }).await
    }
}

async fn sign_out(ctx: &Context<'_>) -> Result<CustomerSignOutPayload, ApiError> {
    let Some(who) = ctx.signed_in() else {
        return Ok(CustomerSignOutPayload::refused(AccountUserError::not_signed_in()));
    };
    ctx.services().sessions.end(SessionHolder::from(who)).await?;
    take_back(ctx);
    Ok(CustomerSignOutPayload::default())
}

async fn sign_out_everywhere(ctx: &Context<'_>) -> Result<CustomerSignOutEverywherePayload, ApiError> {
    let Some(who) = ctx.signed_in() else {
        return Ok(CustomerSignOutEverywherePayload::refused(AccountUserError::not_signed_in()));
    };
    let ended = ctx.services().sessions.end_all(SessionHolder::from(who)).await?;
    take_back(ctx);
    let ended_sessions = Some(i32::try_from(ended).unwrap_or(i32::MAX));
    Ok(CustomerSignOutEverywherePayload { ended_sessions, user_errors: Vec::new() })
}

async fn revoke(ctx: &Context<'_>, id: &ID) -> Result<CustomerSessionRevokePayload, ApiError> {
    let session: Option<SessionId> = gid::decode(id)?;
    let Some(who) = ctx.signed_in() else {
        return Ok(CustomerSessionRevokePayload::refused(AccountUserError::not_signed_in()));
    };
    let revoked = match session {
        Some(session) => ctx.services().sessions.revoke(SessionHolder::from(who), session).await?,
        None => false,
    };
    match session.filter(|_| revoked) {
        Some(session) => Ok(CustomerSessionRevokePayload {
            revoked_session_id: Some(ID(Gid(session).text())),
            user_errors: Vec::new(),
        }),
        None => {
            let path = InputPath::argument("id");
            let error = AccountUserError::new(AccountErrorCode::NotFound, path, "There is no such sign-in.");
            Ok(CustomerSessionRevokePayload::refused(error))
        }
    }
}
