//! Asking somebody to join the staff.

use super::person::subject;
use crate::{
    Context,
    account::{AccountMail, links},
    audit::AuditedTx,
    jobs,
};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};
use stoa_domain::{
    access::{Permissions, Permit, grants::StaffWrite},
    account::{AccountToken, Realm, TokenKind},
    audit::Changes,
    shared::{EmailAddress, Fault, Locale, RoleId, StaffId, Timestamp},
    staff::{NotGrantable, StaffMember, StaffName, StaffState, may_grant},
};
use stoa_persistence::{
    Batch, WriteTx, account,
    db::retrying,
    staff::{self, Invited, NewStaff, RolesSet},
};

/// Whom to ask.
#[derive(Clone)]
pub struct Invitation {
    /// Their address.
    pub email: EmailAddress,
    /// What they are called, if that is known: they say so themselves when they join.
    pub name: Option<StaffName>,
    /// The roles they are to have.
    pub roles: Vec<RoleId>,
    /// The language they are written to in.
    pub locale: Option<Locale>,
}

/// Hides the person.
impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invitation({:?})", self.roles)
    }
}

/// Why somebody is not asked.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// Somebody with that address is on the staff, or was shut out.
    #[error("somebody with that address is on the staff")]
    OnStaff,
    /// There is no such role.
    #[error("there is no role {0}")]
    NoRole(RoleId),
    /// A role allows what the one who asks may not do themselves.
    #[error(transparent)]
    NotGrantable(#[from] NotGrantable),
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
super::may_fault!(InviteError);

/// What the link of an invitation carries out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InvitationBody {
    /// Who asks, as the mail names them.
    pub(crate) inviter: String,
    /// Of whoever is to own the shop.
    #[serde(default)]
    pub(super) owner: Option<Succession>,
}

/// The shop changes hands when the invitation is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Succession {
    /// Whose it was when that was decided; `None`: nobody's.
    pub(super) from: Option<StaffId>,
}

/// Asks people to join.
pub struct InviteStaff(pub(crate) Arc<Context>);

impl InviteStaff {
    /// Has a link sent to the address by which they join. Whoever has been asked before and has not answered is sent another one, and has
    /// these roles and no others.
    ///
    /// # Errors
    /// They are on the staff, or a role cannot be given.
    #[tracing::instrument(name = "staff.invite", skip_all)]
    pub async fn run(&self, by: &Permit<StaffWrite>, asked: &Invitation) -> Result<StaffMember, InviteError> {
        let invited = retrying(|| self.invite_once(by, asked)).await?;
        self.0.jobs_waiting.notify_one();
        Ok(invited)
    }

    async fn invite_once(
        &self,
        by: &Permit<StaffWrite>,
        asked: &Invitation,
    ) -> Result<StaffMember, InviteError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        let id = put(ctx, tx, asked).await?;
        let before = staff::find(tx, id).await?.filter(|member| member.state == StaffState::Invited);
        let before = before.ok_or(InviteError::OnStaff)?;
        match staff::set_roles(tx, id, &asked.roles, now).await? {
            RolesSet::Set => {}
            RolesSet::NoRole(role) => return Err(InviteError::NoRole(role)),
            RolesSet::NoStaff => return Err(InviteError::OnStaff),
        }
        // Behind their lock: as they are now.
        may_grant(by.actor(), permissions(tx, &asked.roles).await?)?;
        let inviter = by.actor().name().to_owned();
        let link = new_invitation(ctx, tx, id, &InvitationBody { inviter, owner: None }, now).await?;
        let mut batch = Batch::new();
        jobs::write_to_account(ctx, &mut batch, &AccountMail::Link(link.id), now);
        batch.write(tx).await?;
        let after = staff::find(tx, id).await?.ok_or(InviteError::OnStaff)?;
        let changes = Changes::of(subject(id)).field("roles", names(&before.roles), names(&after.roles));
        audited.commit("staff.invite", &changes).await?;
        Ok(after)
    }
}

/// Puts somebody on the list; whoever is on it is who they are.
async fn put(ctx: &Context, tx: &WriteTx, asked: &Invitation) -> Result<StaffId, Fault> {
    let named = asked.name.clone().or_else(|| name_of(&asked.email));
    let name = named.ok_or(Fault::bug("staff.invite: an address without a name in it"))?;
    let id = StaffId::new(ctx.ports.ids.id());
    let new = NewStaff { id, email: asked.email.clone(), name, locale: asked.locale };
    Ok(match staff::invite(tx, &new, ctx.now()).await? {
        Invited::New(id) | Invited::Known(id) => id,
    })
}

/// What somebody is called of whom nothing but the address is known.
pub(super) fn name_of(email: &EmailAddress) -> Option<StaffName> {
    let local = email.as_str().split('@').next().unwrap_or_default();
    StaffName::parse(local).or_else(|| StaffName::parse(email.as_str()))
}

/// A link by which somebody joins. Those they were sent before work no more.
pub(super) async fn new_invitation(
    ctx: &Context,
    tx: &WriteTx,
    id: StaffId,
    body: &InvitationBody,
    now: Timestamp,
) -> Result<AccountToken, Fault> {
    let whose = (Realm::Staff, id.uuid());
    account::void_tokens(tx, whose, &[TokenKind::Invite], now).await?;
    let link = links::new_link(ctx, whose, TokenKind::Invite, Some(body), now)?;
    account::insert_token(tx, &link).await?;
    Ok(link)
}

/// What roles allow together.
pub(super) async fn permissions(tx: &WriteTx, roles: &[RoleId]) -> Result<Permissions, Fault> {
    let found = staff::find_roles(tx, roles).await?;
    Ok(found.iter().fold(Permissions::NONE, |all, role| all.with(role.permissions)))
}

/// Roles as the log names them.
pub(super) fn names(roles: &[RoleId]) -> Vec<String> {
    roles.iter().map(ToString::to_string).collect()
}
