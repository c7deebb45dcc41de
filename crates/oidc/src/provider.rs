//! An OpenID provider, as its client sees it.

use crate::{
    Authorization, Callback, ClientAuth, Identity, InvalidProvider, ProviderConfig, Untrusted,
    apple::Names,
    attempt::Attempt,
    claims::{Claims, Expected, Extra, Tokens, Told, UserInfo, believe},
    directory::{Directory, Known},
    http::{Http, HttpError},
    identity::Email,
};
use openidconnect::{
    AccessToken, AuthType, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, SubjectIdentifier,
    UserInfoError,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreTokenIntrospectionResponse,
    },
};
use secrecy::ExposeSecret;
use std::{borrow::Cow, fmt, sync::Arc};
use stoa_domain::shared::{Clock, Fault, IdGenerator};
use url::Url;

const EXCHANGING: &str = "exchanging an OpenID provider's code";

/// The library's client, with the endpoints that a provider's metadata has.
type OidcClient = Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;
type TokenError = RequestTokenError<HttpError, StandardErrorResponse<CoreErrorResponseType>>;

/// Nobody is signed in. In every case the attempt is over: a code is taken once.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The person said no, or the provider did for them.
    #[error("the provider or the person said no")]
    Denied,
    /// The answer is not believed.
    #[error("the answer is not believed: {0}")]
    Untrusted(#[from] Untrusted),
    /// The provider cannot be reached, or does not take what the settings say of us.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// An OpenID provider, as its client sees it.
pub struct OidcProvider {
    config: ProviderConfig,
    http: Http,
    directory: Directory,
    clock: Arc<dyn Clock>,
}

impl OidcProvider {
    /// A provider of the settings. Nothing is asked yet: a shop starts without its providers.
    ///
    /// # Errors
    /// The first setting that cannot be.
    pub fn new(config: ProviderConfig, clock: Arc<dyn Clock>) -> Result<Self, InvalidProvider> {
        let url = config.validate()?;
        let http = Http::new(&url, config.network(), config.patience)?;
        let issuer = IssuerUrl::new(config.issuer.clone())
            .map_err(|_| InvalidProvider::new("issuer", "is not an address"))?;
        let directory = Directory::new(issuer, config.network(), Arc::clone(&clock));
        Ok(Self { config, http, directory, clock })
    }

    /// Its name in our own addresses.
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// The issuer, as it writes itself.
    pub fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// Whether its answers are posted by the browser as a form, from its own pages. Then no cookie that is `SameSite=Lax`
    /// comes along.
    pub const fn posts_its_answer(&self) -> bool {
        matches!(self.config.auth, ClientAuth::Apple(_))
    }

    /// Asks it about itself, unless that was done in the last ten minutes: what `doctor` wants to know.
    ///
    /// # Errors
    /// It cannot be reached, or says something that cannot be; a [`Fault`] that says what.
    pub async fn discover(&self) -> Result<(), Fault> {
        self.directory.current(&self.http).await.map(drop)
    }

    /// Begins an attempt: where the person is sent, and what is to be remembered until the answer comes to `return_to`.
    /// `state` is what the answer is found again by; nobody must be able to guess it.
    ///
    /// # Errors
    /// The provider cannot be reached.
    #[tracing::instrument(name = "oidc.authorize", skip_all, fields(oidc.provider = self.name()))]
    pub async fn authorize(
        &self,
        ids: &dyn IdGenerator,
        state: String,
        return_to: Url,
    ) -> Result<Authorization, Fault> {
        let attempt = Attempt::new(self.name(), ids, state, return_to);
        if !(43..=128).contains(&attempt.verifier.len()) {
            // RFC 7636, section 4.1; the library would panic.
            return Err(Fault::bug("making a PKCE verifier: a token has 43 letters"));
        }
        let known = self.directory.current(&self.http).await?;
        let client = self.client(&known)?;
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(attempt.verifier.clone()));
        let (state, nonce) = (CsrfToken::new(attempt.state.clone()), Nonce::new(attempt.nonce.clone()));
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, || state, || nonce)
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .set_redirect_uri(Cow::Owned(RedirectUrl::from_url(attempt.return_to.clone())));
        if self.posts_its_answer() {
            request = request.add_extra_param("response_mode", "form_post");
        }
        let (url, _, _) = request.url();
        Ok(Authorization { url, attempt })
    }

    /// Who the provider vouches for in its answer to an attempt.
    ///
    /// The attempt is to be taken back before this is called, so that one answer is looked at once; a provider that is worth
    /// its name takes a code once as well.
    ///
    /// # Errors
    /// Nobody is signed in: see [`ExchangeError`].
    #[tracing::instrument(name = "oidc.exchange", skip_all, fields(oidc.provider = self.name()))]
    pub async fn exchange(&self, answer: Callback, attempt: &Attempt) -> Result<Identity, ExchangeError> {
        attempt.expects(self.name(), answer.state())?;
        let known = self.directory.current(&self.http).await?;
        self.came_from_here(&answer, &known)?;
        if let Some(refusal) = answer.refusal() {
            return Err(refusal);
        }
        // Nobody else sends names beside the code, and nobody else's would be taken.
        let names = if self.posts_its_answer() { answer.names() } else { Names::default() };
        let code = answer.code.filter(|code| !code.is_empty()).ok_or(Untrusted::Malformed)?;

        let client = self.client(&known)?.set_redirect_uri(RedirectUrl::from_url(attempt.return_to.clone()));
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Fault::internal(EXCHANGING, error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()))
            .request_async(&self.http)
            .await
            .map_err(refused)?;
        let claims = self.believed(&tokens, &known, attempt).await?;
        let mut told = Told::by_token(claims, self.config.trust_email);
        if told.email == Email::Unknown && known.metadata.userinfo_endpoint().is_some() {
            // Where it is that most is told, if there is an access token (OpenID Connect Core 1.0, section 5.4).
            let beside = self.ask_about(&client, tokens.access_token(), claims.subject()).await?;
            let beside = Told::by_user_info(&beside, self.config.trust_email);
            told = Told {
                email: beside.email,
                given: told.given.or(beside.given),
                family: told.family.or(beside.family),
            };
        }
        Ok(Identity {
            issuer: self.config.issuer.clone(),
            subject: claims.subject().to_string(),
            email: told.email,
            given_name: told.given.or(names.given),
            family_name: told.family.or(names.family),
        })
    }

    /// Whether an answer says that it comes from this issuer, where it says so or must (RFC 9207, section 2.4).
    fn came_from_here(&self, answer: &Callback, known: &Known) -> Result<(), Untrusted> {
        match &answer.issuer {
            Some(issuer) if *issuer == self.config.issuer => Ok(()),
            None if !known.metadata.additional_metadata().names_itself => Ok(()),
            Some(_) | None => Err(Untrusted::Sender),
        }
    }

    /// The claims of the ID token. A key that is not known may be a new one: then the issuer's keys are asked for again.
    async fn believed<'t>(
        &self,
        tokens: &'t Tokens,
        known: &Arc<Known>,
        attempt: &Attempt,
    ) -> Result<&'t Claims, ExchangeError> {
        let token = tokens.extra_fields().id_token().ok_or(Untrusted::NoToken)?;
        let expected =
            Expected { client_id: &self.config.client_id, nonce: &attempt.nonce, now: self.clock.now() };
        match believe(token, tokens.access_token(), known, &expected) {
            Err(Untrusted::UnknownKey | Untrusted::Signature) => {
                let newer = self.directory.newer(known, &self.http).await?;
                Ok(believe(token, tokens.access_token(), &newer, &expected)?)
            }
            other => Ok(other?),
        }
    }

    async fn ask_about(
        &self,
        client: &OidcClient,
        access: &AccessToken,
        subject: &SubjectIdentifier,
    ) -> Result<UserInfo, ExchangeError> {
        const ASKING: &str = "asking an OpenID provider about a person";
        let request = client
            .user_info(access.clone(), Some(subject.clone()))
            .map_err(|error| Fault::internal(ASKING, error.to_string()))?;
        request.request_async(&self.http).await.map_err(|error| match error {
            UserInfoError::Request(error) => Fault::unavailable(ASKING, error).into(),
            UserInfoError::Response(status, _, _) => {
                Fault::internal(ASKING, format!("HTTP {}", status.as_u16())).into()
            }
            _ => Untrusted::UserInfo.into(),
        })
    }

    fn client(&self, known: &Known) -> Result<OidcClient, Fault> {
        let secret = match &self.config.auth {
            ClientAuth::Public => None,
            ClientAuth::Secret(secret) => Some(secret.expose_secret().to_owned()),
            ClientAuth::Apple(key) => {
                Some(key.secret(&self.config.client_id, &self.config.issuer, self.clock.now())?)
            }
        };
        let client = Client::from_provider_metadata(
            known.metadata.clone(),
            ClientId::new(self.config.client_id.clone()),
            secret.map(ClientSecret::new),
        );
        let in_body = known.wants_secret_in_body();
        Ok(client.set_auth_type(if in_body { AuthType::RequestBody } else { AuthType::BasicAuth }))
    }
}

/// Why no tokens came. Of what the provider says, only the word that the standard has for it is kept.
fn refused(error: TokenError) -> ExchangeError {
    match error {
        RequestTokenError::ServerResponse(said) => match said.error() {
            CoreErrorResponseType::InvalidGrant => Untrusted::Code.into(),
            CoreErrorResponseType::Extension(_) => {
                Fault::internal(EXCHANGING, "the provider refuses, by a word of its own").into()
            }
            known => Fault::internal(EXCHANGING, format!("the provider refuses: {known}")).into(),
        },
        RequestTokenError::Request(error) => Fault::unavailable(EXCHANGING, error).into(),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Untrusted::Malformed.into(),
    }
}

/// Shows no secret, and not all that is known of the provider.
impl fmt::Debug for OidcProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcProvider")
            .field("name", &self.config.name)
            .field("issuer", &self.config.issuer)
            .finish_non_exhaustive()
    }
}
