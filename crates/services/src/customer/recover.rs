//! A forgotten password. Whoever asks is told nothing.

use super::register::RegistrationBody;
use crate::{
    Context,
    account::{AccountMail, Client, links},
    jobs,
    limits::AskedMail,
};
use std::sync::Arc;
use stoa_domain::{
    account::{Realm, TokenKind},
    customer::CustomerState,
    shared::{EmailAddress, Fault, Locale},
};
use stoa_persistence::{Batch, Durability, account, customer, db::retrying};

/// Has links sent that set new passwords.
pub struct RecoverPassword(pub(crate) Arc<Context>);

impl RecoverPassword {
    /// Has a link sent to the address, if there is an account: one that sets a new password, or, where the account has not begun yet,
    /// the one that begins it. Who asks for too many is answered the same. An address that is none is nobody's.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "customer.recover", skip_all)]
    pub async fn run(&self, email: &str, client: &Client) -> Result<(), Fault> {
        let Ok(email) = EmailAddress::parse(email) else { return Ok(()) };
        let mails = AskedMail::new(Arc::clone(self.0.limiter()));
        if !mails.take(client.address, TokenKind::Reset, &email).await? {
            return Ok(());
        }
        retrying(|| self.recover_once(&email, client.locale)).await?;
        self.0.jobs_waiting.notify_one();
        Ok(())
    }

    /// The same statements whoever has the address: for one that is nobody's, a link is made that is nobody's, and a job that sends
    /// none.
    async fn recover_once(&self, email: &EmailAddress, locale: Option<Locale>) -> Result<(), Fault> {
        let ctx = &self.0;
        let now = ctx.now();
        let tx = ctx.db().write(Durability::Relaxed).await?;
        let found = customer::find_by_email(&tx, email).await?;
        let nobody = ctx.ports.ids.id();
        let subject = found.as_ref().map_or(nobody, |customer| customer.id.uuid());
        let kind = match found.map(|customer| customer.state) {
            Some(CustomerState::Pending) => TokenKind::Activate,
            _ => TokenKind::Reset,
        };
        let body = RegistrationBody { locale, ..RegistrationBody::default() };
        let link = links::new_link(ctx, (Realm::Customer, subject), kind, Some(&body), now)?;
        account::insert_token(&tx, &link).await?;
        let mut batch = Batch::new();
        jobs::write_to_account(ctx, &mut batch, &AccountMail::Link(link.id), now);
        batch.write(&tx).await?;
        tx.commit().await
    }
}
