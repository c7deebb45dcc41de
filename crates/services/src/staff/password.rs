//! A new password of a member of staff, by the link of a mail.

use super::person::{acting, subject};
use crate::{
    Context,
    account::{AccountMail, Client, NewPasswordError, hashed, links},
    audit::AuditedTx,
    customer::LinkUseError,
    jobs,
    limits::Hashings,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};
use stoa_domain::{
    account::{AccountToken, Realm, RevokedBecause, TokenKind},
    audit::Changes,
    shared::{Fault, StaffId},
    staff::{StaffMember, StaffState},
};
use stoa_persistence::{
    Batch,
    account::{self, PasswordHash},
    db::retrying,
    staff,
};

/// What somebody opens a link with.
pub struct StaffLinkUse {
    /// The token of the link.
    pub token: SecretString,
    /// The password to be.
    pub password: SecretString,
}

/// Hides both.
impl fmt::Debug for StaffLinkUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaffLinkUse(…)")
    }
}

/// What a link carries out that somebody else had made for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ResetBody {
    /// Whether the second factor goes as well: of somebody who has lost it. It goes with the password, never before: there is no moment
    /// at which the old password is all it takes.
    #[serde(default)]
    pub(super) drops_second_factor: bool,
}

/// Sets new passwords of staff by links.
pub struct ResetStaffPassword(pub(crate) Arc<Context>);

impl ResetStaffPassword {
    /// Sets the password and ends every sign-in there was. They are told by mail. It is no sign-in: whoever has a second factor is asked
    /// for it at the next one.
    ///
    /// # Errors
    /// The link does not work, the password cannot be taken, or the database does not answer.
    #[tracing::instrument(name = "staff.password_reset", skip_all)]
    pub async fn run(&self, given: &StaffLinkUse, client: &Client) -> Result<(), LinkUseError> {
        let ctx = &self.0;
        let link = opened(ctx, TokenKind::Reset, &given.token).await?;
        let body = link.body.as_ref().map(|_| links::body(&link)).transpose()?.unwrap_or_default();
        let member = staff::find(ctx.db().read(), StaffId::new(link.subject)).await?;
        let member = member.filter(|member| member.state == StaffState::Enabled);
        let member = member.ok_or(LinkUseError::Invalid)?;
        let about = [member.email.as_str(), member.name.as_str()];
        let password = hashed(ctx, given.password.expose_secret(), &about, client).await?;
        if !retrying(|| self.reset_once(&link, body, (&member, &password), client)).await? {
            return Err(LinkUseError::Invalid);
        }
        ctx.jobs_waiting.notify_one();
        Ok(())
    }

    /// False, and nothing has changed, if the link does not work any more.
    async fn reset_once(
        &self,
        link: &AccountToken,
        body: ResetBody,
        (member, password): (&StaffMember, &PasswordHash),
        client: &Client,
    ) -> Result<bool, Fault> {
        let (ctx, now) = (&self.0, self.0.now());
        let whose = (Realm::Staff, link.subject);
        let audited = AuditedTx::begin_by(ctx, acting(member, None, client)).await?;
        let tx = audited.tx();
        if !staff::set_password(tx, member.id, password, now).await? {
            return Ok(false);
        }
        let dropped = body.drops_second_factor && staff::remove_totp(tx, member.id, now).await?;
        account::revoke_all(tx, whose, None, RevokedBecause::PasswordChanged, now).await?;
        if account::take_token(tx, link.id, (Realm::Staff, TokenKind::Reset), now).await?.is_none() {
            return Ok(false);
        }
        account::void_tokens(tx, whose, &[TokenKind::Reset], now).await?;
        let mut batch = Batch::new();
        let mail = AccountMail::StaffPasswordChanged { of: member.id, about: link.id.uuid(), at: now };
        jobs::write_to_account(ctx, &mut batch, &mail, now);
        batch.write(tx).await?;
        let changes = Changes::of(subject(member.id)).field("secondFactor", dropped, false);
        audited.commit("staff.password_reset", &changes).await?;
        Ok(true)
    }
}

/// The row of a link of staff, before anything is done for it.
pub(super) async fn opened(
    ctx: &Context,
    kind: TokenKind,
    token: &SecretString,
) -> Result<AccountToken, LinkUseError> {
    let link = links::read(ctx, (Realm::Staff, kind), token.expose_secret()).await?;
    let link = link.ok_or(LinkUseError::Invalid)?;
    let hashings = Hashings::new(Arc::clone(ctx.limiter()));
    hashings.take_by_link(link.id).await?.map_err(NewPasswordError::from)?;
    Ok(link)
}
