//! The jobs of the outbox, as staff see them.

use super::{
    access::{Acting, may, seen},
    page::{filled, ids},
    user_error::{AdminUserError, RefusalCode},
};
use crate::graphql::{
    ApiError, Request,
    paging::{Connection, PageArgs},
    scalars::{DateTime, Gid, Json},
};
use async_graphql::{Context, Enum, Object};
use stoa_domain::{access::grants::JobsRead, shared::JobId};
use stoa_persistence::outbox::{JobState, JobView};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AdminJobState {
    /// It failed too often, and is not tried any more.
    Dead,
    /// Somebody has it.
    Running,
    /// It waits for its time, or for somebody to take it.
    Waiting,
}

impl From<AdminJobState> for JobState {
    fn from(state: AdminJobState) -> Self {
        match state {
            AdminJobState::Dead => Self::Dead,
            AdminJobState::Running => Self::Running,
            AdminJobState::Waiting => Self::Waiting,
        }
    }
}

impl From<JobState> for AdminJobState {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Dead => Self::Dead,
            JobState::Running => Self::Running,
            JobState::Waiting => Self::Waiting,
        }
    }
}

/// Why a job stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum JobErrorCode {
    /// It was not given up: it is done by itself.
    NotDead,
    /// There is none: it was done, or dropped.
    NotFound,
}

impl RefusalCode for JobErrorCode {
    const ERROR: &'static str = "JobUserError";
}

/// A refusal about a job.
pub type JobUserError = AdminUserError<JobErrorCode>;

/// Something that follows from what was done, and is done by itself.
#[derive(Clone, Debug)]
pub struct AdminJob(pub(crate) JobView);

/// Something that follows from what was done, and is done by itself.
#[Object]
impl AdminJob {
    /// How often it was tried.
    async fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// When it was put in.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was given up; null: it was not.
    async fn dead_at(&self) -> Option<DateTime> {
        self.0.dead_at.map(Into::into)
    }

    /// The global id.
    async fn id(&self) -> Gid<JobId> {
        Gid(self.0.id)
    }

    /// What is to be done.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// Why it failed the last time.
    async fn last_error(&self) -> Option<&str> {
        self.0.last_error.as_deref()
    }

    /// With what. It holds ids, and nothing personal.
    async fn payload(&self) -> Json {
        Json(self.0.payload.clone())
    }

    /// Not before.
    async fn run_at(&self) -> DateTime {
        self.0.run_at.into()
    }

    /// Where it stands.
    async fn state(&self) -> AdminJobState {
        self.0.state.into()
    }
}

/// What is read of jobs.
#[derive(Clone, Copy, Debug, Default)]
pub struct JobReads;

/// What is read of jobs.
#[Object]
impl JobReads {
    /// The jobs of the outbox, the latest first.
    #[graphql(guard = "may::<JobsRead>", visible = "seen::<JobsRead>")]
    async fn jobs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Only those that stand so.")] state: Option<AdminJobState>,
    ) -> Result<Connection<AdminJob>, ApiError> {
        let by = ctx.permit::<JobsRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let jobs = &ctx.services().admin.jobs;
        let page = jobs.list(&by, state.map(Into::into), &request).await?;
        let found = jobs.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |job| job.id, AdminJob))
    }
}
