//! The first owner of a shop, and what helps when nobody gets in any more: by the machine's own command line.

use super::{
    invite::{InvitationBody, Succession, name_of, new_invitation},
    password::ResetBody,
    person::subject,
    roles::put_built_in_roles,
};
use crate::{Context, account::links, audit::AuditedTx};
use secrecy::SecretString;
use std::{fmt, sync::Arc};
use stoa_domain::{
    access::{Permit, Who, grants::Ownership},
    account::{AccountToken, Realm, RevokedBecause, TokenKind},
    audit::Changes,
    shared::{EmailAddress, Fault, Locale, StaffId, Timestamp},
    staff::{StaffMember, StaffState},
};
use stoa_persistence::{
    WriteTx, account,
    db::retrying,
    staff::{self, Invited, NewStaff, Owned, StaffSaved},
};

/// Whose the shop is to be.
#[derive(Clone)]
pub struct NewOwner {
    /// Their address.
    pub email: EmailAddress,
    /// Whether they are to own it in the place of whoever does.
    pub replace: bool,
    /// The language they are written to in.
    pub locale: Option<Locale>,
}

/// Hides the person.
impl fmt::Debug for NewOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewOwner(replace: {})", self.replace)
    }
}

/// A link that is shown to whoever asks for it, and sent to nobody.
pub struct PrintedLink {
    /// The complete address.
    pub address: SecretString,
    /// Until when it works, once.
    pub until: Timestamp,
}

/// Hides it: it opens an account.
impl fmt::Debug for PrintedLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrintedLink(until {})", self.until)
    }
}

/// What became of it.
#[derive(Debug)]
pub enum OwnerCreated {
    /// The shop is theirs as soon as they have opened the link and chosen a password.
    Link(PrintedLink),
    /// They were on the staff: it is theirs now, and they sign in as before.
    Given,
}

/// Why the shop does not change hands, or nobody gets a link.
#[derive(Debug, thiserror::Error)]
pub enum CreateOwnerError {
    /// Who asks is not at the machine's command line.
    #[error("only the command line of the machine does that")]
    CommandLineOnly,
    /// The shop is somebody's, and they were not to be replaced.
    #[error("the shop has an owner")]
    HasOwner,
    /// It is theirs.
    #[error("the shop is theirs already")]
    IsOwner,
    /// There is nobody on the staff with that address who has ever joined.
    #[error("there is nobody with that address on the staff")]
    NotFound,
    /// Somebody else has changed it at the same moment.
    #[error("it was changed by somebody else at the same moment; try again")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
super::may_fault!(CreateOwnerError);

/// Makes owners.
pub struct CreateOwner(pub(crate) Arc<Context>);

impl CreateOwner {
    /// Makes somebody the owner of a shop that is nobody's, or is to be taken from whoever has it. Again makes another link, and the one
    /// before works no more. Nobody is shut out by it: who owned the shop is staff from then on.
    ///
    /// # Errors
    /// The shop has an owner who was not to be replaced, or already is theirs.
    #[tracing::instrument(name = "staff.create_owner", skip_all)]
    pub async fn run(
        &self,
        by: &Permit<Ownership>,
        new: &NewOwner,
    ) -> Result<OwnerCreated, CreateOwnerError> {
        at_the_machine(by)?;
        put_built_in_roles(&self.0).await?;
        let link = retrying(|| self.create_once(by, new)).await?;
        Ok(match link {
            Some(link) => OwnerCreated::Link(self.printed(&link)),
            None => OwnerCreated::Given,
        })
    }

    /// A link that sets a new password of anybody on the staff, and takes their second factor off: for whoever has lost it, the owner as
    /// well. Every sign-in of theirs ends at once.
    ///
    /// # Errors
    /// There is nobody with that address who has joined.
    #[tracing::instrument(name = "staff.reset_by_hand", skip_all)]
    pub async fn reset(
        &self,
        by: &Permit<Ownership>,
        email: &EmailAddress,
    ) -> Result<PrintedLink, CreateOwnerError> {
        at_the_machine(by)?;
        let link = retrying(|| self.reset_once(by, email)).await?;
        Ok(self.printed(&link))
    }

    async fn create_once(
        &self,
        by: &Permit<Ownership>,
        new: &NewOwner,
    ) -> Result<Option<AccountToken>, CreateOwnerError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        let from = staff::shop_owner(tx).await?;
        let member = known_or_new(ctx, tx, new).await?;
        if member.owner {
            return Err(CreateOwnerError::IsOwner);
        }
        if from.is_some() && !new.replace {
            return Err(CreateOwnerError::HasOwner);
        }
        let member = let_in(tx, member, now).await?;
        let link = if member.state == StaffState::Enabled {
            match staff::set_owner(tx, from, member.id).await? {
                Owned::Given => None,
                Owned::Stale | Owned::NotEnabled => return Err(CreateOwnerError::Stale),
            }
        } else {
            let body =
                InvitationBody { inviter: by.actor().name().to_owned(), owner: Some(Succession { from }) };
            Some(body)
        };
        let link = match link {
            Some(body) => Some(new_invitation(ctx, tx, member.id, &body, now).await?),
            None => None,
        };
        let given = link.is_none();
        let changes = Changes::of(subject(member.id)).field("owner", false, given);
        audited.commit("staff.create_owner", &changes).await?;
        Ok(link)
    }

    async fn reset_once(
        &self,
        by: &Permit<Ownership>,
        email: &EmailAddress,
    ) -> Result<AccountToken, CreateOwnerError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let found = staff::find_by_email(audited.tx(), email).await?.ok_or(CreateOwnerError::NotFound)?;
        let member = staff::find_for_update(audited.tx(), found.id).await?;
        let member = member.filter(|member| member.state == StaffState::Enabled);
        let member = member.ok_or(CreateOwnerError::NotFound)?;
        let link = new_reset(&self.0, audited.tx(), member.id).await?;
        audited.commit("staff.reset", &Changes::of(subject(member.id))).await?;
        Ok(link)
    }

    fn printed(&self, link: &AccountToken) -> PrintedLink {
        PrintedLink { address: links::address(&self.0, link).into(), until: link.expires_at }
    }
}

fn at_the_machine(by: &Permit<Ownership>) -> Result<(), CreateOwnerError> {
    match by.actor().who() {
        Who::Command { .. } => Ok(()),
        Who::Staff { .. } | Who::Key { .. } => Err(CreateOwnerError::CommandLineOnly),
    }
}

async fn known_or_new(ctx: &Context, tx: &WriteTx, new: &NewOwner) -> Result<StaffMember, CreateOwnerError> {
    let name =
        name_of(&new.email).ok_or(Fault::bug("staff.create_owner: an address without a name in it"))?;
    let id = StaffId::new(ctx.ports.ids.id());
    let asked = NewStaff { id, email: new.email.clone(), name, locale: new.locale };
    let (Invited::New(id) | Invited::Known(id)) = staff::invite(tx, &asked, ctx.now()).await?;
    staff::find(tx, id).await?.ok_or(CreateOwnerError::Stale)
}

/// Whoever was shut out is let in again: the shop is to be theirs.
async fn let_in(tx: &WriteTx, member: StaffMember, now: Timestamp) -> Result<StaffMember, CreateOwnerError> {
    if !matches!(member.state, StaffState::Disabled { .. }) {
        return Ok(member);
    }
    let back = member.clone().enable().map_err(|_| CreateOwnerError::Stale)?;
    match staff::save(tx, &member, &back, now).await? {
        StaffSaved::Saved => staff::find(tx, member.id).await?.ok_or(CreateOwnerError::Stale),
        StaffSaved::Stale | StaffSaved::Taken | StaffSaved::OwnerProtected => Err(CreateOwnerError::Stale),
    }
}

/// A link of somebody who is locked, that sets a new password and takes the second factor off; every sign-in ends, and the links there were work no more.
pub(super) async fn new_reset(ctx: &Context, tx: &WriteTx, id: StaffId) -> Result<AccountToken, Fault> {
    let (now, whose) = (ctx.now(), (Realm::Staff, id.uuid()));
    account::revoke_all(tx, whose, None, RevokedBecause::ByStaff, now).await?;
    account::void_tokens(tx, whose, &[TokenKind::Reset], now).await?;
    let body = ResetBody { drops_second_factor: true };
    let link = links::new_link(ctx, whose, TokenKind::Reset, Some(&body), now)?;
    account::insert_token(tx, &link).await?;
    Ok(link)
}
