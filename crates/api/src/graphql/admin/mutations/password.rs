//! `staffPasswordRecover`, `staffPasswordReset`: for whoever has forgotten their password.

use crate::graphql::{
    ApiError, Request,
    admin::{StaffAccountUserError, refusals},
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use stoa_graphql_http::Nullable;
use stoa_services::staff::StaffLinkUse;

/// What came of `staffPasswordRecover`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffPasswordRecoverPayload {
    /// Always empty: nobody is told whether there is an account.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// A link, and the password to be.
#[derive(Clone, InputObject)]
pub struct StaffPasswordResetInput {
    /// The password to be.
    pub password: String,
    /// The token of the link that was mailed, or printed by `stoa staff reset`.
    pub token: String,
}

/// What came of `staffPasswordReset`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffPasswordResetPayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffPassword;

/// Helps whoever has forgotten their password.
#[Object]
impl StaffPassword {
    /// Has a link sent to the address, if it is that of somebody on the staff. The answer is the same for every address.
    async fn staff_password_recover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The e-mail address, in any letter case.")] email: String,
    ) -> Nullable<StaffPasswordRecoverPayload> {
        Nullable::run(async { Box::pin(recover(ctx, &email)).await.map(Some) }).await
    }

    /// Sets the password of whoever has the link, and ends every sign-in there was. It is no sign-in itself.
    async fn staff_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link, and the password to be.")] input: StaffPasswordResetInput,
    ) -> Nullable<StaffPasswordResetPayload> {
        Nullable::run(async { Box::pin(reset(ctx, input)).await.map(Some) }).await
    }
}

async fn recover(ctx: &Context<'_>, email: &str) -> Result<StaffPasswordRecoverPayload, ApiError> {
    ctx.services().recover_staff.run(email, &ctx.asking()).await?;
    Ok(StaffPasswordRecoverPayload::default())
}

async fn reset(
    ctx: &Context<'_>,
    input: StaffPasswordResetInput,
) -> Result<StaffPasswordResetPayload, ApiError> {
    let given = StaffLinkUse { token: input.token.into(), password: input.password.into() };
    match ctx.services().reset_staff.run(&given, &ctx.asking()).await {
        Ok(()) => Ok(StaffPasswordResetPayload::default()),
        Err(error) => Ok(StaffPasswordResetPayload { user_errors: vec![refusals::link_use(error)?] }),
    }
}
