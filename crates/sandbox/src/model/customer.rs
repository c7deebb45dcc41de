//! Customers.

use serde::{Deserialize, Serialize};

use super::{Address, Metadata, Shipping};

/// Somebody who pays, perhaps more than once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Customer {
    /// `cus_…`.
    pub(crate) id: String,
    /// Seconds.
    pub(crate) created: i64,
    /// Deleted customers keep their id and nothing else that can be read.
    pub(crate) deleted: bool,
    /// Where.
    pub(crate) address: Option<Address>,
    /// For people.
    pub(crate) description: Option<String>,
    /// Mail address.
    pub(crate) email: Option<String>,
    /// For the caller.
    pub(crate) metadata: Metadata,
    /// Full name.
    pub(crate) name: Option<String>,
    /// Phone number.
    pub(crate) phone: Option<String>,
    /// Languages, most wanted first.
    pub(crate) preferred_locales: Vec<String>,
    /// Where goods go.
    pub(crate) shipping: Option<Shipping>,
    /// `pm_…` for invoices (`invoice_settings[default_payment_method]`).
    pub(crate) default_payment_method: Option<String>,
}
