//! `staffTotpBegin`, `staffTotpConfirm`, `staffTotpDisable`, `staffRecoveryCodesCreate`: one's own second factor.

use crate::graphql::{
    ApiError, Request,
    admin::{
        Acting, StaffAccountUserError,
        access::{may, seen},
        refusals,
    },
};
use async_graphql::{Context, Object, SimpleObject};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use stoa_domain::access::grants::{Enrolment, OwnCredentials};
use stoa_graphql_http::Nullable;

/// What an authenticator is to be told. It is shown once.
#[derive(Clone, SimpleObject)]
pub struct StaffTotpSecret {
    /// For scanning: an `otpauth:` URL.
    pub otpauth_url: String,
    /// For typing: base 32.
    pub secret: String,
}

/// Hides it.
impl fmt::Debug for StaffTotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaffTotpSecret(…)")
    }
}

/// What came of `staffTotpBegin`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffTotpBeginPayload {
    /// What the authenticator is to be told; null if it was refused.
    pub totp: Option<StaffTotpSecret>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// What came of a mutation that gives recovery codes.
#[derive(Clone, Default, SimpleObject)]
pub struct StaffRecoveryCodesPayload {
    /// The codes for whoever loses the authenticator, each of which works once. They are shown this once; null if it was refused.
    pub recovery_codes: Option<Vec<String>>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// Hides the codes.
impl fmt::Debug for StaffRecoveryCodesPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StaffRecoveryCodesPayload({:?})", self.user_errors)
    }
}

/// What came of `staffTotpDisable`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffTotpDisablePayload {
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffSecondFactor;

/// Second factors.
#[Object]
impl StaffSecondFactor {
    /// Ten new recovery codes of whoever asks. Those there were work no more.
    #[graphql(guard = "may::<OwnCredentials>", visible = "seen::<OwnCredentials>")]
    async fn staff_recovery_codes_create(&self, ctx: &Context<'_>) -> Nullable<StaffRecoveryCodesPayload> {
        Nullable::run(async { Box::pin(new_codes(ctx)).await.map(Some) }).await
    }

    /// A new secret for the authenticator of whoever asks and has none. It counts once `staffTotpConfirm` has shown a code of it.
    #[graphql(guard = "may::<Enrolment>", visible = "seen::<Enrolment>")]
    async fn staff_totp_begin(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password: who finds a sign-in open must not make it theirs.")] password: String,
    ) -> Nullable<StaffTotpBeginPayload> {
        Nullable::run(async { Box::pin(begin(ctx, &password)).await.map(Some) }).await
    }

    /// From now on the authenticator is asked for. Every other sign-in of whoever asks ends. Gives recovery codes.
    #[graphql(guard = "may::<Enrolment>", visible = "seen::<Enrolment>")]
    async fn staff_totp_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the authenticator shows now.")] code: String,
    ) -> Nullable<StaffRecoveryCodesPayload> {
        Nullable::run(async { Box::pin(confirm(ctx, &code)).await.map(Some) }).await
    }

    /// Gives the authenticator up, and the recovery codes with it. Every sign-in of whoever asks ends, this one too.
    #[graphql(guard = "may::<OwnCredentials>", visible = "seen::<OwnCredentials>")]
    async fn staff_totp_disable(&self, ctx: &Context<'_>) -> Nullable<StaffTotpDisablePayload> {
        Nullable::run(async { Box::pin(disable(ctx)).await.map(Some) }).await
    }
}

async fn begin(ctx: &Context<'_>, password: &str) -> Result<StaffTotpBeginPayload, ApiError> {
    let by = ctx.permit::<Enrolment>()?;
    match ctx.services().second_factor.begin(&by, password, &ctx.asking()).await {
        Ok(begun) => {
            let (secret, otpauth_url) = (exposed(&begun.secret), exposed(&begun.url));
            let totp = Some(StaffTotpSecret { otpauth_url, secret });
            Ok(StaffTotpBeginPayload { totp, user_errors: Vec::new() })
        }
        Err(error) => {
            let user_errors = vec![refusals::second_factor(error)?];
            Ok(StaffTotpBeginPayload { user_errors, ..Default::default() })
        }
    }
}

async fn confirm(ctx: &Context<'_>, code: &str) -> Result<StaffRecoveryCodesPayload, ApiError> {
    let by = ctx.permit::<Enrolment>()?;
    match ctx.services().second_factor.confirm(&by, code, &ctx.asking()).await {
        Ok(codes) => Ok(shown(&codes)),
        Err(error) => {
            let user_errors = vec![refusals::second_factor(error)?];
            Ok(StaffRecoveryCodesPayload { user_errors, ..Default::default() })
        }
    }
}

async fn new_codes(ctx: &Context<'_>) -> Result<StaffRecoveryCodesPayload, ApiError> {
    match ctx.services().second_factor.new_codes(&ctx.permit::<OwnCredentials>()?).await {
        Ok(codes) => Ok(shown(&codes)),
        Err(error) => {
            let user_errors = vec![refusals::second_factor(error)?];
            Ok(StaffRecoveryCodesPayload { user_errors, ..Default::default() })
        }
    }
}

async fn disable(ctx: &Context<'_>) -> Result<StaffTotpDisablePayload, ApiError> {
    match ctx.services().second_factor.disable(&ctx.permit::<OwnCredentials>()?).await {
        Ok(()) => Ok(StaffTotpDisablePayload::default()),
        Err(error) => Ok(StaffTotpDisablePayload { user_errors: vec![refusals::second_factor(error)?] }),
    }
}

fn shown(codes: &[SecretString]) -> StaffRecoveryCodesPayload {
    let recovery_codes = Some(codes.iter().map(exposed).collect());
    StaffRecoveryCodesPayload { recovery_codes, user_errors: Vec::new() }
}

fn exposed(secret: &SecretString) -> String {
    secret.expose_secret().to_owned()
}
