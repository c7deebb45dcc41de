//! Registering. Whoever does is told the same in any case; whose the address is, its mail finds out.

use super::details::{Details, DetailsRefusal, GivenDetails};
use crate::{
    Context,
    account::{AccountMail, Client, links},
    jobs,
    limits::AskedMail,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use stoa_domain::{
    account::{Password, PasswordRefusal, Realm, TokenKind},
    customer::{Consent, WordingTooLong},
    shared::{CustomerId, EmailAddress, Fault, Locale},
};
use stoa_persistence::{
    Batch, Durability, account,
    customer::{self, NewCustomer, Registered},
    db::retrying,
};

/// What somebody registers with.
#[derive(Clone, Default)]
pub struct Registration {
    /// The address, as typed.
    pub email: String,
    /// A password, if one was asked for: it is held against the rule, and kept nowhere. Whoever proves the address chooses theirs, or
    /// somebody could prepare an account for another's address and wait for them to prove it.
    pub password: Option<String>,
    /// What they say of themselves.
    pub details: GivenDetails,
    /// Whether they want advertisements by mail.
    pub accepts_marketing: bool,
    /// What they were shown when they said so.
    pub wording: Option<String>,
}

/// Hides the person.
impl std::fmt::Debug for Registration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Registration(…)")
    }
}

/// Why nobody is registered. Nothing of it depends on whether there is an account.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    Email,
    /// Not a password that could be taken.
    #[error(transparent)]
    Password(#[from] PasswordRefusal),
    /// One of the details.
    #[error(transparent)]
    Details(#[from] DetailsRefusal),
    /// What they were shown is longer than anybody reads.
    #[error(transparent)]
    Wording(#[from] WordingTooLong),
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What waits in the link that begins an account.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct RegistrationBody {
    pub(super) details: Details,
    pub(super) accepts_marketing: bool,
    pub(super) wording: Option<String>,
    /// The language the link is sent in.
    pub(crate) locale: Option<Locale>,
}

impl RegistrationBody {
    /// Of a link that staff have sent, who say nothing in the customer's name.
    pub(crate) fn in_language(locale: Option<Locale>) -> Self {
        Self { locale, ..Self::default() }
    }
}

/// Registers customers.
pub struct RegisterCustomer(pub(crate) Arc<Context>);

impl RegisterCustomer {
    /// Has a mail sent to the address: with a link that begins the account, or, where there is one, that says so. Who asks for too many
    /// mails is told the same, and none is sent.
    ///
    /// # Errors
    /// What was typed cannot be taken, or the database does not answer.
    #[tracing::instrument(name = "customer.register", skip_all)]
    pub async fn run(&self, new: &Registration, client: &Client) -> Result<(), RegisterError> {
        let email = EmailAddress::parse(&new.email).map_err(|_| RegisterError::Email)?;
        if let Some(password) = &new.password {
            Password::parse(password, self.0.settings.accounts.password_rule)?;
        }
        let body = RegistrationBody {
            details: Details::parse(&new.details)?,
            accepts_marketing: new.accepts_marketing,
            wording: new.wording.as_deref().map_or(Ok(None), Consent::wording)?,
            locale: new.details.locale.or(client.locale),
        };
        let mails = AskedMail::new(Arc::clone(self.0.limiter()));
        if !mails.take(client.address, TokenKind::Activate, &email).await? {
            return Ok(());
        }
        retrying(|| self.register_once(&email, &body)).await?;
        self.0.jobs_waiting.notify_one();
        Ok(())
    }

    /// The same statements whoever has the address: an account that there is gets a row of a link as well, which is never sent, and
    /// which begins nothing.
    async fn register_once(&self, email: &EmailAddress, body: &RegistrationBody) -> Result<(), Fault> {
        let ctx = &self.0;
        let now = ctx.now();
        let new = NewCustomer {
            id: CustomerId::new(ctx.ports.ids.id()),
            email: email.clone(),
            first_name: None,
            last_name: None,
            phone: None,
            locale: None,
        };
        let tx = ctx.db().write(Durability::Relaxed).await?;
        let id = match customer::insert_pending(&tx, &new, now).await? {
            Registered::New(id)
            | Registered::Pending(id)
            | Registered::Enabled(id)
            | Registered::Disabled(id) => id,
        };
        let whose = (Realm::Customer, id.uuid());
        let link = links::new_link(ctx, whose, TokenKind::Activate, Some(body), now)?;
        account::insert_token(&tx, &link).await?;
        let mut batch = Batch::new();
        jobs::write_to_account(ctx, &mut batch, &AccountMail::Link(link.id), now);
        batch.write(&tx).await?;
        tx.commit().await
    }
}
