//! Opening the link that ties an identity elsewhere to an account that there is.

use crate::{
    Context,
    account::{
        AccountMail, Client, SignedInNow,
        begin::{issue, new_session, note_place},
        links,
    },
    jobs,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use stoa_auth::{Presented, Purpose};
use stoa_domain::{
    account::{AccountToken, Realm, Session, SessionKind, TokenKind},
    customer::CustomerState,
    shared::{CustomerId, EmailAddress, Fault},
};
use stoa_persistence::{
    Batch, Durability, account,
    customer::{self, Linked, NewIdentity},
    db::retrying,
};

/// What the browser keeps that has shown the identity.
const BROWSER: Purpose = Purpose::of("oidc link browser");

/// What waits in the link.
#[derive(Serialize, Deserialize)]
pub(crate) struct IdentityBody {
    /// What people call the provider.
    pub(crate) provider: String,
    pub(super) issuer: String,
    pub(super) subject: String,
    /// The address that the provider vouches for, which the account had then.
    pub(super) email: EmailAddress,
}

/// What the browser keeps that has shown the identity of this link.
pub(super) fn browser_of(ctx: &Context, link: &AccountToken) -> SecretString {
    ctx.ports.auth.tokens.mint(BROWSER, link.id.uuid(), link.salt.bytes())
}

/// Why a link ties nothing.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmIdentityError {
    /// It is none of ours, was used, is over, or can do nothing any more: all alike.
    #[error("the link does not work")]
    Invalid,
    /// It was opened in another browser than the one that has shown the identity. It still works there.
    #[error("the link was opened in another browser")]
    OtherBrowser,
    /// The identity is another customer's by now.
    #[error("the identity is somebody else's")]
    IdentityTaken,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What came of tying.
enum Tied {
    Yes,
    /// The link does not work any more.
    No,
    Taken,
}

/// Ties identities to accounts.
pub struct ConfirmIdentity(pub(crate) Arc<Context>);

impl ConfirmIdentity {
    /// From now on the identity opens the account, and they are signed in. The mail proves the account and the browser the identity.
    /// Neither does alone: else a click of whoever reads that mailbox would open their account to a stranger, whose issuer has called
    /// that address theirs.
    ///
    /// # Errors
    /// The link does not work, or not in this browser; the identity is another's; or the database does not answer.
    #[tracing::instrument(name = "account.oidc_confirm", skip_all)]
    pub async fn run(
        &self,
        (token, browser): (&str, Option<&str>),
        kind: SessionKind,
        client: &Client,
    ) -> Result<SignedInNow, ConfirmIdentityError> {
        let ctx = &self.0;
        let link = links::read(ctx, (Realm::Customer, TokenKind::Link), token).await?;
        let link = link.ok_or(ConfirmIdentityError::Invalid)?;
        let browser = browser.and_then(|text| Presented::parse(BROWSER, text));
        let is_the_one = browser.is_some_and(|browser| {
            browser.id() == link.id.uuid() && ctx.ports.auth.tokens.proves(&browser, link.salt.bytes())
        });
        if !is_the_one {
            return Err(ConfirmIdentityError::OtherBrowser);
        }
        let body: IdentityBody = links::body(&link)?;
        let session = new_session(ctx, (Realm::Customer, link.subject), kind, false, client);
        match retrying(|| self.tie_once(&link, &body, &session)).await? {
            Tied::Yes => {}
            Tied::No => return Err(ConfirmIdentityError::Invalid),
            Tied::Taken => return Err(ConfirmIdentityError::IdentityTaken),
        }
        ctx.jobs_waiting.notify_one();
        Ok(issue(ctx, &session, None).await?)
    }

    async fn tie_once(
        &self,
        link: &AccountToken,
        body: &IdentityBody,
        session: &Session,
    ) -> Result<Tied, Fault> {
        let ctx = &self.0;
        let (now, of) = (ctx.now(), CustomerId::new(link.subject));
        let tx = ctx.db().write(Durability::Full).await?;
        let Some(owner) = customer::find_for_update(&tx, of).await? else { return Ok(Tied::No) };
        if !matches!(owner.state, CustomerState::Enabled { .. }) || owner.email.key() != body.email.key() {
            return Ok(Tied::No);
        }
        let new = NewIdentity { issuer: &body.issuer, subject: &body.subject, email: Some(&body.email) };
        let linked = customer::link(&tx, of, new, now).await?;
        match linked {
            Linked::Linked | Linked::Already => {}
            Linked::SomebodyElses(_) => return Ok(Tied::Taken),
            Linked::NoCustomer => return Ok(Tied::No),
        }
        account::insert_session(&tx, session).await?;
        if account::take_token(&tx, link.id, (Realm::Customer, TokenKind::Link), now).await?.is_none() {
            return Ok(Tied::No);
        }
        note_place(&tx, session).await?;
        if linked == Linked::Linked {
            let mut batch = Batch::new();
            let mail = AccountMail::IdentityLinked { of, about: link.id.uuid(), at: now };
            jobs::write_to_account(ctx, &mut batch, &mail, now);
            batch.write(&tx).await?;
        }
        tx.commit().await?;
        Ok(Tied::Yes)
    }
}
