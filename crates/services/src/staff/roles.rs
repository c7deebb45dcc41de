//! Roles: what people may do, by name.

use crate::{Context, audit::AuditedTx};
use std::sync::Arc;
use stoa_domain::{
    access::{
        Permissions, Permit,
        grants::{RolesRead, RolesWrite},
    },
    audit::{AuditActor, Changes, Subject},
    shared::{Fault, RoleId},
    staff::{Role, RoleRefusal, may_grant},
};
use stoa_persistence::{
    WriteTx,
    db::retrying,
    staff::{self, RoleRemoved, RoleSaved},
};

/// Why a role is not so.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// It breaks a rule, or gives what the one who writes it may not do themselves.
    #[error(transparent)]
    Refused(#[from] RoleRefusal),
    /// There is none.
    #[error("there is no such role")]
    NotFound,
    /// Another one has the name, in any letter case.
    #[error("another role has that name")]
    Taken,
    /// Somebody has it.
    #[error("somebody has that role")]
    InUse,
    /// Somebody else has changed it at the same moment.
    #[error("it was changed by somebody else at the same moment")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
super::may_fault!(RoleError);

/// Roles.
pub struct Roles(pub(crate) Arc<Context>);

impl Roles {
    /// Every one, by name. A shop has a handful.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "role.list", skip_all)]
    pub async fn list(&self, _by: &Permit<RolesRead>) -> Result<Vec<Role>, Fault> {
        staff::roles(self.0.db().read()).await
    }

    /// Makes one.
    ///
    /// # Errors
    /// A rule is broken, or the name is another's.
    #[tracing::instrument(name = "role.create", skip_all)]
    pub async fn create(
        &self,
        by: &Permit<RolesWrite>,
        (name, allows): (&str, Permissions),
    ) -> Result<Role, RoleError> {
        let id = RoleId::new(self.0.ports.ids.id());
        retrying(|| self.create_once(by, id, (name, allows))).await
    }

    /// Changes one for everybody who has it, at once.
    ///
    /// # Errors
    /// A rule is broken, it is built in, or the name is another's.
    #[tracing::instrument(name = "role.update", skip_all)]
    pub async fn update(
        &self,
        by: &Permit<RolesWrite>,
        id: RoleId,
        (name, allows): (&str, Permissions),
    ) -> Result<Role, RoleError> {
        retrying(|| self.update_once(by, id, (name, allows))).await
    }

    /// Takes one away that nobody has.
    ///
    /// # Errors
    /// Somebody has it, or it is built in.
    #[tracing::instrument(name = "role.delete", skip_all)]
    pub async fn delete(&self, by: &Permit<RolesWrite>, id: RoleId) -> Result<(), RoleError> {
        retrying(|| self.delete_once(by, id)).await
    }

    async fn create_once(
        &self,
        by: &Permit<RolesWrite>,
        id: RoleId,
        (name, allows): (&str, Permissions),
    ) -> Result<Role, RoleError> {
        let draft = Role::try_new(name, allows)?;
        may_grant(by.actor(), draft.permissions()).map_err(RoleRefusal::from)?;
        let audited = AuditedTx::begin(&self.0, by).await?;
        if !staff::insert_role(audited.tx(), id, &draft, self.0.now()).await? {
            return Err(RoleError::Taken);
        }
        let role = one(audited.tx(), id).await?;
        let changes = Changes::of(subject(id)).field("name", None::<&str>, role.name.as_str()).field(
            "permissions",
            Vec::<String>::new(),
            Vec::<String>::from(role.permissions),
        );
        audited.commit("role.create", &changes).await?;
        Ok(role)
    }

    async fn update_once(
        &self,
        by: &Permit<RolesWrite>,
        id: RoleId,
        (name, allows): (&str, Permissions),
    ) -> Result<Role, RoleError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let before = one(audited.tx(), id).await?;
        let draft = before.change(Role::try_new(name, allows)?, by.actor())?;
        if draft.name() == before.name && draft.permissions() == before.permissions {
            return Ok(before);
        }
        match staff::update_role(audited.tx(), &before, &draft, self.0.now()).await? {
            RoleSaved::Saved => {}
            RoleSaved::Stale => return Err(RoleError::Stale),
            RoleSaved::Taken => return Err(RoleError::Taken),
        }
        let after = one(audited.tx(), id).await?;
        let listed = |role: &Role| Vec::<String>::from(role.permissions);
        let changes = Changes::of(subject(id))
            .field("name", before.name.as_str(), after.name.as_str())
            .field("permissions", listed(&before), listed(&after));
        audited.commit("role.update", &changes).await?;
        Ok(after)
    }

    async fn delete_once(&self, by: &Permit<RolesWrite>, id: RoleId) -> Result<(), RoleError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let before = one(audited.tx(), id).await?;
        match staff::remove_role(audited.tx(), id).await? {
            RoleRemoved::Removed => {}
            RoleRemoved::Unknown => return Err(RoleError::NotFound),
            RoleRemoved::InUse => return Err(RoleError::InUse),
            RoleRemoved::BuiltIn => return Err(RoleRefusal::BuiltIn.into()),
        }
        let changes = Changes::of(subject(id)).field("name", before.name.as_str(), None::<&str>).field(
            "permissions",
            Vec::<String>::from(before.permissions),
            Vec::<String>::new(),
        );
        audited.commit("role.delete", &changes).await?;
        Ok(())
    }
}

fn subject(id: RoleId) -> Subject {
    Subject::new(RoleId::TYPE, id)
}

async fn one(tx: &WriteTx, id: RoleId) -> Result<Role, RoleError> {
    staff::find_roles(tx, &[id]).await?.pop().ok_or(RoleError::NotFound)
}

/// Gives the built-in roles of a shop that has staff what this version has added to them. Again changes nothing.
pub(crate) async fn keep_built_in_roles(ctx: &Context) -> Result<(), Fault> {
    match staff::shop_owner(ctx.db().read()).await? {
        Some(_) => put_built_in_roles(ctx).await,
        None => Ok(()),
    }
}

/// Puts in the roles that a shop comes with. Again changes nothing.
pub(super) async fn put_built_in_roles(ctx: &Context) -> Result<(), Fault> {
    retrying(|| put_once(ctx)).await
}

async fn put_once(ctx: &Context) -> Result<(), Fault> {
    let audited = AuditedTx::begin_by(ctx, AuditActor::system("roles.built_in")).await?;
    let written = staff::put_built_in_roles(audited.tx(), &*ctx.ports.ids, ctx.now()).await?;
    let count = i64::try_from(written).unwrap_or(i64::MAX);
    let changes = Changes::of(Subject::only("BuiltInRoles")).field("changed", 0_i64, count).or_none();
    audited.commit("role.built_in", &changes).await?;
    Ok(())
}
