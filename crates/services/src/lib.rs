//! The use cases: the only place where persistence, state and payments meet, and the only place that opens and
//! commits a transaction.
//!
//! [`Services`] holds one value for each; an adapter (GraphQL, a page, a job) calls its `run` and maps the outcome. Refusals are
//! enums with no text from inside; [`stoa_domain::shared::Fault`]s are for the log.

pub mod account;
pub mod admin;
pub mod audit;
pub mod cart;
pub mod catalog;
pub mod checkout;
mod context;
pub mod customer;
pub mod doctor;
pub mod jobs;
pub mod limits;
pub mod live;
pub mod mail;
pub mod media;
pub mod meters;
pub mod order;
pub mod payment;
pub mod readable;
mod services;
mod settings;
pub mod staff;
pub mod system;

pub use context::{Context, OutsideServices, Ports};
pub use services::Services;
pub use settings::{AccountSettings, InvalidSettings, MailSettings, PrivacySettings, Settings, UnitSettings};

#[cfg(test)]
mod testing;
