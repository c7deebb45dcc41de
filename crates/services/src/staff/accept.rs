//! Joining the staff, by the link of an invitation.

use super::{
    invite::InvitationBody,
    password::opened,
    person::{acting, subject},
};
use crate::{
    Context,
    account::{Client, SignedInNow, hashed, issue, links, new_session, note_place},
    audit::AuditedTx,
    customer::LinkUseError,
};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, sync::Arc};
use stoa_domain::{
    account::{AccountToken, Realm, Session, SessionKind, TokenKind},
    audit::Changes,
    shared::{Fault, StaffId},
    staff::{StaffMember, StaffName, StaffState},
};
use stoa_persistence::{
    account::{self, PasswordHash},
    db::retrying,
    staff::{self, Owned, StaffSaved},
};

/// An answer to an invitation.
pub struct Acceptance {
    /// The token of the link.
    pub token: SecretString,
    /// What they are called.
    pub name: StaffName,
    /// The password to be.
    pub password: SecretString,
    /// What the sign-in that follows is to be shown by.
    pub kind: SessionKind,
}

/// Hides the person and what they show.
impl fmt::Debug for Acceptance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Acceptance({:?})", self.kind)
    }
}

/// Lets people join.
pub struct AcceptInvitation(pub(crate) Arc<Context>);

impl AcceptInvitation {
    /// Sets name and password, and signs them in. The first owner's link makes the shop theirs.
    ///
    /// # Errors
    /// The link does not work, or the password cannot be taken.
    #[tracing::instrument(name = "staff.accept", skip_all)]
    pub async fn run(&self, given: &Acceptance, client: &Client) -> Result<SignedInNow, LinkUseError> {
        let ctx = &self.0;
        if given.kind == SessionKind::Storefront {
            return Err(Fault::bug("staff.accept: a storefront's token is customers' alone").into());
        }
        let link = opened(ctx, TokenKind::Invite, &given.token).await?;
        let body: InvitationBody = links::body(&link)?;
        let member = staff::find(ctx.db().read(), StaffId::new(link.subject)).await?;
        let member = member.filter(|member| member.state == StaffState::Invited);
        let member = member.ok_or(LinkUseError::Invalid)?;
        let about = [member.email.as_str(), given.name.as_str()];
        let password = hashed(ctx, given.password.expose_secret(), &about, client).await?;
        let joined = StaffMember { name: given.name.clone(), ..member.clone() };
        let joined = joined.accept().map_err(|_| LinkUseError::Invalid)?;
        let session = new_session(ctx, (Realm::Staff, link.subject), given.kind, false, client);
        let joining = Joining { link: &link, body: &body, before: &member, after: &joined, client };
        if !retrying(|| self.accept_once(&joining, &password, &session)).await? {
            return Err(LinkUseError::Invalid);
        }
        Ok(issue(ctx, &session, None).await?)
    }

    /// False, and nothing has changed, if the link does not work any more.
    async fn accept_once(
        &self,
        joining: &Joining<'_>,
        password: &PasswordHash,
        session: &Session,
    ) -> Result<bool, Fault> {
        let Joining { link, body, before, after, client } = joining;
        let (ctx, now, id) = (&self.0, self.0.now(), after.id);
        let audited = AuditedTx::begin_by(ctx, acting(after, Some(session.id), client)).await?;
        let tx = audited.tx();
        if staff::save(tx, before, after, now).await? != StaffSaved::Saved
            || !staff::set_password(tx, id, password, now).await?
        {
            return Ok(false);
        }
        if let Some(succession) = body.owner
            && staff::set_owner(tx, succession.from, id).await? != Owned::Given
        {
            return Ok(false);
        }
        account::insert_session(tx, session).await?;
        if account::take_token(tx, link.id, (Realm::Staff, TokenKind::Invite), now).await?.is_none() {
            return Ok(false);
        }
        note_place(tx, session).await?;
        let changes = Changes::of(subject(id))
            .field("state", before.state.name(), after.state.name())
            .hidden("name", Some(&before.name), Some(&after.name))
            .field("owner", false, body.owner.is_some());
        audited.commit("staff.accept", &changes).await?;
        Ok(true)
    }
}

/// Somebody who joins.
struct Joining<'a> {
    link: &'a AccountToken,
    body: &'a InvitationBody,
    before: &'a StaffMember,
    after: &'a StaffMember,
    client: &'a Client,
}
