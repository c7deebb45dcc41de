//! Everything that is known of a customer, as a file for them (GDPR, articles 15 and 20).

use super::told;
use crate::{
    Context,
    account::{AccountMail, Client, links},
    jobs,
    limits::AskedMail,
};
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    access::SignedIn,
    account::{AccountToken, Realm, TokenKind},
    customer::CustomerState,
    media::{FileName, MediaKey, MediaType, Visibility},
    shared::{AccountTokenId, CustomerId, Fault, MediaId},
};
use stoa_persistence::{Batch, Durability, account, customer, db::retrying};
use uuid::Uuid;

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

/// What waits in the link: which file it is.
#[derive(Serialize, Deserialize)]
pub(crate) struct ArchiveBody {
    file: Uuid,
    name: String,
}

impl ArchiveBody {
    fn new(file: MediaId) -> Self {
        let name = FileName::of("my-data", MediaType::Json);
        Self { file: file.uuid(), name: name.as_str().to_owned() }
    }

    /// Where the file lies.
    pub(crate) fn key(&self) -> Result<MediaKey, Fault> {
        let name = FileName::parse(&self.name).ok_or(Fault::bug("customer.archive: no name of a file"))?;
        Ok(MediaKey { visibility: Visibility::Private, id: MediaId::new(self.file), name })
    }
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
        let body: ArchiveBody = links::body(&link)?;
        Ok(ctx.ports.media.url(&body.key()?, ADDRESS_LIVES).await?)
    }
}

/// Makes an archive, and has the link to it sent. May run twice: the link is made once, and so is its file.
pub(crate) async fn export(ctx: &Context, of: CustomerId, link: AccountTokenId) -> Result<(), Fault> {
    let read = ctx.db().read();
    if account::find_token(read, link).await?.is_some() {
        return Ok(());
    }
    let Some(customer) = customer::find(read, of).await? else { return Ok(()) };
    if !matches!(customer.state, CustomerState::Enabled { .. }) {
        return Ok(());
    }
    let archive = told::all(ctx, &customer).await?;
    let text = serde_json::to_vec_pretty(&archive).map_err(|e| Fault::internal("customer.archive", e))?;
    let body = ArchiveBody::new(MediaId::new(link.uuid()));
    // The file first: a row that leads nowhere would be mailed.
    ctx.ports.media.put(&body.key()?, MediaType::Json, text).await?;
    let whose = (Realm::Customer, of.uuid());
    let new = links::new_link(ctx, whose, TokenKind::Archive, Some(&body), ctx.now())?;
    let new = AccountToken { id: link, ..new };
    if !retrying(|| export_once(ctx, of, &new)).await? {
        ctx.ports.media.delete(&body.key()?).await?;
    }
    ctx.jobs_waiting.notify_one();
    Ok(())
}

/// False if they were erased meanwhile: then the file must go as well.
async fn export_once(ctx: &Context, of: CustomerId, link: &AccountToken) -> Result<bool, Fault> {
    let tx = ctx.db().write(Durability::Full).await?;
    let found = customer::find_for_update(&tx, of).await?;
    if found.is_none_or(|customer| !matches!(customer.state, CustomerState::Enabled { .. })) {
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
