//! Everything that is known of a customer, as a file for them (GDPR, articles 15 and 20).

use super::told;
use crate::{
    Context,
    account::{AccountMail, Client, links},
    jobs,
    limits::AskedMail,
};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    access::SignedIn,
    account::{AccountToken, Realm, TokenKind},
    customer::{Customer, CustomerState},
    media::{FileName, MediaKey, MediaType, Visibility},
    shared::{AccountTokenId, CustomerId, Fault, MediaId},
};
use stoa_persistence::{Batch, Durability, account, customer, db::retrying, order};

/// How long the address of the file works that the link leads to: a download may take a while.
const ADDRESS_LIVES: Duration = Duration::from_mins(15);

/// Why no archive is made, or none is given out.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The link is none of ours, or is over: all alike.
    #[error("the link does not work")]
    Invalid,
    /// The database or the store does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Where the archive of a link lies. Its id alone tells, so that the file can be taken away whatever has become of the row.
pub(crate) fn file_of(link: AccountTokenId) -> MediaKey {
    let name = FileName::of("my-data", MediaType::Json);
    MediaKey { visibility: Visibility::Private, id: MediaId::new(link.uuid()), name }
}

/// Takes the archive of a link away, if there is one. May run twice.
pub(crate) async fn remove_archive(ctx: &Context, link: AccountTokenId) -> Result<(), Fault> {
    ctx.ports.media.delete(&file_of(link)).await
}

/// Gives customers what is known of them.
pub struct Archives(pub(crate) Arc<Context>);

impl Archives {
    /// Has an archive made, and a link to it sent. Who asks for too many is answered the same, and gets no other.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "customer.archive", skip_all)]
    pub async fn ask(&self, who: SignedIn, client: &Client) -> Result<(), Fault> {
        let ctx = &self.0;
        let Some(customer) = customer::find(ctx.db().read(), who.customer).await? else { return Ok(()) };
        let mails = AskedMail::new(Arc::clone(ctx.limiter()));
        if !mails.take(client.address, TokenKind::Archive, &customer.email).await? {
            return Ok(());
        }
        retrying(|| self.ask_once(who.customer)).await?;
        ctx.jobs_waiting.notify_one();
        Ok(())
    }

    async fn ask_once(&self, id: CustomerId) -> Result<(), Fault> {
        let ctx = &self.0;
        let link = AccountTokenId::new(ctx.ports.ids.id());
        let mut batch = Batch::new();
        jobs::export_customer(ctx, &mut batch, id, link, ctx.now());
        let tx = ctx.db().write(Durability::Relaxed).await?;
        batch.write(&tx).await?;
        tx.commit().await
    }

    /// The address of the file that a link leads to, for a quarter of an hour. The link may be opened again until it is over.
    ///
    /// # Errors
    /// The link does not work, or the store does not answer.
    #[tracing::instrument(name = "customer.archive_fetch", skip_all)]
    pub async fn fetch(&self, token: &str) -> Result<String, ArchiveError> {
        let ctx = &self.0;
        let link = links::read(ctx, (Realm::Customer, TokenKind::Archive), token).await?;
        let link = link.ok_or(ArchiveError::Invalid)?;
        // Whoever was shut out gets nothing any more.
        let customer = customer::find(ctx.db().read(), CustomerId::new(link.subject)).await?;
        customer.filter(is_enabled).ok_or(ArchiveError::Invalid)?;
        Ok(ctx.ports.media.url(&file_of(link.id), ADDRESS_LIVES).await?)
    }
}

fn is_enabled(customer: &Customer) -> bool {
    matches!(customer.state, CustomerState::Enabled { .. })
}

/// Makes an archive, and has the link to it sent. May run twice: the link is made once, and so is its file. An earlier run may have
/// died before its link was written: of whoever was erased since, its file goes now.
pub(crate) async fn export(ctx: &Context, of: CustomerId, link: AccountTokenId) -> Result<(), Fault> {
    let read = ctx.db().read();
    if account::find_token(read, link).await?.is_some() {
        return Ok(());
    }
    let customer = customer::find(read, of).await?;
    let Some(customer) = customer.filter(is_enabled) else { return remove_archive(ctx, link).await };
    claim_theirs(ctx, of).await?;
    let archive = told::all(ctx, &customer).await?;
    let text = serde_json::to_vec_pretty(&archive).map_err(|e| Fault::internal("customer.archive", e))?;
    // The file first: a row that leads nowhere would be mailed.
    ctx.ports.media.put(&file_of(link), MediaType::Json, text).await?;
    let whose = (Realm::Customer, of.uuid());
    let new = links::new_link(ctx, whose, TokenKind::Archive, None::<&()>, ctx.now())?;
    let new = AccountToken { id: link, ..new };
    if !retrying(|| export_once(ctx, of, &new)).await? {
        remove_archive(ctx, link).await?;
    }
    ctx.jobs_waiting.notify_one();
    Ok(())
}

/// Makes a customer's what they have bought without signing in since they last did: what is known of them is known of these orders too.
pub(crate) async fn claim_theirs(ctx: &Context, of: CustomerId) -> Result<(), Fault> {
    retrying(|| claim_once(ctx, of)).await
}

async fn claim_once(ctx: &Context, of: CustomerId) -> Result<(), Fault> {
    let tx = ctx.db().write(Durability::Full).await?;
    let Some(customer) = customer::find_for_update(&tx, of).await? else { return Ok(()) };
    if !is_enabled(&customer) || customer.state.verified_at().is_none() {
        return Ok(());
    }
    order::claim_paid(&tx, of, &customer.email).await?;
    tx.commit().await
}

/// False if they were erased meanwhile: then the file must go as well.
async fn export_once(ctx: &Context, of: CustomerId, link: &AccountToken) -> Result<bool, Fault> {
    let tx = ctx.db().write(Durability::Full).await?;
    let found = customer::find_for_update(&tx, of).await?;
    if !found.as_ref().is_some_and(is_enabled) {
        return Ok(false);
    }
    if account::find_token(&tx, link.id).await?.is_some() {
        return Ok(true);
    }
    account::insert_token(&tx, link).await?;
    let mut batch = Batch::new();
    jobs::write_to_account(ctx, &mut batch, &AccountMail::Link(link.id), ctx.now());
    batch.write(&tx).await?;
    tx.commit().await?;
    Ok(true)
}
