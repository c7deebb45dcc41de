//! `staffStepUp`: proving once more who is at the keyboard.

use crate::graphql::{
    ApiError, Request,
    admin::{
        Acting, StaffAccountUserError,
        access::{may, seen},
        refusals,
    },
    scalars::DateTime,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use stoa_domain::access::grants::Enrolment;
use stoa_graphql_http::Nullable;
use stoa_services::staff::StepUpProof;

/// The proof.
#[derive(Clone, InputObject)]
pub struct StaffStepUpInput {
    /// A code of the authenticator, or a recovery code: of whoever has an authenticator. The code of signing in is used up; the next one
    /// comes within half a minute.
    pub code: Option<String>,
    /// The password.
    pub password: String,
}

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct StaffStepUpPayload {
    /// Until when the proof counts, in this sign-in; null if it was refused.
    pub until: Option<DateTime>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<StaffAccountUserError>,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffStepUp;

/// Takes a proof.
#[Object]
impl StaffStepUp {
    /// Proves once more who asks, for what is answered with `STEP_UP_REQUIRED` otherwise: refunds, exports, staff, roles, keys.
    #[graphql(guard = "may::<Enrolment>", visible = "seen::<Enrolment>")]
    async fn staff_step_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proof.")] input: StaffStepUpInput,
    ) -> Nullable<StaffStepUpPayload> {
        Nullable::run(async { Box::pin(step_up(ctx, &input)).await.map(Some) }).await
    }
}

async fn step_up(ctx: &Context<'_>, input: &StaffStepUpInput) -> Result<StaffStepUpPayload, ApiError> {
    let by = ctx.permit::<Enrolment>()?;
    let proof = StepUpProof { password: &input.password, code: input.code.as_deref() };
    match ctx.services().step_up.run(&by, proof, &ctx.asking()).await {
        Ok(until) => Ok(StaffStepUpPayload { until: Some(until.into()), user_errors: Vec::new() }),
        Err(error) => {
            Ok(StaffStepUpPayload { user_errors: vec![refusals::step_up(error)?], ..Default::default() })
        }
    }
}
