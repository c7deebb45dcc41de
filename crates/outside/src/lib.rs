//! Services outside of the house: taxes and carriers' rates by plain HTTP and JSON, as docs/outside-services.md says it to whoever writes one.
//!
//! [`HttpTaxService`] and [`HttpCarrierRates`] are the domain's ports [`TaxService`](stoa_domain::tax::TaxService) and
//! [`CarrierRates`](stoa_domain::delivery::CarrierRates). Both ask in the same way, and believe as little: an answer is bounded in time and size, is
//! read into a form of ours and checked figure by figure; what is wrong in one place is of no use altogether. Nothing goes anywhere but to the address
//! of the settings: redirects are not followed.
//!
//! Answers are kept for a while, and failures for ten seconds, so that whoever waits behind a dead service waits once. A service that was silent
//! several times in a row is given a rest, and then tried with one question.
//!
//! What is done without an answer is the shop's rule, and not decided here. TLS is rustls without a provider of its own: the process must have
//! installed one (`main` installs ring's).

mod asker;
mod cache;
mod carriers;
mod config;
mod http;
mod rest;
mod tax;
mod wire;

pub use asker::{Heard, Observer};
pub use carriers::HttpCarrierRates;
pub use config::{InvalidService, MOST_PATIENCE, ServiceConfig};
pub use http::{MOST_AT_ONCE, MOST_BYTES};
pub use tax::HttpTaxService;
