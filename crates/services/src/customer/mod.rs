//! Customers' accounts: how one begins, what belongs to it, and how it ends.
//!
//! An account begins with a mail: whoever opens its link has proved the address, and chooses the password then. Whatever was said
//! before that, names and consent too, is a stranger's word and waits in the link.

mod activate;
mod addresses;
mod archive;
mod change_password;
mod consent;
mod details;
mod email_change;
mod erase;
mod foresee;
mod forget;
mod link_use;
mod read;
mod recover;
mod register;
mod reset;
mod search;
mod told;
mod told_cart;
mod told_orders;
mod update;

pub use activate::ActivateCustomer;
pub use addresses::{AddressBookError, Addresses};
#[cfg(test)]
pub(crate) use archive::file_of as archive_of;
pub use archive::{ArchiveError, Archives};
pub(crate) use archive::{claim_theirs, export, remove_archive};
pub use change_password::{ChangePassword, ChangePasswordError};
pub use consent::{ConsentError, MarketingConsent};
pub(crate) use details::Details;
pub use details::{DetailsRefusal, GivenDetails};
pub(crate) use email_change::EmailBody;
pub use email_change::{EmailChange, EmailChangeError, EmailConfirmError};
pub use erase::{EraseCustomer, EraseError};
pub(crate) use erase::{erase, remove_cart};
pub use foresee::{ForeseeError, ForeseeUpdate, WantedUpdate};
pub(crate) use forget::forget_persons;
pub use link_use::{LinkUse, LinkUseError};
pub use read::ReadCustomer;
pub use recover::RecoverPassword;
pub(crate) use register::RegistrationBody;
pub use register::{RegisterCustomer, RegisterError, Registration};
pub use reset::ResetPassword;
pub use search::parse_own_order_search;
pub(crate) use told::all as all_that_is_known;
pub use update::{UpdateCustomer, UpdateError};

#[cfg(test)]
mod tests;
