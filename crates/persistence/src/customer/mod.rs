//! Customers in the system of record: their accounts, what belongs to them, and what is left of them.
//!
//! Whoever changes an account, or what belongs to it, first has the lock of its row in `customers`: by the update that raises its
//! version, or by a `SELECT … FOR UPDATE`. So nothing is added to somebody who is being erased. Telephone numbers and the address book are sealed; names and
//! addresses of mail are not, because they are looked up, sorted and searched.

mod addresses;
mod carts;
mod consents;
mod entities;
mod erase;
mod groups;
mod identities;
mod list;
mod map;
mod pending;
mod pricing;
mod read;
mod tags;
mod tax;
mod write;

pub use addresses::{address, address_book, save_addresses};
pub use carts::{cart_of, keep_cart, replace_cart};
pub use consents::{consents, consents_of, record_consent};
pub use erase::erase;
pub use groups::{
    add_members, find_groups, groups_of, insert_group, list_groups, remove_group, remove_members,
    rename_group,
};
pub use identities::{
    Identity, Linked, NewIdentity, Unlinked, has_password, identities_of, identity, identity_used, link,
    unlink, unlink_since,
};
pub use list::{CustomerSort, CustomersListing, list_customers};
pub use pending::{pending_over, remove_pending};
pub use pricing::{PricingAccount, pricing_account};
pub use read::{credentials, credentials_of, find, find_all, find_by_email, find_for_update, still};
pub use tags::{set_tags, tags_of};
pub use tax::{CustomerTax, set_tax, taxes_of};
pub use write::{NewCustomer, Registered, Saved, insert_pending, rehash, save, set_password};

pub(crate) use addresses::ADDRESS;
pub(crate) use entities::customers;
pub(crate) use map::PHONE;
pub(crate) use read::unchanged;

#[cfg(test)]
mod tests;
