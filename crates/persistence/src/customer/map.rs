//! Rows to customers and back.

use super::entities::customers;
use sea_orm::ActiveValue::Set;
use std::collections::BTreeSet;
use stoa_domain::{
    catalog::search_terms,
    customer::{Customer, CustomerName, CustomerState},
    shared::{CustomerAddressId, CustomerId, EmailAddress, Fault, Locale, Sealer, Timestamp},
};

/// A row that says what cannot be: somebody wrote to the table by hand, or there is a bug.
pub(super) const UNREADABLE: Fault = Fault::bug("customer.read: a row that no version of the program writes");

/// Where telephone numbers are sealed.
pub(crate) const PHONE: &str = "customers.phone";

/// The customer of a row.
pub(super) fn customer(row: customers::Model, sealer: &dyn Sealer) -> Result<Customer, Fault> {
    let phone = row.phone.as_deref().map(|phone| sealer.open(PHONE, row.id, phone)).transpose()?;
    Ok(Customer {
        id: CustomerId::new(row.id),
        state: CustomerState::stored(&row.state, row.email_verified_at, row.erased_at).ok_or(UNREADABLE)?,
        email: EmailAddress::stored(&row.email).map_err(|_| UNREADABLE)?,
        first_name: row.first_name.map(CustomerName::stored),
        last_name: row.last_name.map(CustomerName::stored),
        phone,
        // One that a newer version wrote is none we have words in.
        locale: row.locale.as_deref().and_then(Locale::parse),
        accepts_marketing: row.accepts_marketing,
        note: row.note,
        default_address: row.default_address_id.map(CustomerAddressId::new),
        password_changed_at: row.password_changed_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The columns that hold a state.
pub(super) struct StateColumns {
    pub(super) state: &'static str,
    pub(super) verified_at: Option<Timestamp>,
    pub(super) erased_at: Option<Timestamp>,
}

impl From<&CustomerState> for StateColumns {
    fn from(state: &CustomerState) -> Self {
        let erased_at = if let CustomerState::Erased { at } = state { Some(*at) } else { None };
        Self { state: state.name(), verified_at: state.verified_at(), erased_at }
    }
}

/// The row of a new customer, who has no password yet and has agreed to nothing.
pub(super) fn row(customer: &Customer, sealer: &dyn Sealer) -> Result<customers::ActiveModel, Fault> {
    let id = customer.id.uuid();
    let state = StateColumns::from(&customer.state);
    let phone = customer.phone.as_deref().map(|phone| sealer.seal(PHONE, id, phone)).transpose()?;
    Ok(customers::ActiveModel {
        id: Set(id),
        state: Set(state.state.to_owned()),
        email: Set(customer.email.as_str().to_owned()),
        email_key: Set(customer.email.key()),
        email_verified_at: Set(state.verified_at),
        first_name: Set(name(customer.first_name.as_ref())),
        last_name: Set(name(customer.last_name.as_ref())),
        phone: Set(phone),
        locale: Set(customer.locale.map(|locale| locale.code().to_owned())),
        accepts_marketing: Set(false),
        note: Set(customer.note.clone()),
        password_hash: Set(None),
        password_changed_at: Set(None),
        default_address_id: Set(None),
        version: Set(customer.version),
        created_at: Set(customer.created_at),
        updated_at: Set(customer.updated_at),
        erased_at: Set(state.erased_at),
    })
}

pub(super) fn name(name: Option<&CustomerName>) -> Option<String> {
    name.map(|name| name.as_str().to_owned())
}

/// The words a customer is found by: those of the address and of the names. Not of what is sealed.
pub(super) fn terms(customer: &Customer) -> BTreeSet<String> {
    let names = [&customer.first_name, &customer.last_name].into_iter().flatten().map(CustomerName::as_str);
    names.chain([customer.email.as_str()]).flat_map(search_terms).collect()
}
