//! Who is on the staff: showing them, shutting them out and letting them in, and what they may do.

use super::{
    invite::{names, permissions},
    owner::new_reset,
    person::{oneself, subject},
};
use crate::{Context, account::AccountMail, audit::AuditedTx, jobs};
use std::sync::Arc;
use stoa_domain::{
    access::{
        Permissions, Permit,
        grants::{Enrolment, Oneself, StaffRead, StaffWrite},
    },
    account::{Realm, TokenKind},
    audit::Changes,
    shared::{
        Fault, InvalidTransition, Locale, RoleId, StaffId,
        page::{Page, PageRequest},
    },
    staff::{NotGrantable, OwnerProtected, StaffMember, StaffName, StaffState, may_grant},
};
use stoa_persistence::{
    Batch, WriteTx, account,
    db::{ListError, retrying},
    staff::{self, Removed, RolesSet, StaffSaved},
};

/// Why somebody stays as they are.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// There is nobody with that id on the staff.
    #[error("there is nobody like that on the staff")]
    NotFound,
    /// They own the shop.
    #[error(transparent)]
    Owner(#[from] OwnerProtected),
    /// Their state does not allow it.
    #[error(transparent)]
    State(#[from] InvalidTransition),
    /// There is no such role.
    #[error("there is no role {0}")]
    NoRole(RoleId),
    /// It would give them what the one who does it may not do themselves.
    #[error(transparent)]
    NotGrantable(#[from] NotGrantable),
    /// Somebody else has changed them at the same moment.
    #[error("they were changed by somebody else at the same moment")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
super::may_fault!(MemberError);

/// What a member of staff is shown of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// They.
    pub member: StaffMember,
    /// What they may do, were nothing else asked.
    pub permissions: Permissions,
    /// How many recovery codes they have left.
    pub recovery_codes: u64,
}

/// The staff.
pub struct StaffMembers(pub(crate) Arc<Context>);

impl StaffMembers {
    /// Oneself, also before the second factor that a shop asks for is set up.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "staff.me", skip_all)]
    pub async fn me(&self, by: &Permit<Enrolment>) -> Result<Me, Fault> {
        let (id, read) = (oneself(by)?.0, self.0.db().read());
        let member = staff::find(read, id).await?;
        let member = member.ok_or(Fault::bug("staff.me: somebody signed in who is not there"))?;
        let recovery_codes = staff::recovery_codes_left(read, id).await?;
        Ok(Me { member, permissions: by.actor().permissions(), recovery_codes })
    }

    /// A page of the staff, in the order in which they were invited. Four statements.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "staff.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<StaffRead>,
        request: &PageRequest,
    ) -> Result<Page<StaffId>, ListError> {
        staff::list_staff(self.0.db().read(), request).await
    }

    /// Those with these ids that there are, in the order of the ids.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<StaffRead>,
        ids: &[StaffId],
    ) -> Result<Vec<StaffMember>, Fault> {
        staff::find_all(self.0.db().read(), ids).await
    }

    /// Changes what one says of oneself.
    ///
    /// # Errors
    /// Somebody else changes it at the same moment.
    #[tracing::instrument(name = "staff.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<Oneself>,
        (name, locale): (&StaffName, Option<Locale>),
    ) -> Result<StaffMember, MemberError> {
        let id = oneself(by)?.0;
        retrying(|| self.update_once(by, id, (name, locale))).await
    }

    /// Shuts somebody out: every sign-in of theirs ends, and every link. Again changes nothing.
    ///
    /// # Errors
    /// They own the shop.
    #[tracing::instrument(name = "staff.disable", skip_all)]
    pub async fn disable(&self, by: &Permit<StaffWrite>, id: StaffId) -> Result<StaffMember, MemberError> {
        retrying(|| self.disable_once(by, id)).await
    }

    /// Lets somebody in again who was shut out, with all that their roles allow: whoever does it may do all of that themselves. Again
    /// changes nothing.
    ///
    /// # Errors
    /// They wait for nothing but their own answer, or may do more.
    #[tracing::instrument(name = "staff.enable", skip_all)]
    pub async fn enable(&self, by: &Permit<StaffWrite>, id: StaffId) -> Result<StaffMember, MemberError> {
        retrying(|| self.enable_once(by, id)).await
    }

    /// Takes somebody off the staff, with their sign-ins, links and codes. What they did stays in the log.
    ///
    /// # Errors
    /// They own the shop, or are not on the staff.
    #[tracing::instrument(name = "staff.remove", skip_all)]
    pub async fn remove(&self, by: &Permit<StaffWrite>, id: StaffId) -> Result<(), MemberError> {
        retrying(|| self.remove_once(by, id)).await
    }

    /// Gives somebody these roles and no others. Only what is added has to be had by whoever adds it.
    ///
    /// # Errors
    /// They own the shop, or a role cannot be given.
    #[tracing::instrument(name = "staff.set_roles", skip_all)]
    pub async fn set_roles(
        &self,
        by: &Permit<StaffWrite>,
        id: StaffId,
        wanted: &[RoleId],
    ) -> Result<StaffMember, MemberError> {
        retrying(|| self.set_roles_once(by, id, wanted)).await
    }

    /// For somebody who has lost their second factor: ends their sign-ins, and has a link sent to them that sets a new password and takes
    /// the second factor off. Whoever does it sees none of it.
    ///
    /// # Errors
    /// They own the shop: the command line helps the owner. They have not joined, or are shut out. They may do more than whoever asks,
    /// who could weaken their sign-in otherwise.
    #[tracing::instrument(name = "staff.reset", skip_all)]
    pub async fn reset(&self, by: &Permit<StaffWrite>, id: StaffId) -> Result<(), MemberError> {
        retrying(|| self.reset_once(by, id)).await?;
        self.0.jobs_waiting.notify_one();
        Ok(())
    }

    async fn update_once(
        &self,
        by: &Permit<Oneself>,
        id: StaffId,
        (name, locale): (&StaffName, Option<Locale>),
    ) -> Result<StaffMember, MemberError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let before = staff::find_for_update(audited.tx(), id).await?.ok_or(MemberError::NotFound)?;
        let after = StaffMember { name: name.clone(), locale, ..before.clone() };
        self.save(audited, (&before, &after), "staff.update").await
    }

    async fn disable_once(&self, by: &Permit<StaffWrite>, id: StaffId) -> Result<StaffMember, MemberError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let before = staff::find_for_update(audited.tx(), id).await?.ok_or(MemberError::NotFound)?;
        let after = before.clone().disable()?;
        self.save(audited, (&before, &after), "staff.disable").await
    }

    async fn enable_once(&self, by: &Permit<StaffWrite>, id: StaffId) -> Result<StaffMember, MemberError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let before = staff::find_for_update(audited.tx(), id).await?.ok_or(MemberError::NotFound)?;
        let after = before.clone().enable()?;
        if before != after {
            may_give_back(audited.tx(), by, &before).await?;
        }
        self.save(audited, (&before, &after), "staff.enable").await
    }

    /// Writes what has changed of somebody, if anything has.
    async fn save(
        &self,
        audited: AuditedTx<'_>,
        (before, after): (&StaffMember, &StaffMember),
        action: &'static str,
    ) -> Result<StaffMember, MemberError> {
        if before == after {
            return Ok(before.clone());
        }
        let (tx, now) = (audited.tx(), self.0.now());
        match staff::save(tx, before, after, now).await? {
            StaffSaved::Saved => {}
            // Of an address that nobody has changed here it is a change by somebody else as well.
            StaffSaved::Stale | StaffSaved::Taken => return Err(MemberError::Stale),
            StaffSaved::OwnerProtected => return Err(OwnerProtected.into()),
        }
        if matches!(after.state, StaffState::Disabled { .. }) {
            let whose = (Realm::Staff, after.id.uuid());
            account::void_tokens(tx, whose, &[TokenKind::Invite, TokenKind::Reset], now).await?;
        }
        let saved = staff::find(tx, after.id).await?.ok_or(MemberError::NotFound)?;
        let changes = Changes::of(subject(after.id))
            .field("state", before.state.name(), after.state.name())
            .hidden("name", Some(&before.name), Some(&after.name))
            .field("locale", before.locale.map(Locale::code), after.locale.map(Locale::code));
        audited.commit(action, &changes).await?;
        Ok(saved)
    }

    async fn remove_once(&self, by: &Permit<StaffWrite>, id: StaffId) -> Result<(), MemberError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let before = staff::find_for_update(audited.tx(), id).await?.ok_or(MemberError::NotFound)?;
        match staff::remove(audited.tx(), id).await? {
            Removed::Removed => {}
            Removed::Unknown => return Err(MemberError::NotFound),
            Removed::OwnerProtected => return Err(OwnerProtected.into()),
        }
        let changes = Changes::of(subject(id)).field("state", before.state.name(), None::<&str>).field(
            "roles",
            names(&before.roles),
            Vec::<String>::new(),
        );
        audited.commit("staff.remove", &changes).await?;
        Ok(())
    }

    async fn set_roles_once(
        &self,
        by: &Permit<StaffWrite>,
        id: StaffId,
        wanted: &[RoleId],
    ) -> Result<StaffMember, MemberError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let (tx, now) = (audited.tx(), self.0.now());
        let before = staff::find_for_update(tx, id).await?.ok_or(MemberError::NotFound)?;
        match staff::set_roles(tx, id, wanted, now).await? {
            RolesSet::Set => {}
            RolesSet::NoStaff => return Err(MemberError::NotFound),
            RolesSet::NoRole(role) => return Err(MemberError::NoRole(role)),
        }
        // Behind their lock: whoever is being given the shop at this moment has it by now.
        let after = staff::find(tx, id).await?.ok_or(MemberError::NotFound)?;
        if after.owner {
            return Err(OwnerProtected.into());
        }
        let added = permissions(tx, wanted).await?.without(permissions(tx, &before.roles).await?);
        may_grant(by.actor(), added)?;
        let changes = Changes::of(subject(id)).field("roles", names(&before.roles), names(&after.roles));
        audited.commit("staff.set_roles", &changes.or_none()).await?;
        Ok(after)
    }

    async fn reset_once(&self, by: &Permit<StaffWrite>, id: StaffId) -> Result<(), MemberError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        let member = staff::find_for_update(tx, id).await?.ok_or(MemberError::NotFound)?;
        if member.owner {
            return Err(OwnerProtected.into());
        }
        if member.state != StaffState::Enabled {
            return Err(MemberError::NotFound);
        }
        may_give_back(tx, by, &member).await?;
        let link = new_reset(ctx, tx, id).await?;
        let mut batch = Batch::new();
        jobs::write_to_account(ctx, &mut batch, &AccountMail::Link(link.id), now);
        batch.write(tx).await?;
        audited.commit("staff.reset", &Changes::of(subject(id))).await?;
        Ok(())
    }
}

/// Whether whoever acts may do themselves all that somebody's roles allow.
async fn may_give_back(
    tx: &WriteTx,
    by: &Permit<StaffWrite>,
    member: &StaffMember,
) -> Result<(), MemberError> {
    Ok(may_grant(by.actor(), permissions(tx, &member.roles).await?)?)
}
