//! Sign-ins of staff: one's own, and those of others.

use super::{
    MemberError,
    person::{oneself, subject},
};
use crate::{Context, audit::AuditedTx};
use std::sync::Arc;
use stoa_domain::{
    access::{
        Permit, Who,
        grants::{Enrolment, StaffRead, StaffWrite},
    },
    account::{Realm, RevokedBecause, Session},
    audit::{Changes, Subject},
    shared::{
        Fault, SessionId, StaffId,
        page::{Page, PageRequest},
    },
    staff::OwnerProtected,
};
use stoa_persistence::{
    account,
    db::{ListError, retrying},
    staff,
};

/// Sign-ins of staff.
pub struct StaffSessions(pub(crate) Arc<Context>);

impl StaffSessions {
    /// One's own that live, the latest first.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "staff.own_sessions", skip_all)]
    pub async fn own(
        &self,
        by: &Permit<Enrolment>,
        request: &PageRequest,
    ) -> Result<Page<Session>, ListError> {
        self.page(oneself(by)?.0, request).await
    }

    /// Those of somebody on the staff.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "staff.sessions", skip_all)]
    pub async fn of(
        &self,
        _by: &Permit<StaffRead>,
        id: StaffId,
        request: &PageRequest,
    ) -> Result<Page<Session>, ListError> {
        self.page(id, request).await
    }

    /// Ends one of one's own, such as the one that asks. False if it is not theirs, or over already: they cannot tell which.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "staff.session_revoke", skip_all)]
    pub async fn end_own(&self, by: &Permit<Enrolment>, session: SessionId) -> Result<bool, Fault> {
        let (id, current) = oneself(by)?;
        let because = if session == current { RevokedBecause::SignedOut } else { RevokedBecause::ByOwner };
        retrying(|| self.end_own_once(by, id, (session, because))).await
    }

    /// Signs out everywhere, here as well, and tells how many sign-ins there were.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "staff.sign_out_everywhere", skip_all)]
    pub async fn end_all_own(&self, by: &Permit<Enrolment>) -> Result<u64, Fault> {
        let id = oneself(by)?.0;
        retrying(|| self.end_all_own_once(by, id)).await
    }

    /// Ends one of somebody's. The owner's only they end themselves: who could do it again and again would keep them out of the shop.
    ///
    /// # Errors
    /// They own the shop, or are not on the staff.
    #[tracing::instrument(name = "staff.session_end", skip_all)]
    pub async fn end(
        &self,
        by: &Permit<StaffWrite>,
        id: StaffId,
        session: SessionId,
    ) -> Result<bool, MemberError> {
        retrying(|| self.end_once(by, id, session)).await
    }

    /// Ends all of somebody's. Of the owner's the same holds as of one.
    ///
    /// # Errors
    /// They own the shop, or are not on the staff.
    #[tracing::instrument(name = "staff.sessions_end", skip_all)]
    pub async fn end_all(&self, by: &Permit<StaffWrite>, id: StaffId) -> Result<u64, MemberError> {
        retrying(|| self.end_all_once(by, id)).await
    }

    async fn page(&self, id: StaffId, request: &PageRequest) -> Result<Page<Session>, ListError> {
        let whose = (Realm::Staff, id.uuid());
        account::list_sessions(self.0.db().read(), whose, self.0.now(), request).await
    }

    async fn end_own_once(
        &self,
        by: &Permit<Enrolment>,
        id: StaffId,
        which: (SessionId, RevokedBecause),
    ) -> Result<bool, Fault> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        self.revoke(audited, id, which).await
    }

    async fn end_all_own_once(&self, by: &Permit<Enrolment>, id: StaffId) -> Result<u64, Fault> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        self.revoke_all(audited, id, RevokedBecause::ByOwner).await
    }

    async fn end_once(
        &self,
        by: &Permit<StaffWrite>,
        id: StaffId,
        session: SessionId,
    ) -> Result<bool, MemberError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        not_the_owner(&audited, by, id).await?;
        Ok(self.revoke(audited, id, (session, RevokedBecause::ByStaff)).await?)
    }

    async fn end_all_once(&self, by: &Permit<StaffWrite>, id: StaffId) -> Result<u64, MemberError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        not_the_owner(&audited, by, id).await?;
        Ok(self.revoke_all(audited, id, RevokedBecause::ByStaff).await?)
    }

    async fn revoke(
        &self,
        audited: AuditedTx<'_>,
        id: StaffId,
        (session, because): (SessionId, RevokedBecause),
    ) -> Result<bool, Fault> {
        let whose = (Realm::Staff, id.uuid());
        if !account::revoke(audited.tx(), whose, session, because, self.0.now()).await? {
            return Ok(false);
        }
        let changes = Changes::of(Subject::new(SessionId::TYPE, session));
        audited.commit("staff.session_end", &changes.field("ended", None::<&str>, because.name())).await?;
        Ok(true)
    }

    async fn revoke_all(
        &self,
        audited: AuditedTx<'_>,
        id: StaffId,
        because: RevokedBecause,
    ) -> Result<u64, Fault> {
        let whose = (Realm::Staff, id.uuid());
        let ended = account::revoke_all(audited.tx(), whose, None, because, self.0.now()).await?;
        let count = i64::try_from(ended).unwrap_or(i64::MAX);
        let changes = Changes::of(subject(id)).field("sessions", count, 0_i64).or_none();
        audited.commit("staff.sessions_end", &changes).await?;
        Ok(ended)
    }
}

/// Lets nobody end sign-ins of the owner but the owner. Behind their lock: whoever is being given the shop at this moment has it by now.
async fn not_the_owner(
    audited: &AuditedTx<'_>,
    by: &Permit<StaffWrite>,
    id: StaffId,
) -> Result<(), MemberError> {
    let member = staff::find_for_update(audited.tx(), id).await?.ok_or(MemberError::NotFound)?;
    let themselves = matches!(by.actor().who(), Who::Staff { id: who, .. } if *who == id);
    if member.owner && !themselves { Err(OwnerProtected.into()) } else { Ok(()) }
}
