//! Shutting customers out, and letting them in again.

use super::{CustomerError, subject};
use crate::{Context, audit::AuditedTx, jobs};
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::CustomersWrite},
    account::{Realm, TokenKind},
    audit::Changes,
    customer::{Customer, CustomerState},
    shared::{CustomerId, Fault, InvalidTransition},
};
use stoa_persistence::{
    Batch, account,
    customer::{self, Saved},
    db::retrying,
};

/// Whatever lies in somebody's mailbox that opens something of their account.
const LINKS: [TokenKind; 5] =
    [TokenKind::Activate, TokenKind::Reset, TokenKind::Email, TokenKind::Link, TokenKind::Archive];

/// From one state to the next.
type Step = fn(CustomerState) -> Result<CustomerState, InvalidTransition>;

/// Accounts of customers: open or closed.
pub struct CustomerAccounts(pub(crate) Arc<Context>);

impl CustomerAccounts {
    /// Shuts somebody out: every sign-in of theirs ends, every link, and the archive of what is known of them is taken away. Their orders
    /// and their cart stay. Again changes nothing.
    ///
    /// # Errors
    /// There is nobody like that any more.
    #[tracing::instrument(name = "customer.disable", skip_all)]
    pub async fn disable(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerId,
    ) -> Result<Customer, CustomerError> {
        let after = retrying(|| self.move_once(by, id, ("customer.disable", CustomerState::disable))).await?;
        self.0.jobs_waiting.notify_one();
        Ok(after)
    }

    /// Lets somebody in again who was shut out: they are what they were before, and sign in anew. Again changes nothing.
    ///
    /// # Errors
    /// They wait for nothing but their own proof of the address, or there is nobody like that any more.
    #[tracing::instrument(name = "customer.enable", skip_all)]
    pub async fn enable(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerId,
    ) -> Result<Customer, CustomerError> {
        retrying(|| self.move_once(by, id, ("customer.enable", CustomerState::enable))).await
    }

    async fn move_once(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerId,
        (act, step): (&'static str, Step),
    ) -> Result<Customer, CustomerError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        let before = customer::find_for_update(tx, id).await?.ok_or(CustomerError::NotFound)?;
        let after = Customer { state: step(before.state)?, ..before.clone() };
        if after == before {
            return Ok(before);
        }
        match customer::save(tx, &before, &after, now).await? {
            Saved::Saved => {}
            Saved::Stale => return Err(CustomerError::Stale),
            Saved::Taken => return Err(Fault::bug("customer.disable: an address that did not change").into()),
        }
        let closed = matches!(after.state, CustomerState::Disabled { .. });
        if closed {
            let whose = (Realm::Customer, id.uuid());
            let archives = account::tokens_of(tx, whose, TokenKind::Archive).await?;
            account::void_tokens(tx, whose, &LINKS, now).await?;
            let mut batch = Batch::new();
            archives.iter().for_each(|link| jobs::remove_archive(ctx, &mut batch, link.id, now));
            batch.write(tx).await?;
        }
        let saved = customer::find(tx, id).await?.ok_or(CustomerError::NotFound)?;
        let changes = Changes::of(subject(id)).field("state", before.state.name(), after.state.name());
        audited.commit(act, &changes).await?;
        Ok(saved)
    }
}
