//! A new password, by the link of a mail.

use super::link_use::{self, LinkUse, LinkUseError};
use crate::{
    Context,
    account::{AccountMail, Client, SignedInNow, hashed, note_place},
    jobs,
};
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use std::sync::Arc;
use stoa_domain::{
    account::{AccountToken, Realm, RevokedBecause, Session, TokenKind},
    customer::CustomerState,
    shared::{CustomerId, Fault},
};
use stoa_persistence::{
    Batch, Durability,
    account::{self, PasswordHash},
    customer,
    db::retrying,
};

/// Links that must not work any more once there is a new password: whoever had them sent may be the one it is to keep out.
pub(super) const VOID_BY_PASSWORD: [TokenKind; 4] =
    [TokenKind::Reset, TokenKind::Email, TokenKind::Link, TokenKind::Archive];

/// How long an identity elsewhere has to be connected for a reset to leave it. Whoever has had the account may have connected theirs, and
/// would keep a way in; whose is older has been told of it by mail, and has seen it in their account, for all that time.
const PROVED_BY_TIME: TimeDelta = TimeDelta::days(30);

/// Sets new passwords by links.
pub struct ResetPassword(pub(crate) Arc<Context>);

impl ResetPassword {
    /// Sets the password, ends every sign-in there was, and begins one. What was connected elsewhere in the last 30 days opens the account
    /// no more until it is connected again. The customer is told by mail.
    ///
    /// # Errors
    /// The link does not work, the password cannot be taken, or the database does not answer.
    #[tracing::instrument(name = "customer.reset", skip_all)]
    pub async fn run(&self, given: &LinkUse, client: &Client) -> Result<SignedInNow, LinkUseError> {
        let ctx = &self.0;
        let link = link_use::read(ctx, TokenKind::Reset, given).await?;
        let customer = customer::find(ctx.db().read(), CustomerId::new(link.subject)).await?;
        let customer = customer.filter(|c| matches!(c.state, CustomerState::Enabled { .. }));
        let customer = customer.ok_or(LinkUseError::Invalid)?;
        let about = [customer.email.as_str(), &customer.display_name()];
        let password = hashed(ctx, given.password.expose_secret(), &about, client).await?;
        let session = link_use::session(ctx, &link, given.kind, client);
        if !retrying(|| self.reset_once(&link, &password, &session)).await? {
            return Err(LinkUseError::Invalid);
        }
        link_use::signed_in(ctx, &session).await
    }

    /// False, and nothing has changed, if the link does not work any more.
    async fn reset_once(
        &self,
        link: &AccountToken,
        password: &PasswordHash,
        session: &Session,
    ) -> Result<bool, Fault> {
        let ctx = &self.0;
        let now = ctx.now();
        let id = CustomerId::new(link.subject);
        let whose = (Realm::Customer, link.subject);
        let tx = ctx.db().write(Durability::Full).await?;
        if customer::find_for_update(&tx, id).await?.is_none()
            || !customer::set_password(&tx, id, password, now).await?
        {
            return Ok(false);
        }
        let disconnected = customer::unlink_since(&tx, id, now - PROVED_BY_TIME).await? > 0;
        account::revoke_all(&tx, whose, None, RevokedBecause::PasswordChanged, now).await?;
        account::insert_session(&tx, session).await?;
        if account::take_token(&tx, link.id, (Realm::Customer, TokenKind::Reset), now).await?.is_none() {
            return Ok(false);
        }
        account::void_tokens(&tx, whose, &VOID_BY_PASSWORD, now).await?;
        note_place(&tx, session).await?;
        let mut batch = Batch::new();
        let mail = AccountMail::PasswordChanged { of: id, about: link.id.uuid(), at: now, disconnected };
        jobs::write_to_account(ctx, &mut batch, &mail, now);
        batch.write(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
