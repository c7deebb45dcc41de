//! Signing in: passwords, sessions, the links of mails, and sign-ins that wait for their second half. The same for customers and
//! staff, who are kept apart by their [`Realm`].
//!
//! Hashes, tokens and codes are made elsewhere; here is what they mean and how long they last.

mod challenge;
mod password;
mod realm;
mod session;
mod token;

pub use challenge::{Challenge, ChallengeKind, ChallengeStanding, Waiter};
pub use password::{InvalidPasswordRule, Password, PasswordRefusal, PasswordRule};
pub use realm::{Realm, Salt};
pub use session::{
    NewSession, Refresh, Revoked, RevokedBecause, Session, SessionKind, SessionRule, Standing,
};
pub use token::{AccountToken, TokenKind, TokenStanding};
