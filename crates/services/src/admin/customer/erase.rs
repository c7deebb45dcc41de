//! Taking a customer out, because they have asked the staff to.

use super::{CustomerError, subject};
use crate::{
    Context,
    audit::AuditedTx,
    customer::{EraseError, erase, remove_cart},
};
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::CustomersErase},
    audit::Changes,
    customer::CustomerState,
    shared::{CartId, CustomerId, Fault},
};
use stoa_persistence::{customer, db::retrying};

/// Takes customers out who have asked the staff to.
pub struct EraseAsStaff(pub(crate) Arc<Context>);

impl EraseAsStaff {
    /// Takes somebody out, as they could themselves: what the tax office asks for stays, for as long as it does. Again changes nothing.
    ///
    /// # Errors
    /// An order stands in the way, or there never was anybody like that.
    #[tracing::instrument(name = "customer.erase", skip_all)]
    pub async fn run(&self, by: &Permit<CustomersErase>, id: CustomerId) -> Result<(), CustomerError> {
        let cart = retrying(|| self.erase_once(by, id)).await?;
        self.0.jobs_waiting.notify_one();
        remove_cart(&self.0, id, cart).await;
        Ok(())
    }

    async fn erase_once(
        &self,
        by: &Permit<CustomersErase>,
        id: CustomerId,
    ) -> Result<Option<CartId>, CustomerError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let tx = audited.tx();
        let before = customer::find_for_update(tx, id).await?.ok_or(CustomerError::NotFound)?;
        if let CustomerState::Erased { .. } = before.state {
            return Ok(None);
        }
        let cart = erase(&self.0, tx, id, "staff").await.map_err(refused)?;
        let changes = Changes::of(subject(id)).field("state", before.state.name(), "erased");
        audited.commit("customer.erase", &changes).await?;
        Ok(cart)
    }
}

fn refused(error: EraseError) -> CustomerError {
    match error {
        EraseError::Obstacle(obstacle) => CustomerError::Obstacle(obstacle),
        EraseError::Fault(fault) => CustomerError::Fault(fault),
        // Nobody proves who they are here: they were erased since they were looked at.
        EraseError::SignIn(error) => match error {
            crate::account::SignInError::Fault(fault) => CustomerError::Fault(fault),
            refused => Fault::internal("customer.erase: a locked account that is gone", refused).into(),
        },
    }
}
