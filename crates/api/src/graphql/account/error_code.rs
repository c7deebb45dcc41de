//! The codes of refusals to whoever is signed in, or wants to be.

use async_graphql::Enum;

/// Why a mutation of an account was refused. None of them tells whether there is an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AccountErrorCode {
    /// Browsers take no cookies of sign-ins from this address: the shop is reached without TLS.
    CookiesNotPossible,
    /// What was shown at an OpenID provider opens another account.
    IdentityTaken,
    /// The value is not valid.
    Invalid,
    /// Without it nobody could get into the account: it has no password, and nothing else that opens it.
    LastWayIn,
    /// There is no such thing of theirs.
    NotFound,
    /// Nobody is signed in.
    NotSignedIn,
    /// An order still has to be paid, or to be sent.
    OrdersOpen,
    /// The link was opened in another browser than the one that was signed in at the provider. It works there.
    OtherBrowser,
    /// The password has characters that it cannot have: white space at an end, or control characters.
    PasswordInvalid,
    /// The password is too easy to guess.
    PasswordTooCommon,
    /// The password is too long.
    PasswordTooLong,
    /// The password is too short.
    PasswordTooShort,
    /// The token is none, was used, or is over.
    TokenInvalid,
    /// The value is too long.
    TooLong,
    /// The address or the password is wrong, or nobody signs in to that account.
    Unidentified,
}
