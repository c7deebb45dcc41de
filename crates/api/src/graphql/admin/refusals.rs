//! From refusals of the use cases to user errors: a code, the place in the input, and a sentence.
//!
//! No match here has a `_` arm: a new refusal does not compile until somebody decides what staff see.

use super::error_code::{
    ApiKeyErrorCode as KeyCode, ApiKeyUserError, RoleErrorCode as RoleCode, RoleUserError,
    StaffAccountErrorCode as Code, StaffAccountUserError, StaffMemberErrorCode as MemberCode,
    StaffMemberUserError,
};
use crate::graphql::{ApiError, cart::InputPath, customer::refusals::password_message};
use stoa_domain::{
    access::{Permission, Permissions},
    account::PasswordRefusal,
    shared::Fault,
    staff::RoleRefusal,
};
use stoa_services::{
    account::{NewPasswordError, SignInError},
    customer::LinkUseError,
    staff::{
        ApiKeyError, ChangeStaffError, InviteError, MemberError, RoleError, SecondFactorError, StepUpError,
        TransferError, VerifyError,
    },
};

type Account = Result<StaffAccountUserError, ApiError>;
type Member = Result<StaffMemberUserError, ApiError>;

/// A password that does not fit. `at` is where it stands.
///
/// # Errors
/// Too many guesses, too much to do, or a fault.
pub(super) fn sign_in(error: SignInError, at: InputPath) -> Account {
    match error {
        SignInError::Unidentified => {
            Ok(StaffAccountUserError::new(Code::Unidentified, at, "The address or the password is wrong."))
        }
        SignInError::TooManyGuesses { retry_after } => Err(ApiError::too_many_guesses(retry_after)),
        SignInError::Busy => Err(ApiError::busy()),
        SignInError::Fault(fault) => Err(fault.into()),
    }
}

/// A second half that is not taken.
///
/// # Errors
/// Too many guesses, or a fault.
pub(super) fn verify(error: VerifyError) -> Account {
    match error {
        VerifyError::Over => {
            let message = "The sign-in does not wait any more. Sign in again.";
            Ok(StaffAccountUserError::new(Code::ChallengeOver, InputPath::argument("challenge"), message))
        }
        VerifyError::WrongCode => Ok(wrong_code(InputPath::argument("code"))),
        VerifyError::TooManyGuesses { retry_after } => Err(ApiError::too_many_guesses(retry_after)),
        VerifyError::Fault(fault) => Err(fault.into()),
    }
}

/// A proof that is none.
///
/// # Errors
/// Too many guesses, too much to do, or a fault.
pub(super) fn step_up(error: StepUpError) -> Account {
    let input = InputPath::argument("input");
    match error {
        StepUpError::SignIn(error) => sign_in(error, input.field("password")),
        StepUpError::CodeNeeded => {
            let message = "A code of the authenticator is needed as well, or a recovery code.";
            Ok(StaffAccountUserError::new(Code::CodeNeeded, input.field("code"), message))
        }
        StepUpError::WrongCode => Ok(wrong_code(input.field("code"))),
        StepUpError::TooManyGuesses { retry_after } => Err(ApiError::too_many_guesses(retry_after)),
        StepUpError::Fault(fault) => Err(fault.into()),
    }
}

/// A second factor that stays as it is.
///
/// # Errors
/// Too many guesses, too much to do, or a fault.
pub(super) fn second_factor(error: SecondFactorError) -> Account {
    match error {
        SecondFactorError::SignIn(error) => sign_in(error, InputPath::argument("password")),
        SecondFactorError::Enrolled => {
            let message = "There is an authenticator. Give it up first.";
            Ok(StaffAccountUserError::whole(Code::Enrolled, message))
        }
        SecondFactorError::NotEnrolled => {
            Ok(StaffAccountUserError::whole(Code::NotEnrolled, "There is no authenticator."))
        }
        SecondFactorError::WrongCode => Ok(wrong_code(InputPath::argument("code"))),
        SecondFactorError::TooManyGuesses { retry_after } => Err(ApiError::too_many_guesses(retry_after)),
        SecondFactorError::Fault(fault) => Err(fault.into()),
    }
}

/// A link that does not do what it is for.
///
/// # Errors
/// Too many tries, too much to do, or a fault.
pub(super) fn link_use(error: LinkUseError) -> Account {
    let input = InputPath::argument("input");
    match error {
        LinkUseError::Invalid => Ok(token(input.field("token"))),
        LinkUseError::Password(refusal) => Ok(password(refusal, input.field("password"))),
        LinkUseError::TooManyTries { retry_after } => Err(ApiError::too_many_guesses(retry_after)),
        LinkUseError::Busy => Err(ApiError::busy()),
        LinkUseError::Fault(fault) => Err(fault.into()),
    }
}

/// A password that stays as it was.
///
/// # Errors
/// Too many tries, too much to do, or a fault.
pub(super) fn change(error: ChangeStaffError) -> Account {
    let at = InputPath::argument("newPassword");
    match error {
        ChangeStaffError::SignIn(error) => sign_in(error, InputPath::default()),
        ChangeStaffError::New(NewPasswordError::Refused(refusal)) => Ok(password(refusal, at)),
        ChangeStaffError::New(NewPasswordError::TooManyTries { retry_after }) => {
            Err(ApiError::too_many_guesses(retry_after))
        }
        ChangeStaffError::New(NewPasswordError::Busy) => Err(ApiError::busy()),
        ChangeStaffError::New(NewPasswordError::Fault(fault)) | ChangeStaffError::Fault(fault) => {
            Err(fault.into())
        }
    }
}

/// A token that is worth nothing.
pub(super) fn token(at: InputPath) -> StaffAccountUserError {
    StaffAccountUserError::new(Code::TokenInvalid, at, "The token does not work: it was used, or is over.")
}

fn wrong_code(at: InputPath) -> StaffAccountUserError {
    StaffAccountUserError::new(Code::CodeWrong, at, "The code is wrong, or was used.")
}

fn password(refusal: PasswordRefusal, at: InputPath) -> StaffAccountUserError {
    let code = match refusal {
        PasswordRefusal::TooShort { min: _ } => Code::PasswordTooShort,
        PasswordRefusal::TooLong { max: _ } => Code::PasswordTooLong,
        PasswordRefusal::Common => Code::PasswordTooCommon,
        PasswordRefusal::Whitespace | PasswordRefusal::ControlCharacter => Code::PasswordInvalid,
    };
    StaffAccountUserError::new(code, at, password_message(refusal))
}

/// An own account that stays as it was.
///
/// # Errors
/// A fault, or what cannot happen to oneself.
pub(super) fn profile(error: MemberError) -> Account {
    match error {
        MemberError::Stale => {
            let message = "It was changed by somebody else at the same moment. Look again.";
            Ok(StaffAccountUserError::whole(Code::Stale, message))
        }
        MemberError::NotFound => {
            Ok(StaffAccountUserError::whole(Code::NotFound, "There is no such account."))
        }
        MemberError::Owner(_)
        | MemberError::State(_)
        | MemberError::NoRole(_)
        | MemberError::NotGrantable(_) => Err(Fault::bug("admin.profile: refused like another's").into()),
        MemberError::Fault(fault) => Err(fault.into()),
    }
}

/// Nobody on the staff has this id.
pub(super) fn no_member(at: InputPath) -> StaffMemberUserError {
    StaffMemberUserError::new(MemberCode::NotFound, at, "There is nobody like that on the staff.")
}

/// A member of staff who stays as they are. `id` is where it stands who they are, `roles` which roles.
///
/// # Errors
/// A fault.
pub(super) fn member(error: MemberError, id: &InputPath, roles: &InputPath) -> Member {
    let (code, at, message) = match error {
        MemberError::NotFound => return Ok(no_member(id.clone())),
        MemberError::Owner(owner) => (MemberCode::OwnerProtected, id, sentence(owner)),
        MemberError::State(refused) => (MemberCode::InvalidState, id, sentence(refused)),
        MemberError::NoRole(_) => return Ok(no_role(roles.clone())),
        MemberError::NotGrantable(refused) => (MemberCode::NotGrantable, roles, sentence(refused)),
        MemberError::Stale => {
            let message = "They were changed by somebody else at the same moment. Look again.".to_owned();
            (MemberCode::Stale, id, message)
        }
        MemberError::Fault(fault) => return Err(fault.into()),
    };
    Ok(StaffMemberUserError::new(code, at.clone(), message))
}

/// A role that is to be given, and is not there.
pub(super) fn no_role(at: InputPath) -> StaffMemberUserError {
    StaffMemberUserError::new(MemberCode::NotFound, at, "There is no such role.")
}

/// Somebody who is not asked to join.
///
/// # Errors
/// A fault.
pub(super) fn invite(error: InviteError) -> Member {
    let input = InputPath::argument("input");
    Ok(match error {
        InviteError::OnStaff => {
            let message = "Somebody with that address is on the staff.";
            StaffMemberUserError::new(MemberCode::Taken, input.field("email"), message)
        }
        InviteError::NoRole(_) => no_role(input.field("roleIds")),
        InviteError::NotGrantable(refused) => {
            let (code, at) = (MemberCode::NotGrantable, input.field("roleIds"));
            StaffMemberUserError::new(code, at, sentence(refused))
        }
        InviteError::Fault(fault) => return Err(fault.into()),
    })
}

/// A shop that stays whose it is.
///
/// # Errors
/// A fault.
pub(super) fn transfer(error: TransferError) -> Member {
    let (code, message) = match error {
        TransferError::NotEnabled => (MemberCode::NotEnabled, "They cannot sign in."),
        TransferError::Stale => (MemberCode::Stale, "The shop has another owner by now."),
        TransferError::Fault(fault) => return Err(fault.into()),
    };
    Ok(StaffMemberUserError::new(code, InputPath::argument("staffMemberId"), message))
}

/// A role that is not so. `input` is where it is written.
///
/// # Errors
/// A fault.
pub(super) fn role(error: RoleError, input: &InputPath) -> Result<RoleUserError, ApiError> {
    let id = InputPath::argument("id");
    let (name, permissions) = (input.field("name"), input.field("permissions"));
    let (code, at, message) = match error {
        RoleError::Refused(refusal) => {
            let (code, at) = match refusal {
                RoleRefusal::NameMissing => (RoleCode::Blank, name),
                RoleRefusal::NameTooLong { max: _ } => (RoleCode::TooLong, name),
                RoleRefusal::Empty => (RoleCode::Blank, permissions),
                RoleRefusal::BuiltIn => (RoleCode::BuiltIn, id),
                RoleRefusal::NotGrantable(_) => (RoleCode::NotGrantable, permissions),
            };
            (code, at, sentence(refusal))
        }
        RoleError::NotFound => return Ok(unknown_role()),
        RoleError::Taken => (RoleCode::Taken, name, "Another role has that name.".to_owned()),
        RoleError::InUse => (RoleCode::InUse, id, "Somebody has that role.".to_owned()),
        RoleError::Stale => {
            let message = "It was changed by somebody else at the same moment. Look again.".to_owned();
            (RoleCode::Stale, id, message)
        }
        RoleError::Fault(fault) => return Err(fault.into()),
    };
    Ok(RoleUserError::new(code, at, message))
}

/// No role has this id.
pub(super) fn unknown_role() -> RoleUserError {
    RoleUserError::new(RoleCode::NotFound, InputPath::argument("id"), "There is no such role.")
}

/// A key that is not made or ended.
///
/// # Errors
/// A fault.
pub(super) fn api_key(error: ApiKeyError) -> Result<ApiKeyUserError, ApiError> {
    let input = InputPath::argument("input");
    let message = sentence(&error);
    let (code, at) = match error {
        ApiKeyError::NameMissing => (KeyCode::Blank, input.field("name")),
        ApiKeyError::NameTooLong { max: _ } => (KeyCode::TooLong, input.field("name")),
        ApiKeyError::NoScope => (KeyCode::Blank, input.field("scopes")),
        ApiKeyError::ForPeople(_) | ApiKeyError::NotGrantable(_) => {
            (KeyCode::NotGrantable, input.field("scopes"))
        }
        ApiKeyError::Over => (KeyCode::Invalid, input.field("expiresAt")),
        ApiKeyError::NotFound => return Ok(unknown_key()),
        ApiKeyError::PersonNeeded => {
            return Err(Fault::bug("admin.api_key: a permit of people, held by no person").into());
        }
        ApiKeyError::Fault(fault) => return Err(fault.into()),
    };
    Ok(ApiKeyUserError::new(code, at, message))
}

/// No key has this id.
pub(super) fn unknown_key() -> ApiKeyUserError {
    let message = "There is no such key, or it was ended before.";
    ApiKeyUserError::new(KeyCode::NotFound, InputPath::argument("id"), message)
}

/// Reads names of permissions.
///
/// # Errors
/// The place of the first that is none, and a sentence.
pub(super) fn permissions(names: &[String], at: &InputPath) -> Result<Permissions, (InputPath, String)> {
    let read = |(index, name): (usize, &String)| {
        Permission::from_name(name).ok_or_else(|| {
            let known: Vec<&str> = Permission::ALL.iter().map(|p| p.name()).collect();
            (at.entry(index), format!("There is no such permission; there are {}.", known.join(", ")))
        })
    };
    names.iter().enumerate().map(read).collect()
}

/// A refusal of the domain as a sentence for people.
pub(super) fn sentence(refusal: impl std::fmt::Display) -> String {
    let text = refusal.to_string();
    let mut letters = text.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_sentence() {
        assert_eq!(sentence("somebody has that role"), "Somebody has that role.");
        assert_eq!(sentence("été"), "Été.");
    }

    #[test]
    fn a_permission_that_is_none_is_named_by_its_place() {
        let at = InputPath::argument("input").field("permissions");
        let named = |names: &[&str]| {
            permissions(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), &at)
        };
        let both = Permissions::of(&[Permission::ProductsRead, Permission::OrdersRead]);
        assert_eq!(named(&["orders:read", "products:read", "orders:read"]), Ok(both));
        let (path, message) = named(&["orders:read", "orders:READ"]).unwrap_err();
        assert_eq!(path, at.entry(1));
        assert!(message.contains("orders:read"), "{message}");
    }
}
