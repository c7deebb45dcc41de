//! Signing in with somebody else's account: attempts, and whose account here an identity elsewhere opens.
//!
//! A provider vouches for a person, not for an account (ADR 25). Two identities are one customer's only once one browser has shown
//! both: the provider's word, and a sign-in or a mail that proves the account. An address alone never opens an account that there is.

mod begin;
mod code;
mod confirm;
mod finish;
mod identities;
mod providers;
mod settle;
mod waiting;

pub use begin::{BeginOidc, BeginOidcError, LinkOidcError, OidcBegun, WayBack};
pub use code::{CodeChallenge, RedeemOidc, RedeemOidcError};
pub(crate) use confirm::IdentityBody;
pub use confirm::{ConfirmIdentity, ConfirmIdentityError};
pub use finish::{
    FinishOidc, FinishOidcError, LinkMailed, OidcAnswer, OidcFinished, OidcOutcome, OidcRefusal,
};
pub use identities::{Identities, LinkedIdentity, UnlinkError};
pub use providers::{NamedProvider, OidcProviders};
