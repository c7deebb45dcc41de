//! Forms: what is wrong with one, beside its fields and above it, and how it is shown again.

mod address;
mod errors;
mod page;
mod refusal;

pub(crate) use address::AddressForm;
pub(crate) use errors::{FieldErrors, form_name};
pub(crate) use page::FormPage;
pub(crate) use refusal::{of_link, of_new_password, of_proof};
