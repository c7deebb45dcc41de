//! The codes of refusals, an enum a theme.

use super::user_error::{AdminUserError, RefusalCode};
use async_graphql::Enum;

/// Why a mutation of one's own staff account was refused. Those of signing in do not tell whether there is an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum StaffAccountErrorCode {
    /// The sign-in does not wait for its second half any more: it took too long, too many codes were wrong, or it is done. Begin anew.
    ChallengeOver,
    /// There is an authenticator, and no code of it was shown.
    CodeNeeded,
    /// The code is wrong, or was used.
    CodeWrong,
    /// There is an authenticator already.
    Enrolled,
    /// The value is not valid.
    Invalid,
    /// There is no authenticator.
    NotEnrolled,
    /// There is no such thing of theirs.
    NotFound,
    /// The password has characters that it cannot have: white space at an end, or control characters.
    PasswordInvalid,
    /// The password is too easy to guess.
    PasswordTooCommon,
    /// The password is too long.
    PasswordTooLong,
    /// The password is too short.
    PasswordTooShort,
    /// It was changed by somebody else at the same moment.
    Stale,
    /// The token is none, was used, or is over.
    TokenInvalid,
    /// The address or the password is wrong, or nobody signs in to that account.
    Unidentified,
}

/// Why a mutation of the staff was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum StaffMemberErrorCode {
    /// The value is not valid.
    Invalid,
    /// What they are does not allow it: somebody who has not joined yet is not let in again.
    InvalidState,
    /// They cannot sign in, so that the shop would be nobody's.
    NotEnabled,
    /// There is nobody like that on the staff, or no such role.
    NotFound,
    /// It would give what the one who asks may not do themselves.
    NotGrantable,
    /// They own the shop: it has to be given to another first.
    OwnerProtected,
    /// It was changed by somebody else at the same moment.
    Stale,
    /// Somebody with that address is on the staff, or was shut out.
    Taken,
}

/// Why a mutation of a role was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RoleErrorCode {
    /// The value is missing.
    Blank,
    /// The shop came with the role: nobody changes it.
    BuiltIn,
    /// Somebody has the role.
    InUse,
    /// The value is not valid.
    Invalid,
    /// There is no such role.
    NotFound,
    /// It would give what the one who asks may not do themselves.
    NotGrantable,
    /// It was changed by somebody else at the same moment.
    Stale,
    /// Another role has that name.
    Taken,
    /// The value is too long.
    TooLong,
}

/// Why a mutation of an API key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ApiKeyErrorCode {
    /// The value is missing.
    Blank,
    /// The value is not valid.
    Invalid,
    /// There is no such key, or it was ended before.
    NotFound,
    /// It would allow what the one who asks may not do themselves, or what no key may.
    NotGrantable,
    /// The value is too long.
    TooLong,
}

impl RefusalCode for StaffAccountErrorCode {
    const ERROR: &'static str = "StaffAccountUserError";
}

impl RefusalCode for StaffMemberErrorCode {
    const ERROR: &'static str = "StaffMemberUserError";
}

impl RefusalCode for RoleErrorCode {
    const ERROR: &'static str = "RoleUserError";
}

impl RefusalCode for ApiKeyErrorCode {
    const ERROR: &'static str = "ApiKeyUserError";
}

/// A refusal to whoever signs in, or changes their own account.
pub type StaffAccountUserError = AdminUserError<StaffAccountErrorCode>;
/// A refusal about the staff.
pub type StaffMemberUserError = AdminUserError<StaffMemberErrorCode>;
/// A refusal about a role.
pub type RoleUserError = AdminUserError<RoleErrorCode>;
/// A refusal about an API key.
pub type ApiKeyUserError = AdminUserError<ApiKeyErrorCode>;
