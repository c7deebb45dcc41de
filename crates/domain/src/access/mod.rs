//! Who may do what: permissions, who acts, and the proof that an act is allowed.
//!
//! A service that only staff may call takes a [`Permit`], and only [`Actor::permit`] makes one. So a check that was forgotten does
//! not compile, and the guard of a field reads the same [`Grant`] as the service behind it.

mod actor;
mod grant;
mod permission;
mod viewer;

pub use actor::{AccessRules, Actor, Denied, Mfa, Origin, StaffSession, Who};
pub use grant::{Grant, Need, Permit, grants};
pub use permission::{Permission, Permissions};
pub use viewer::{SignedIn, Viewer};

#[cfg(test)]
mod tests;
