//! Signing in and being known: what customers and staff have in common.
//!
//! A sign-in is a row; every credential is a face of it ([`Authenticate`]). No answer here tells whether there is an account: whoever
//! asks for one that is not there costs the same statements, hashes and jobs as whoever asks for one that is.

mod auth;
mod authenticate;
mod caller;
mod signing;

pub use auth::Auth;
pub use authenticate::{AuthError, Authenticate, Credential};
pub use caller::{Caller, Client, SessionHolder};
