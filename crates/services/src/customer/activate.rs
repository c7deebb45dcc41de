//! Beginning an account: the link of the mail proves the address, and its owner chooses a password.

use super::{
    link_use::{self, LinkUse, LinkUseError},
    register::RegistrationBody,
};
use crate::{
    Context,
    account::{Client, SignedInNow, hashed, links, note_place},
};
use secrecy::ExposeSecret;
use std::sync::Arc;
use stoa_domain::{
    account::{AccountToken, Realm, Session, TokenKind},
    customer::{Consent, ConsentKind, ConsentSource, Customer, CustomerState},
    shared::{CustomerId, Fault},
};
use stoa_persistence::{
    Durability, WriteTx,
    account::{self, PasswordHash},
    customer::{self, Saved},
    db::retrying,
    order,
};

/// Begins accounts.
pub struct ActivateCustomer(pub(crate) Arc<Context>);

impl ActivateCustomer {
    /// The account is its owner's from now on: with the password, and with what was said while registering. Orders that were placed
    /// with the address before are theirs as well. They are signed in.
    ///
    /// # Errors
    /// The link does not work, the password cannot be taken, or the database does not answer.
    #[tracing::instrument(name = "customer.activate", skip_all)]
    pub async fn run(&self, given: &LinkUse, client: &Client) -> Result<SignedInNow, LinkUseError> {
        let ctx = &self.0;
        let link = link_use::read(ctx, TokenKind::Activate, given).await?;
        let customer = customer::find(ctx.db().read(), CustomerId::new(link.subject)).await?;
        let customer = customer.filter(|c| c.state == CustomerState::Pending);
        let email = customer.ok_or(LinkUseError::Invalid)?.email;
        let body: RegistrationBody = links::body(&link)?;
        let words = body.details.words();
        let about: Vec<&str> = words.iter().map(String::as_str).chain([email.as_str()]).collect();
        let password = hashed(ctx, given.password.expose_secret(), &about, client).await?;
        let session = link_use::session(ctx, &link, given.kind, client);
        if !retrying(|| self.activate_once(&link, &body, &password, &session)).await? {
            return Err(LinkUseError::Invalid);
        }
        link_use::signed_in(ctx, &session).await
    }

    /// False, and nothing has changed, if the link does not work any more.
    async fn activate_once(
        &self,
        link: &AccountToken,
        body: &RegistrationBody,
        password: &PasswordHash,
        session: &Session,
    ) -> Result<bool, Fault> {
        let ctx = &self.0;
        let now = ctx.now();
        let id = CustomerId::new(link.subject);
        let tx = ctx.db().write(Durability::Full).await?;
        let Some(before) = customer::find_for_update(&tx, id).await? else { return Ok(false) };
        if before.state != CustomerState::Pending {
            return Ok(false);
        }
        let state = CustomerState::Enabled { verified_at: now };
        let after = Customer { state, ..body.details.clone().of(&before) };
        if customer::save(&tx, &before, &after, now).await? != Saved::Saved {
            return Err(Fault::bug("customer.activate: an account that was locked has changed"));
        }
        if !customer::set_password(&tx, id, password, now).await? {
            return Err(Fault::bug("customer.activate: an account that was enabled is not"));
        }
        if body.accepts_marketing {
            self.agree(&tx, id, body, link).await?;
        }
        account::insert_session(&tx, session).await?;
        let kind = (Realm::Customer, TokenKind::Activate);
        if account::take_token(&tx, link.id, kind, now).await?.is_none() {
            return Ok(false);
        }
        account::void_tokens(&tx, (Realm::Customer, id.uuid()), &[TokenKind::Activate], now).await?;
        note_place(&tx, session).await?;
        order::claim(&tx, id, &after.email).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What was agreed to while registering counts from now on, and as of then.
    async fn agree(
        &self,
        tx: &WriteTx,
        id: CustomerId,
        body: &RegistrationBody,
        link: &AccountToken,
    ) -> Result<(), Fault> {
        let consent = Consent {
            kind: ConsentKind::EmailMarketing,
            granted: true,
            wording: body.wording.clone(),
            source: ConsentSource::Register,
            actor: "customer".to_owned(),
            at: link.created_at,
        };
        let row = self.0.ports.ids.id();
        customer::record_consent(tx, id, row, &consent, self.0.now()).await.map(drop)
    }
}
