//! Customers: accounts that begin with a proved address, what belongs to them, and how they end.

mod address_book;
mod consent;
mod erasure;
mod group;
mod model;
mod name;
mod state;

pub use address_book::{AddressBook, AddressBookRefusal, BookAddress};
pub use consent::{Consent, ConsentKind, ConsentSource, WordingTooLong, granted};
pub use erasure::{ErasureObstacle, erased_email, obstacle, personal_until};
pub use group::{CustomerGroup, LabelRefusal, group_name, tags};
pub use model::Customer;
pub use name::{CustomerName, NameRefusal};
pub use state::CustomerState;
