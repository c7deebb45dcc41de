//! A password that a member of staff has forgotten. Whoever asks is told nothing.

use crate::{
    Context,
    account::{AccountMail, Client, links},
    jobs,
    limits::AskedMail,
};
use std::sync::Arc;
use stoa_domain::{
    account::{Realm, TokenKind},
    shared::{EmailAddress, Fault},
};
use stoa_persistence::{Batch, Durability, account, db::retrying, staff};

/// Has links sent that set new passwords of staff.
pub struct RecoverStaffPassword(pub(crate) Arc<Context>);

impl RecoverStaffPassword {
    /// Has a link sent to the address, if it is that of somebody on the staff. Who asks for too many is answered the same. The second
    /// factor stays: a mailbox is not all that opens the account of somebody who has one.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "staff.recover", skip_all)]
    pub async fn run(&self, email: &str, client: &Client) -> Result<(), Fault> {
        let Ok(email) = EmailAddress::parse(email) else { return Ok(()) };
        let mails = AskedMail::new(Arc::clone(self.0.limiter()));
        if !mails.take_of_staff(client.address, TokenKind::Reset, &email).await? {
            return Ok(());
        }
        retrying(|| self.recover_once(&email)).await?;
        self.0.jobs_waiting.notify_one();
        Ok(())
    }

    /// The same statements whoever has the address: for one that is nobody's, a link is made that is nobody's, and a job that sends none.
    /// Nothing is changed by it, so the audit log says nothing.
    async fn recover_once(&self, email: &EmailAddress) -> Result<(), Fault> {
        let ctx = &self.0;
        let now = ctx.now();
        let nobody = ctx.ports.ids.id();
        let known = staff::credentials(ctx.db().read(), email).await?;
        let subject = known.map_or(nobody, |credentials| credentials.id.uuid());
        let tx = ctx.db().write(Durability::Relaxed).await?;
        let link = links::new_link(ctx, (Realm::Staff, subject), TokenKind::Reset, None::<&()>, now)?;
        account::insert_token(&tx, &link).await?;
        let mut batch = Batch::new();
        jobs::write_to_account(ctx, &mut batch, &AccountMail::Link(link.id), now);
        batch.write(&tx).await?;
        tx.commit().await
    }
}
