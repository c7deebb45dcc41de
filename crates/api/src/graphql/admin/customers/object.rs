//! A customer, as staff see them.

use super::AdminCustomerGroup;
use crate::graphql::{
    ApiError, Request,
    account::CustomerConsent,
    admin::access::Acting,
    scalars::{DateTime, Gid},
};
use async_graphql::{Context, Enum, Object};
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    access::{Permit, grants::CustomersRead},
    customer::{Consent, Customer, CustomerGroup, CustomerName, CustomerState},
    shared::{CustomerId, Locale},
};
use stoa_persistence::customer::CustomerTax;
use tokio::sync::OnceCell;

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
    tax: CustomerTax,
    consents: Arc<PageConsents>,
}

/// What all customers of a page have agreed to: read at once for all of them, as soon as one is asked.
#[derive(Debug)]
struct PageConsents {
    of: Vec<CustomerId>,
    read: OnceCell<HashMap<CustomerId, Vec<Consent>>>,
}

/// A customer, as staff see them.
#[Object]
impl AdminCustomer {
    /// Whether they want advertisements by mail.
    async fn accepts_marketing(&self) -> bool {
        self.0.customer.accepts_marketing
    }

    /// Everything they have ever agreed to or taken back, the oldest first. The last one counts.
    async fn consents(&self, ctx: &Context<'_>) -> Result<Vec<CustomerConsent>, ApiError> {
        let by = ctx.permit::<CustomersRead>()?;
        let page = &self.0.consents;
        let read = || ctx.services().admin.customers.consents(&by, &page.of);
        let all = page.read.get_or_try_init(read).await?;
        let theirs = all.get(&self.0.customer.id).map(Vec::as_slice).unwrap_or_default();
        Ok(theirs.iter().cloned().map(CustomerConsent).collect())
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

    /// Whether no tax is charged.
    async fn tax_exempt(&self) -> bool {
        self.0.tax.exempt
    }

    /// The tax number that staff have noted.
    async fn tax_number(&self) -> Option<&str> {
        self.0.tax.number.as_deref()
    }

    /// When the account last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.customer.updated_at.into()
    }
}

/// Those with these ids that there are: four statements, however many they are, and a fifth if somebody asks for consents.
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
    let mut taxes = reads.taxes(by, ids).await?;
    let consents = Arc::new(PageConsents { of: ids.to_vec(), read: OnceCell::new() });
    let file = |customer: Customer| {
        let id = customer.id;
        let (tags, groups) = (tags.remove(&id).unwrap_or_default(), groups.remove(&id).unwrap_or_default());
        let (tax, consents) = (taxes.remove(&id).unwrap_or_default(), Arc::clone(&consents));
        (id, AdminCustomer(Arc::new(CustomerFile { customer, tags, groups, tax, consents })))
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
