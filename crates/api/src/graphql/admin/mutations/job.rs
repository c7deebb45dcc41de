//! `jobRetry`, `jobDiscard`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        jobs::{AdminJob, JobErrorCode, JobUserError},
        refusals::sentence,
    },
    cart::InputPath,
    scalars::gid,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{access::grants::JobsWrite, shared::JobId};
use stoa_graphql_http::Nullable;
use stoa_persistence::outbox::JobView;
use stoa_services::admin::JobError;

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct JobPayload {
    /// The job: as it is now, or as it was when it was dropped; null if it was refused.
    pub job: Option<AdminJob>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<JobUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct JobMutations;

/// Decides about jobs that were given up.
#[Object]
impl JobMutations {
    /// Drops a job that was given up, for good.
    #[graphql(guard = "may::<JobsWrite>", visible = "seen::<JobsWrite>")]
    async fn job_discard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job's global id.")] id: ID,
    ) -> Nullable<JobPayload> {
        Nullable::run(async { Box::pin(discard(ctx, &id)).await.map(Some) }).await
    }

    /// Tries a job again that was given up, at once and as often as a new one.
    #[graphql(guard = "may::<JobsWrite>", visible = "seen::<JobsWrite>")]
    async fn job_retry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job's global id.")] id: ID,
    ) -> Nullable<JobPayload> {
        Nullable::run(async { Box::pin(retry(ctx, &id)).await.map(Some) }).await
    }
}

async fn discard(ctx: &Context<'_>, id: &ID) -> Result<JobPayload, ApiError> {
    let by = ctx.permit::<JobsWrite>()?;
    let Some(id) = gid::decode::<JobId>(id)? else { return payload(Err(JobError::NotFound)) };
    payload(ctx.services().admin.jobs.discard(&by, id).await)
}

async fn retry(ctx: &Context<'_>, id: &ID) -> Result<JobPayload, ApiError> {
    let by = ctx.permit::<JobsWrite>()?;
    let Some(id) = gid::decode::<JobId>(id)? else { return payload(Err(JobError::NotFound)) };
    payload(ctx.services().admin.jobs.retry(&by, id).await)
}

fn payload(done: Result<JobView, JobError>) -> Result<JobPayload, ApiError> {
    let error = match done {
        Ok(job) => return Ok(JobPayload { job: Some(AdminJob(job)), user_errors: Vec::new() }),
        Err(error) => error,
    };
    let message = sentence(&error);
    let code = match error {
        JobError::NotFound => JobErrorCode::NotFound,
        JobError::NotDead => JobErrorCode::NotDead,
        JobError::Fault(fault) => return Err(fault.into()),
    };
    let error = JobUserError::new(code, InputPath::argument("id"), message);
    Ok(JobPayload { user_errors: vec![error], ..Default::default() })
}
