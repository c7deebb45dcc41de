//! Why an answer is not believed.

/// Why an answer is not believed. For the log: whoever signs in is told to begin anew, and nothing else. None of these holds
/// a word of what came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untrusted {
    /// It cannot be read, is too long, or says something twice.
    #[error("it cannot be read")]
    Malformed,
    /// It answers another attempt, or none.
    #[error("it does not answer this attempt")]
    State,
    /// It comes from another issuer, or does not say from which (RFC 9207).
    #[error("it comes from another issuer")]
    Sender,
    /// The provider does not take the code: it was used, is over, or was given to somebody else.
    #[error("the provider does not take the code")]
    Code,
    /// The provider gave no ID token.
    #[error("there is no ID token")]
    NoToken,
    /// The token is not signed, or in a way that this issuer does not, or that we never take.
    #[error("the token's algorithm is not one that we take")]
    Algorithm,
    /// The token is signed by a key that is not among the issuer's.
    #[error("the token's key is not among the issuer's")]
    UnknownKey,
    /// The token's signature is wrong.
    #[error("the token's signature is wrong")]
    Signature,
    /// The token was made by another issuer.
    #[error("the token was made by another issuer")]
    Issuer,
    /// The token is for somebody else, or for others too.
    #[error("the token is for somebody else")]
    Audience,
    /// The token was given to somebody else (`azp`).
    #[error("the token was given to somebody else")]
    AuthorizedParty,
    /// The token's time is over.
    #[error("the token is over")]
    Expired,
    /// The token's time has not come, or it was made in the future.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// The token belongs to another attempt.
    #[error("the token belongs to another attempt")]
    Nonce,
    /// The token does not say whom it is about in the form that the standard wants.
    #[error("the token's subject is not one")]
    Subject,
    /// The access token is not the one that the ID token came with (`at_hash`).
    #[error("the access token is not the ID token's")]
    AccessToken,
    /// What the provider says of the person is about somebody else, or cannot be read.
    #[error("the claims about the person are not theirs")]
    UserInfo,
}
