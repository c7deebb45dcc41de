//! Beginning an attempt: where the browser is sent, and what it keeps meanwhile.

use super::{
    code::CodeChallenge,
    waiting::{Linking, NewAttempt, Waiting, answer_to},
};
use crate::{
    Context,
    account::{Client, Reproof, SignInError, prove_again},
    limits::{Elsewhere, TooMany},
};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, sync::Arc, time::Duration};
use stoa_domain::{
    access::SignedIn,
    shared::{Fault, Timestamp},
};
use url::Url;

/// An attempt that has begun.
pub struct OidcBegun {
    /// Where the browser is to go: the provider's page.
    pub url: Url,
    /// What the browser keeps until the answer comes; nobody else's answer counts.
    pub browser: SecretString,
    /// Whether the provider's own page posts the answer, so that the browser must send what it keeps from there.
    pub posts_its_answer: bool,
    /// Until when an answer is waited for.
    pub until: Timestamp,
}

/// Hides what belongs to the browser.
impl fmt::Debug for OidcBegun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OidcBegun(until {})", self.until)
    }
}

/// Why no attempt begins.
#[derive(Debug, thiserror::Error)]
pub enum BeginOidcError {
    /// The shop has no such provider.
    #[error("there is no such provider")]
    NoProvider,
    /// Too many were begun from there.
    #[error("too many attempts")]
    TooMany {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// The provider or the database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<TooMany> for BeginOidcError {
    fn from(TooMany(retry_after): TooMany) -> Self {
        Self::TooMany { retry_after }
    }
}

/// Why nobody who is signed in is sent to a provider.
#[derive(Debug, thiserror::Error)]
pub enum LinkOidcError {
    /// The password is wrong, was guessed at too often, or the sign-in is too old to do without.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// No attempt begins.
    #[error(transparent)]
    Begin(#[from] BeginOidcError),
}

/// How somebody who signs in comes back. That it leads nowhere but to the shop and to storefronts that it names is the caller's to see to.
#[derive(Clone, Copy, Debug)]
pub enum WayBack<'a> {
    /// With a cookie, to where they want to be, if they have said so.
    Cookie(Option<&'a Url>),
    /// With a code for the page of a storefront that has sent them.
    Code {
        /// The page.
        to: &'a Url,
        /// The hash of what it shows for its tokens.
        challenge: &'a CodeChallenge,
    },
}

/// What becomes of an attempt once it is answered.
struct Afterwards {
    return_to: Option<String>,
    linking: Option<Linking>,
    code: Option<CodeChallenge>,
}

impl From<WayBack<'_>> for Afterwards {
    fn from(back: WayBack<'_>) -> Self {
        let (to, code) = match back {
            WayBack::Cookie(to) => (to, None),
            WayBack::Code { to, challenge } => (Some(to), Some(challenge.clone())),
        };
        Self { return_to: to.map(|url| url.as_str().to_owned()), linking: None, code }
    }
}

/// Begins attempts.
pub struct BeginOidc(pub(crate) Arc<Context>);

impl BeginOidc {
    /// Somebody wants to sign in.
    ///
    /// # Errors
    /// There is no such provider, it does not answer, or too much was begun from there.
    #[tracing::instrument(name = "account.oidc_begin", skip_all)]
    pub async fn sign_in(
        &self,
        provider: &str,
        back: WayBack<'_>,
        client: &Client,
    ) -> Result<OidcBegun, BeginOidcError> {
        self.begin(provider, back.into(), client).await
    }

    /// Somebody who is signed in wants another way in. It will open their account for ever, so they prove once more who they are.
    ///
    /// # Errors
    /// The proof is none, there is no such provider, it does not answer, or too much was begun from there.
    #[tracing::instrument(name = "account.oidc_link", skip_all)]
    pub async fn link(
        &self,
        who: SignedIn,
        by: Reproof<'_>,
        provider: &str,
        client: &Client,
    ) -> Result<OidcBegun, LinkOidcError> {
        if self.0.ports.oidc.by_name(provider).is_none() {
            return Err(BeginOidcError::NoProvider.into());
        }
        let proved = prove_again(&self.0, who, by, client).await?;
        let linking = Linking { who: proved.who, session: who.session };
        let afterwards = Afterwards { return_to: None, linking: Some(linking), code: None };
        Ok(self.begin(provider, afterwards, client).await?)
    }

    async fn begin(
        &self,
        provider: &str,
        afterwards: Afterwards,
        client: &Client,
    ) -> Result<OidcBegun, BeginOidcError> {
        let ctx = &self.0;
        let provider = ctx.ports.oidc.by_name(provider).ok_or(BeginOidcError::NoProvider)?;
        Elsewhere::new(Arc::clone(ctx.limiter())).take(client.address).await??;
        let new = NewAttempt::new(ctx);
        let (state, browser) = (new.state(ctx).expose_secret().to_owned(), new.browser(ctx));
        let answer_to = answer_to(ctx, provider.name())?;
        let authorizing = provider.client().authorize(&*ctx.ports.ids, state, answer_to);
        let begun = Box::pin(authorizing).await?;
        let Afterwards { return_to, linking, code } = afterwards;
        let waiting = Waiting { attempt: begun.attempt, return_to, linking, code };
        let challenge = new.keep(ctx, &waiting).await?;
        Ok(OidcBegun {
            url: begun.url,
            browser,
            posts_its_answer: provider.client().posts_its_answer(),
            until: challenge.expires_at,
        })
    }
}
