//! Customers, as staff see them, sort them, shut them out and take them out.

mod account;
mod details;
mod erase;
mod error;
mod export;
mod groups;
mod invite;
mod read;
mod search;

pub use account::CustomerAccounts;
pub use details::{CustomerChange, CustomerDetails};
pub use erase::EraseAsStaff;
pub use error::CustomerError;
pub use export::ExportCustomer;
pub use groups::{CustomerGroups, GroupError};
pub use invite::InviteCustomer;
pub use read::Customers;
pub use search::{CustomerSearchError, parse_customer_search};

use stoa_domain::{audit::Subject, shared::CustomerId};

fn subject(id: CustomerId) -> Subject {
    Subject::new(CustomerId::TYPE, id)
}
