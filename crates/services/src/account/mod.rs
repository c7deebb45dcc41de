//! Signing in and being known: what customers and staff have in common.
//!
//! A sign-in is a row; every credential is a face of it ([`Authenticate`]). No answer here tells whether there is an account: whoever
//! asks for one that is not there costs the same statements, hashes and jobs as whoever asks for one that is.

mod auth;
mod authenticate;
mod begin;
mod caller;
mod letters;
pub(crate) mod links;
mod new_password;
pub mod oidc;
mod proof;
mod public_keys;
mod refresh;
mod sessions;
mod sign_in;
mod signing;
mod storefront;
mod sweep;

pub use auth::Auth;
pub use authenticate::{AuthError, Authenticate, Credential};
pub use begin::{Issued, SignedInNow};
pub(crate) use begin::{issue, new_session, note_place};
pub use caller::{Caller, Client, SessionHolder};
pub(crate) use letters::{AccountMail, write};
pub use new_password::NewPasswordError;
pub(crate) use new_password::hashed;
pub(crate) use proof::{Proved, prove, prove_again, prove_staff_again, still_proved};
pub use proof::{Reproof, SignInError};
pub use public_keys::PublicKeys;
pub use refresh::RefreshTokens;
pub use sessions::Sessions;
pub use sign_in::{PasswordSignIn, SignIn};
pub(crate) use signing::rotate_keys;
pub use storefront::StorefrontTokens;
pub(crate) use sweep::sweep;

#[cfg(test)]
mod tests;
