//! A customer, as staff see them.

use super::AdminCustomerGroup;
use crate::graphql::{
    ApiError, Request,
    scalars::{DateTime, Gid},
};
use async_graphql::{Context, Enum, Object};
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::CustomersRead},
    customer::{Customer, CustomerGroup, CustomerName, CustomerState},
    shared::{CustomerId, Locale},
};

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AdminCustomerState {
    /// Shut out.
    Disabled,
    /// Their address is proved, and they can sign in.
    Enabled,
    /// Taken out: nothing personal is left.
    Erased,
    /// Their address is not proved yet.
    Pending,
}

/// A customer, as staff see them. Clones share it.
#[derive(Clone, Debug)]
pub struct AdminCustomer(Arc<CustomerFile>);

/// All that is read of a customer together with the others of their page.
#[derive(Debug)]
struct CustomerFile {
    customer: Customer,
    tags: Vec<String>,
    groups: Vec<CustomerGroup>,
}

/// A customer, as staff see them.
#[Object]
impl AdminCustomer {
    /// Whether they want advertisements by mail.
    async fn accepts_marketing(&self) -> bool {
        self.0.customer.accepts_marketing
    }

    /// When they registered.
    async fn created_at(&self) -> DateTime {
        self.0.customer.created_at.into()
    }

    /// What they are called: their name, or else their address.
    async fn display_name(&self) -> String {
        self.0.customer.display_name()
    }

    /// Their e-mail address; once erased, one that leads nowhere.
    async fn email(&self) -> &str {
        self.0.customer.email.as_str()
    }

    /// Given name.
    async fn first_name(&self) -> Option<&str> {
        self.0.customer.first_name.as_ref().map(CustomerName::as_str)
    }

    /// The groups they are in.
    async fn groups(&self) -> Vec<AdminCustomerGroup> {
        self.0.groups.iter().cloned().map(AdminCustomerGroup).collect()
    }

    /// The global id.
    async fn id(&self) -> Gid<CustomerId> {
        Gid(self.0.customer.id)
    }

    /// Family name.
    async fn last_name(&self) -> Option<&str> {
        self.0.customer.last_name.as_ref().map(CustomerName::as_str)
    }

    /// The language they are written to in, such as `de`; null: the shop's.
    async fn locale(&self) -> Option<&str> {
        self.0.customer.locale.map(Locale::code)
    }

    /// What the staff note of them.
    async fn note(&self) -> Option<&str> {
        self.0.customer.note.as_deref()
    }

    /// Telephone.
    async fn phone(&self) -> Option<&str> {
        self.0.customer.phone.as_deref()
    }

    /// Where the account stands.
    async fn state(&self) -> AdminCustomerState {
        match self.0.customer.state {
            CustomerState::Pending => AdminCustomerState::Pending,
            CustomerState::Enabled { .. } => AdminCustomerState::Enabled,
            CustomerState::Disabled { .. } => AdminCustomerState::Disabled,
            CustomerState::Erased { .. } => AdminCustomerState::Erased,
        }
    }

    /// Their tags.
    async fn tags(&self) -> &[String] {
        &self.0.tags
    }

    /// When the account last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.customer.updated_at.into()
    }
}

/// Those with these ids that there are: three statements, however many they are.
///
/// # Errors
/// The database does not answer.
pub(super) async fn all(
    ctx: &Context<'_>,
    by: &Permit<CustomersRead>,
    ids: &[CustomerId],
) -> Result<Vec<(CustomerId, AdminCustomer)>, ApiError> {
    let reads = &ctx.services().admin.customers;
    let found = reads.find_all(by, ids).await?;
    let mut tags = reads.tags(by, ids).await?;
    let mut groups = reads.groups(by, ids).await?;
    let file = |customer: Customer| {
        let id = customer.id;
        let (tags, groups) = (tags.remove(&id).unwrap_or_default(), groups.remove(&id).unwrap_or_default());
        (id, AdminCustomer(Arc::new(CustomerFile { customer, tags, groups })))
    };
    Ok(found.into_iter().map(file).collect())
}

/// One of them.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn one(
    ctx: &Context<'_>,
    by: &Permit<CustomersRead>,
    id: CustomerId,
) -> Result<Option<AdminCustomer>, ApiError> {
    Ok(Box::pin(all(ctx, by, &[id])).await?.pop().map(|(_, customer)| customer))
}
