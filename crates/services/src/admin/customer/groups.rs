//! Groups that staff sort customers into.

use crate::{Context, audit::AuditedTx};
use std::sync::Arc;
use stoa_domain::{
    access::{
        Permit,
        grants::{CustomersRead, CustomersWrite},
    },
    audit::{Changes, Subject},
    customer::{CustomerGroup, LabelRefusal, group_name},
    shared::{
        CustomerGroupId, CustomerId, Fault,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    WriteTx,
    customer::{self, Saved},
    db::{ListError, retrying},
};

/// Customers that are put into a group together, or taken out of it.
const MOST: usize = 1_000;

/// Why a group stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// There is none.
    #[error("there is no such group")]
    NotFound,
    /// Its name cannot be taken.
    #[error(transparent)]
    Name(#[from] LabelRefusal),
    /// Another one has the name, in any letter case.
    #[error("another group has that name")]
    Taken,
    /// Somebody else has changed it at the same moment.
    #[error("it was changed by somebody else at the same moment")]
    Stale,
    /// More customers than are moved together.
    #[error("at most {MOST} customers are moved together")]
    TooMany,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(GroupError);

/// Groups of customers.
pub struct CustomerGroups(pub(crate) Arc<Context>);

impl CustomerGroups {
    /// A page of them, by name. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "customer_group.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<CustomersRead>,
        request: &PageRequest,
    ) -> Result<Page<CustomerGroupId>, ListError> {
        customer::list_groups(self.0.db().read(), request).await
    }

    /// Those with these ids that there are, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<CustomersRead>,
        ids: &[CustomerGroupId],
    ) -> Result<Vec<CustomerGroup>, Fault> {
        customer::find_groups(self.0.db().read(), ids).await
    }

    /// Makes one.
    ///
    /// # Errors
    /// Its name cannot be taken, or is another's.
    #[tracing::instrument(name = "customer_group.create", skip_all)]
    pub async fn create(&self, by: &Permit<CustomersWrite>, name: &str) -> Result<CustomerGroup, GroupError> {
        let (name, now) = (group_name(name)?, self.0.now());
        let id = CustomerGroupId::new(self.0.ports.ids.id());
        let group = CustomerGroup { id, name, version: 1, created_at: now, updated_at: now };
        retrying(|| self.create_once(by, &group)).await
    }

    /// Gives one another name.
    ///
    /// # Errors
    /// The name cannot be taken, or is another's.
    #[tracing::instrument(name = "customer_group.rename", skip_all)]
    pub async fn rename(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerGroupId,
        name: &str,
    ) -> Result<CustomerGroup, GroupError> {
        let name = group_name(name)?;
        retrying(|| self.rename_once(by, id, &name)).await
    }

    /// Takes one away; its members stay customers.
    ///
    /// # Errors
    /// There is none.
    #[tracing::instrument(name = "customer_group.delete", skip_all)]
    pub async fn delete(&self, by: &Permit<CustomersWrite>, id: CustomerGroupId) -> Result<(), GroupError> {
        retrying(|| self.delete_once(by, id)).await
    }

    /// Puts customers into one, and gives those of them that there are: who was in it stays.
    ///
    /// # Errors
    /// There is no such group.
    #[tracing::instrument(name = "customer_group.add", skip_all)]
    pub async fn add(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerGroupId,
        customers: &[CustomerId],
    ) -> Result<Vec<CustomerId>, GroupError> {
        if customers.len() > MOST {
            return Err(GroupError::TooMany);
        }
        retrying(|| self.add_once(by, id, customers)).await
    }

    /// Takes customers out of one, and tells how many were in it.
    ///
    /// # Errors
    /// There is no such group.
    #[tracing::instrument(name = "customer_group.remove", skip_all)]
    pub async fn remove(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerGroupId,
        customers: &[CustomerId],
    ) -> Result<u64, GroupError> {
        if customers.len() > MOST {
            return Err(GroupError::TooMany);
        }
        retrying(|| self.remove_once(by, id, customers)).await
    }

    async fn create_once(
        &self,
        by: &Permit<CustomersWrite>,
        group: &CustomerGroup,
    ) -> Result<CustomerGroup, GroupError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        if !customer::insert_group(audited.tx(), group).await? {
            return Err(GroupError::Taken);
        }
        let made = one(audited.tx(), group.id).await?;
        let changes = Changes::of(subject(made.id)).field("name", None::<&str>, made.name.as_str());
        audited.commit("customer_group.create", &changes).await?;
        Ok(made)
    }

    async fn rename_once(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerGroupId,
        name: &str,
    ) -> Result<CustomerGroup, GroupError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let before = one(audited.tx(), id).await?;
        if before.name == name {
            return Ok(before);
        }
        match customer::rename_group(audited.tx(), &before, name, self.0.now()).await? {
            Saved::Saved => {}
            Saved::Stale => return Err(GroupError::Stale),
            Saved::Taken => return Err(GroupError::Taken),
        }
        let after = one(audited.tx(), id).await?;
        let changes = Changes::of(subject(id)).field("name", before.name.as_str(), after.name.as_str());
        audited.commit("customer_group.rename", &changes).await?;
        Ok(after)
    }

    async fn delete_once(&self, by: &Permit<CustomersWrite>, id: CustomerGroupId) -> Result<(), GroupError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let before = one(audited.tx(), id).await?;
        if !customer::remove_group(audited.tx(), id).await? {
            return Err(GroupError::NotFound);
        }
        let changes = Changes::of(subject(id)).field("name", before.name.as_str(), None::<&str>);
        audited.commit("customer_group.delete", &changes).await?;
        Ok(())
    }

    async fn add_once(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerGroupId,
        customers: &[CustomerId],
    ) -> Result<Vec<CustomerId>, GroupError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let known = members(audited.tx(), id, customers).await?;
        let added = customer::add_members(audited.tx(), id, customers).await?;
        let added = added.ok_or(GroupError::NotFound)?;
        let new = added.iter().filter(|customer| !known.contains(customer));
        let names: Vec<String> = new.map(ToString::to_string).collect();
        let changes = Changes::of(subject(id)).field("members", Vec::<String>::new(), names).or_none();
        audited.commit("customer_group.add", &changes).await?;
        Ok(added)
    }

    async fn remove_once(
        &self,
        by: &Permit<CustomersWrite>,
        id: CustomerGroupId,
        customers: &[CustomerId],
    ) -> Result<u64, GroupError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        one(audited.tx(), id).await?;
        let known = members(audited.tx(), id, customers).await?;
        let removed = customer::remove_members(audited.tx(), id, customers).await?;
        if removed == 0 {
            return Ok(0);
        }
        let names: Vec<String> = known.iter().map(ToString::to_string).collect();
        let changes = Changes::of(subject(id)).field("members", names, Vec::<String>::new());
        audited.commit("customer_group.remove", &changes).await?;
        Ok(removed)
    }
}

fn subject(id: CustomerGroupId) -> Subject {
    Subject::new(CustomerGroupId::TYPE, id)
}

/// Those of the customers who are in a group.
async fn members(
    tx: &WriteTx,
    id: CustomerGroupId,
    customers: &[CustomerId],
) -> Result<Vec<CustomerId>, Fault> {
    let groups = customer::groups_of(tx, customers).await?;
    let is_in =
        |customer: &&CustomerId| groups.get(customer).is_some_and(|all| all.iter().any(|g| g.id == id));
    Ok(customers.iter().filter(is_in).copied().collect())
}

async fn one(tx: &WriteTx, id: CustomerGroupId) -> Result<CustomerGroup, GroupError> {
    customer::find_groups(tx, &[id]).await?.pop().ok_or(GroupError::NotFound)
}
