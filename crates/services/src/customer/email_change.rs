//! Another address: asked for by whoever proves once more who they are, proved by a link to the new one, and told to both.

use crate::{
    Context,
    account::{AccountMail, Client, Proved, Reproof, SignInError, links, prove_again, still_proved},
    jobs,
    limits::AskedMail,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use stoa_domain::{
    access::SignedIn,
    account::{AccountToken, Realm, TokenKind},
    customer::{Customer, CustomerState},
    shared::{CustomerId, EmailAddress, Fault},
};
use stoa_persistence::{
    Batch, Durability, account,
    customer::{self, Saved},
    db::retrying,
    order,
};

/// Links that were sent to the address that an account had before, or that rest on it.
const VOID_BY_ADDRESS: [TokenKind; 5] =
    [TokenKind::Reset, TokenKind::Email, TokenKind::Link, TokenKind::Activate, TokenKind::Archive];

/// Why no mail is sent.
#[derive(Debug, thiserror::Error)]
pub enum EmailChangeError {
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    Email,
    /// The password is wrong, was guessed at too often, or the sign-in is too old to do without.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why an address stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum EmailConfirmError {
    /// The link is none of ours, was used, is over, or the address is somebody else's by now: all alike.
    #[error("the link does not work")]
    Invalid,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What waits in the link.
#[derive(Serialize, Deserialize)]
pub(crate) struct EmailBody {
    pub(crate) old: EmailAddress,
    pub(crate) new: EmailAddress,
}

/// Changes addresses.
pub struct EmailChange(pub(crate) Arc<Context>);

impl EmailChange {
    /// Has a link sent to the new address, and word of it to the present one. An address that somebody else has is answered the same;
    /// they are told that it was tried. Beyond so many mails an hour none is sent, and the answer is the same.
    ///
    /// # Errors
    /// It is no address, the proof is none, or the database does not answer.
    #[tracing::instrument(name = "customer.email_change", skip_all)]
    pub async fn ask(
        &self,
        who: SignedIn,
        (new, by): (&str, Reproof<'_>),
        client: &Client,
    ) -> Result<(), EmailChangeError> {
        let new = EmailAddress::parse(new).map_err(|_| EmailChangeError::Email)?;
        let proved = prove_again(&self.0, who, by, client).await?;
        let mails = AskedMail::new(Arc::clone(self.0.limiter()));
        if !mails.take(client.address, TokenKind::Email, &new).await? {
            return Ok(());
        }
        if !retrying(|| self.ask_once(&proved, &new)).await? {
            return Err(SignInError::Unidentified.into());
        }
        self.0.jobs_waiting.notify_one();
        Ok(())
    }

    /// False if they are not who they were when their password was compared.
    async fn ask_once(&self, proved: &Proved, new: &EmailAddress) -> Result<bool, Fault> {
        let ctx = &self.0;
        let now = ctx.now();
        let tx = ctx.db().write(Durability::Relaxed).await?;
        if !still_proved(ctx, &tx, proved).await? {
            return Ok(false);
        }
        let who = &proved.who;
        let Some(customer) = customer::find(&tx, who.subject.into()).await? else { return Ok(false) };
        let body = EmailBody { old: customer.email, new: new.clone() };
        let link = links::new_link(ctx, (Realm::Customer, who.subject), TokenKind::Email, Some(&body), now)?;
        account::insert_token(&tx, &link).await?;
        let mut batch = Batch::new();
        jobs::write_to_account(ctx, &mut batch, &AccountMail::Link(link.id), now);
        jobs::write_to_account(ctx, &mut batch, &AccountMail::EmailNotice(link.id), now);
        batch.write(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The link was opened by who asked for it: the address is the account's from now on, and both hear of it. Only they, signed in: the
    /// link proves the address and they prove the account. Else a click of whoever reads that mailbox would make their address, and
    /// what they have ordered as a guest, a stranger's; and a mistyped address would be the way into the account.
    ///
    /// # Errors
    /// The link does not work or is another's, or the database does not answer.
    #[tracing::instrument(name = "customer.email_confirm", skip_all)]
    pub async fn confirm(&self, who: SignedIn, token: &str) -> Result<(), EmailConfirmError> {
        let ctx = &self.0;
        let link = links::read(ctx, (Realm::Customer, TokenKind::Email), token).await?;
        let link =
            link.filter(|link| link.subject == who.customer.uuid()).ok_or(EmailConfirmError::Invalid)?;
        let body: EmailBody = links::body(&link)?;
        retrying(|| self.make_room_once(&link, &body)).await?;
        if !retrying(|| self.confirm_once(&link, &body)).await? {
            return Err(EmailConfirmError::Invalid);
        }
        ctx.jobs_waiting.notify_one();
        Ok(())
    }

    /// An account with the new address that nobody has ever proved gives way to the one whose owner just has: or anybody could keep an
    /// address from its owner by registering with it.
    async fn make_room_once(&self, link: &AccountToken, body: &EmailBody) -> Result<(), Fault> {
        let ctx = &self.0;
        let read = ctx.db().read();
        let other = customer::find_by_email(read, &body.new).await?;
        let Some(other) = other.filter(|o| o.id.uuid() != link.subject) else { return Ok(()) };
        let tx = ctx.db().write(Durability::Full).await?;
        let Some(other) = customer::find_for_update(&tx, other.id).await? else { return Ok(()) };
        if other.state != CustomerState::Pending || other.email.key() != body.new.key() {
            return Ok(());
        }
        let consent = ctx.ports.ids.id();
        customer::erase(&tx, other.id, consent, "system", ctx.now()).await?;
        tx.commit().await
    }

    /// False, and nothing has changed, if the link does not work any more.
    async fn confirm_once(&self, link: &AccountToken, body: &EmailBody) -> Result<bool, Fault> {
        let ctx = &self.0;
        let now = ctx.now();
        let id = CustomerId::new(link.subject);
        let whose = (Realm::Customer, link.subject);
        let tx = ctx.db().write(Durability::Full).await?;
        let Some(before) = customer::find_for_update(&tx, id).await? else { return Ok(false) };
        if !matches!(before.state, CustomerState::Enabled { .. }) {
            return Ok(false);
        }
        let state = CustomerState::Enabled { verified_at: now };
        let after = Customer { state, email: body.new.clone(), ..before.clone() };
        match customer::save(&tx, &before, &after, now).await? {
            Saved::Saved => {}
            Saved::Taken => return Ok(false),
            Saved::Stale => return Err(Fault::bug("customer.email: an account that was locked has changed")),
        }
        if account::take_token(&tx, link.id, (Realm::Customer, TokenKind::Email), now).await?.is_none() {
            return Ok(false);
        }
        account::void_tokens(&tx, whose, &VOID_BY_ADDRESS, now).await?;
        order::claim(&tx, id, &after.email).await?;
        let mut batch = Batch::new();
        for mail in [AccountMail::EmailChangedFrom(link.id), AccountMail::EmailChangedTo(link.id)] {
            jobs::write_to_account(ctx, &mut batch, &mail, now);
        }
        batch.write(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
