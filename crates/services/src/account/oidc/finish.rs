//! Finishing an attempt: what a provider's answer comes to.

use super::{
    code,
    settle::{self, Means, link},
    waiting::{Waiting, take},
};
use crate::{
    Context,
    account::{Client, SignedInNow},
};
use secrecy::SecretString;
use std::{fmt, sync::Arc};
use stoa_domain::shared::{Fault, Timestamp};
use stoa_oidc::{Callback, ExchangeError, Untrusted};

/// A provider's answer, by way of the browser. Anybody can send anything.
#[derive(Clone, Copy)]
pub struct OidcAnswer<'a> {
    /// The provider to whose address it came.
    pub provider: &'a str,
    /// The query, or the form that was posted.
    pub form: &'a str,
    /// What the browser has kept ([`OidcBegun::browser`](super::OidcBegun::browser)).
    pub browser: Option<&'a str>,
}

/// Hides the code.
impl fmt::Debug for OidcAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OidcAnswer(…)")
    }
}

/// An attempt that is over.
#[derive(Debug)]
pub struct OidcFinished {
    /// What came of it.
    pub outcome: OidcOutcome,
    /// Whether somebody who was signed in wanted another way in.
    pub linking: bool,
    /// Where they wanted to be once they are signed in.
    pub return_to: Option<String>,
    /// Whether that is the page of a storefront that waits for a code, and hears there of anything else that came of it.
    pub for_code: bool,
}

/// What came of an attempt.
#[derive(Debug)]
pub enum OidcOutcome {
    /// They are signed in.
    SignedIn(SignedInNow),
    /// Whoever has the verifier of the storefront that has sent them can sign in, by this code ([`RedeemOidc`](super::RedeemOidc)).
    Code(SecretString),
    /// The account that they were signed in to can be opened this way as well from now on.
    Linked,
    /// There is an account with the address that the provider vouches for. It is opened this way once the link of a mail was opened in
    /// this browser. `None`: more mails were asked for than are sent, and they have the first ones.
    LinkMailed(Option<LinkMailed>),
    /// Nobody is signed in, and nothing has changed.
    Refused(OidcRefusal),
}

/// A link that was mailed to the owner of an account.
pub struct LinkMailed {
    /// What the browser keeps: without it the link does nothing ([`ConfirmIdentity`](super::ConfirmIdentity)).
    pub browser: SecretString,
    /// Until when the link works.
    pub until: Timestamp,
}

/// Hides what belongs to the browser.
impl fmt::Debug for LinkMailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkMailed(until {})", self.until)
    }
}

/// Why nobody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OidcRefusal {
    /// The answer belongs to no attempt of this browser that waits, or is not believed. Beginning anew may help.
    BeginAgain,
    /// The person said no, or the provider did for them.
    Denied,
    /// The provider tells no address that the person has shown to be theirs, and the identity is nobody's here yet.
    EmailNeeded,
    /// The identity is another customer's.
    IdentityTaken,
    /// The account is closed.
    Closed,
}

/// Why an answer is not even looked at, or its attempt is lost.
#[derive(Debug, thiserror::Error)]
pub enum FinishOidcError {
    /// The shop has no such provider.
    #[error("there is no such provider")]
    NoProvider,
    /// The provider or the database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Finishes attempts.
pub struct FinishOidc(pub(crate) Arc<Context>);

impl FinishOidc {
    /// Looks at an answer, once: with it its attempt is over, whatever comes of it.
    ///
    /// # Errors
    /// There is no such provider, or it or the database does not answer.
    #[tracing::instrument(name = "account.oidc_finish", skip_all)]
    pub async fn run(
        &self,
        answer: OidcAnswer<'_>,
        client: &Client,
    ) -> Result<OidcFinished, FinishOidcError> {
        let ctx = &self.0;
        let provider = ctx.ports.oidc.by_name(answer.provider).ok_or(FinishOidcError::NoProvider)?;
        let lost = || OidcFinished {
            outcome: OidcOutcome::Refused(OidcRefusal::BeginAgain),
            linking: false,
            return_to: None,
            for_code: false,
        };
        let callback = match Callback::parse(answer.form) {
            Ok(callback) => callback,
            Err(why) => {
                tell(provider.name(), why);
                return Ok(lost());
            }
        };
        let taken = take(ctx, provider.name(), (callback.state(), answer.browser)).await?;
        let Some(Waiting { attempt, return_to, linking, code }) = taken else { return Ok(lost()) };
        let for_code = code.is_some();
        let outcome = match Box::pin(provider.client().exchange(callback, &attempt)).await {
            Ok(identity) => match (linking, code) {
                (Some(linking), _) => Box::pin(link(ctx, linking, &identity)).await?,
                (None, Some(challenge)) => {
                    match Box::pin(settle::before_code(ctx, provider.title(), &identity, client)).await? {
                        Some(other) => other,
                        None => OidcOutcome::Code(code::give(ctx, challenge, identity).await?),
                    }
                }
                (None, None) => {
                    let means = Means::Cookie { provider: provider.title() };
                    Box::pin(settle::sign_in(ctx, means, &identity, client)).await?
                }
            },
            Err(ExchangeError::Denied) => OidcOutcome::Refused(OidcRefusal::Denied),
            Err(ExchangeError::Untrusted(why)) => {
                tell(provider.name(), why);
                OidcOutcome::Refused(OidcRefusal::BeginAgain)
            }
            Err(ExchangeError::Fault(fault)) => return Err(fault.into()),
        };
        Ok(OidcFinished { outcome, linking: linking.is_some(), return_to, for_code })
    }
}

/// For whoever runs the shop: a provider that is never believed is one that is set up wrong. None of the reasons holds a word of what
/// came in.
fn tell(provider: &str, why: Untrusted) {
    tracing::warn!(oidc.provider = provider, reason = %why, "an answer of an OpenID provider is not believed");
}
