//! Staff: how they join, sign in and prove who they are, what they may do, and the keys of programs that act for them.
//!
//! Who acts is asked for by type: each use case takes the [`Permit`](stoa_domain::access::Permit) for what it does. Everything is done
//! in a transaction that says in the audit log what it has changed. The shop's owner has every permission without any role, and nothing
//! here shuts them out or makes them less: only giving the shop to another does.

mod accept;
mod api_keys;
mod change;
mod code;
mod guessed;
mod invite;
mod member;
mod owner;
mod password;
mod person;
mod recover;
mod roles;
mod second_factor;
mod sessions;
mod sign_in;
mod step_up;
mod transfer;

pub use accept::{AcceptInvitation, Acceptance};
pub use api_keys::{ApiKeyError, ApiKeys, NewKey, ShownKey};
pub use change::{ChangeStaffError, ChangeStaffPassword};
pub use code::CodeError;
pub(crate) use invite::InvitationBody;
pub use invite::{Invitation, InviteError, InviteStaff};
pub use member::{Me, MemberError, StaffMembers};
pub use owner::{CreateOwner, CreateOwnerError, NewOwner, OwnerCreated, PrintedLink};
pub use password::{ResetStaffPassword, StaffLinkUse};
pub use recover::RecoverStaffPassword;
pub(crate) use roles::keep_built_in_roles;
pub use roles::{RoleError, Roles};
pub use second_factor::{SecondFactor, SecondFactorError, TotpBegun};
pub use sessions::StaffSessions;
pub use sign_in::{StaffSignIn, StaffSignInOutcome, VerifyError, WaitingSignIn};
pub use step_up::{StepUp, StepUpError, StepUpProof};
pub use transfer::{TransferError, TransferOwnership};

/// Which errors of use cases are faults underneath.
macro_rules! may_fault {
    ($error:ty) => {
        impl stoa_persistence::db::MayFault for $error {
            fn fault(&self) -> Option<&stoa_domain::shared::Fault> {
                if let Self::Fault(fault) = self { Some(fault) } else { None }
            }
        }
    };
}
pub(crate) use may_fault;

#[cfg(test)]
mod tests;
