//! Signing in with somebody else's account: an OpenID Connect client by code, PKCE, state and nonce.
//!
//! It says who a provider vouches for, and nothing of which account that is. Whatever comes from a provider or by way of a
//! browser is believed only as far as it was shown: the answer belongs to this attempt, comes from this issuer, its token is
//! signed by this issuer's key, for us, for this attempt, now. The library that speaks the protocol is given our own requests:
//! bounded in time and size, never redirected, and not to addresses inside the network that we stand in.

mod apple;
mod attempt;
mod callback;
mod claims;
mod config;
mod directory;
mod http;
mod identity;
mod network;
mod provider;
mod untrusted;

pub use apple::AppleKey;
pub use attempt::{Attempt, Authorization};
pub use callback::Callback;
pub use config::{ClientAuth, InvalidProvider, ProviderConfig};
pub use identity::{Email, Identity};
pub use provider::{ExchangeError, OidcProvider};
pub use untrusted::Untrusted;
