//! The codes of customer errors: the whole vocabulary of storefront clients, of which this shop uses those that tell nobody whether
//! there is an account.

use async_graphql::Enum;

/// Why a mutation of a customer was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CustomerErrorCode {
    /// The account has begun already. Never used: it would tell that there is one.
    AlreadyEnabled,
    /// The address's domain takes no mail.
    BadDomain,
    /// The value is missing.
    Blank,
    /// The value contains HTML tags.
    ContainsHtmlTags,
    /// The value contains a URL.
    ContainsUrl,
    /// The account begins once its address is proved: a mail was sent there. Whoever registers is always told so.
    CustomerDisabled,
    /// The value is not valid.
    Invalid,
    /// Multipass is not spoken here.
    InvalidMultipassRequest,
    /// The customer has no such thing.
    NotFound,
    /// The password begins or ends with white space.
    PasswordStartsOrEndsWithWhitespace,
    /// The value is somebody else's. Never used for an address: it would tell that there is an account.
    Taken,
    /// The link's token is none, was used, or is over.
    TokenInvalid,
    /// The value is too long.
    TooLong,
    /// The value is too short.
    TooShort,
    /// Address and password, or the access token, are not those of a customer who can sign in.
    UnidentifiedCustomer,
}
