//! The jobs of the outbox, as staff see them: what waits, what runs, and what was given up.

use crate::{Context, audit::AuditedTx};
use std::sync::Arc;
use stoa_domain::{
    access::{
        Permit,
        grants::{JobsRead, JobsWrite},
    },
    audit::{Changes, Subject},
    shared::{
        Fault, JobId,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    WriteTx,
    db::{ListError, retrying},
    outbox::{self, JobState, JobView},
};

/// Why a job stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// There is none: it was done, or dropped.
    #[error("there is no such job")]
    NotFound,
    /// It was not given up: it is done by itself.
    #[error("the job was not given up")]
    NotDead,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(JobError);

/// The jobs of the outbox.
pub struct Jobs(pub(crate) Arc<Context>);

impl Jobs {
    /// A page of those in a state, or of all, the latest first. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "job.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<JobsRead>,
        state: Option<JobState>,
        request: &PageRequest,
    ) -> Result<Page<JobId>, ListError> {
        outbox::list_jobs(self.0.db().read(), state, request, self.0.now()).await
    }

    /// Those with these ids that there are still, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(&self, _by: &Permit<JobsRead>, ids: &[JobId]) -> Result<Vec<JobView>, Fault> {
        outbox::find_jobs(self.0.db().read(), ids, self.0.now()).await
    }

    /// Tries a job again that was given up, at once and as often as a new one.
    ///
    /// # Errors
    /// It is not there, or was not given up: the second of two who ask finds it tried again.
    #[tracing::instrument(name = "job.retry", skip_all)]
    pub async fn retry(&self, by: &Permit<JobsWrite>, id: JobId) -> Result<JobView, JobError> {
        let job = retrying(|| self.retry_once(by, id)).await?;
        self.0.jobs_waiting.notify_one();
        Ok(job)
    }

    /// Drops a job that was given up, for good; gives it as it was.
    ///
    /// # Errors
    /// It is not there, or was not given up.
    #[tracing::instrument(name = "job.discard", skip_all)]
    pub async fn discard(&self, by: &Permit<JobsWrite>, id: JobId) -> Result<JobView, JobError> {
        retrying(|| self.discard_once(by, id)).await
    }

    async fn retry_once(&self, by: &Permit<JobsWrite>, id: JobId) -> Result<JobView, JobError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        if !outbox::revive(audited.tx(), id, self.0.now()).await? {
            return Err(self.refused(audited.tx(), id).await?);
        }
        let job = self.view(audited.tx(), id).await?.ok_or(JobError::NotFound)?;
        audited.commit("job.retry", &changes(&job, Some("waiting"))).await?;
        Ok(job)
    }

    async fn discard_once(&self, by: &Permit<JobsWrite>, id: JobId) -> Result<JobView, JobError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let Some(job) = outbox::discard(audited.tx(), id, self.0.now()).await? else {
            return Err(self.refused(audited.tx(), id).await?);
        };
        audited.commit("job.discard", &changes(&job, None)).await?;
        Ok(job)
    }

    async fn refused(&self, tx: &WriteTx, id: JobId) -> Result<JobError, Fault> {
        Ok(if self.view(tx, id).await?.is_some() { JobError::NotDead } else { JobError::NotFound })
    }

    async fn view(&self, tx: &WriteTx, id: JobId) -> Result<Option<JobView>, Fault> {
        Ok(outbox::find_jobs(tx, &[id], self.0.now()).await?.pop())
    }
}

/// What the log says of a job. Payloads hold ids, and nothing that must not be in a log.
fn changes(job: &JobView, after: Option<&str>) -> Changes {
    let subject = Subject::new(JobId::TYPE, job.id);
    Changes::of(subject)
        .field("state", "dead", after)
        .field("kind", job.kind.as_str(), after.map(|_| job.kind.as_str()))
        .field("payload", job.payload.as_str(), after.map(|_| job.payload.as_str()))
}
