//! Asking a customer who has registered, and has not proved their address, to do so.

use super::{CustomerError, subject};
use crate::{
    Context,
    account::{AccountMail, links},
    audit::AuditedTx,
    customer::RegistrationBody,
    jobs,
};
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::CustomersWrite},
    account::{Realm, TokenKind},
    audit::Changes,
    customer::{Customer, CustomerState},
    shared::{CustomerId, InvalidTransition},
};
use stoa_persistence::{Batch, account, customer, db::retrying};

/// Sends customers the link that begins their account.
pub struct InviteCustomer(pub(crate) Arc<Context>);

impl InviteCustomer {
    /// Has another link sent to somebody whose address is not proved yet: whoever opens it chooses a password. Those that were sent before
    /// go on working until their time is over, or one of them is opened.
    ///
    /// # Errors
    /// Their address is proved, or they are shut out or erased.
    #[tracing::instrument(name = "customer.invite", skip_all)]
    pub async fn run(&self, by: &Permit<CustomersWrite>, id: CustomerId) -> Result<Customer, CustomerError> {
        let invited = retrying(|| self.invite_once(by, id)).await?;
        self.0.jobs_waiting.notify_one();
        Ok(invited)
    }

    async fn invite_once(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerId,
    ) -> Result<Customer, CustomerError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        let found = customer::find_for_update(tx, id).await?.ok_or(CustomerError::NotFound)?;
        if found.state != CustomerState::Pending {
            let (what, legal) = ("a customer", found.state.legal());
            return Err(InvalidTransition { what, from: found.state.name(), to: "invited", legal }.into());
        }
        let body = RegistrationBody::in_language(found.locale);
        let whose = (Realm::Customer, id.uuid());
        let link = links::new_link(ctx, whose, TokenKind::Activate, Some(&body), now)?;
        account::insert_token(tx, &link).await?;
        let mut batch = Batch::new();
        jobs::write_to_account(ctx, &mut batch, &AccountMail::Link(link.id), now);
        batch.write(tx).await?;
        audited.commit("customer.invite", &Changes::of(subject(id))).await?;
        Ok(found)
    }
}
