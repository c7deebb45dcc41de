//! What an issuer says of itself: where it is asked, how it signs, and its keys (OpenID Connect Discovery 1.0).

use crate::{http::Http, network::Network};
use chrono::TimeDelta;
use openidconnect::{
    AdditionalProviderMetadata, DiscoveryError, IssuerUrl, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
        CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use stoa_domain::shared::{Clock, Fault, Timestamp};
use tokio::sync::Mutex;

/// For how long it is believed without asking again.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// How old it is at least before a key that is not in it is a reason to ask again.
const SETTLED: TimeDelta = TimeDelta::seconds(30);

/// For how long nobody asks again after it could not be had.
const PAUSE: TimeDelta = TimeDelta::seconds(5);

const ASKING: &str = "asking an OpenID provider about itself";

/// The algorithms that we take: those that are signed with a key that only the issuer has. One that is checked with a secret
/// that we have too (HS256 and its like), and `none`, can never be asked for by a token.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What the library does not read.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Extra {
    /// Whether each answer says which issuer it comes from (RFC 9207, section 3).
    #[serde(default, rename = "authorization_response_iss_parameter_supported")]
    pub(crate) names_itself: bool,
}

impl AdditionalProviderMetadata for Extra {}

pub(crate) type Metadata = ProviderMetadata<
    Extra,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What an issuer said of itself at a time.
pub(crate) struct Known {
    pub(crate) metadata: Metadata,
    /// How it signs, as far as we take it.
    pub(crate) algorithms: Vec<CoreJwsSigningAlgorithm>,
    at: Timestamp,
}

#[derive(Default)]
struct Memory {
    known: Option<Arc<Known>>,
    failed_at: Option<Timestamp>,
}

/// What is known of one issuer.
pub(crate) struct Directory {
    issuer: IssuerUrl,
    network: Network,
    clock: Arc<dyn Clock>,
    /// Held while asking: all who need it wait for the one who asks.
    memory: Mutex<Memory>,
}

impl Directory {
    pub(crate) fn new(issuer: IssuerUrl, network: Network, clock: Arc<dyn Clock>) -> Self {
        Self { issuer, network, clock, memory: Mutex::default() }
    }

    /// What is known, at most ten minutes old.
    pub(crate) async fn current(&self, http: &Http) -> Result<Arc<Known>, Fault> {
        let mut memory = self.memory.lock().await;
        match &memory.known {
            Some(known) if self.clock.now() < known.at + FRESH => Ok(Arc::clone(known)),
            _ => self.ask(&mut memory, http).await,
        }
    }

    /// What is known now, where `seen` lacked a key. It is asked for again only if nobody else did in the meantime and it
    /// was not just asked for: a bad token is no reason to ask without end.
    pub(crate) async fn newer(&self, seen: &Arc<Known>, http: &Http) -> Result<Arc<Known>, Fault> {
        let mut memory = self.memory.lock().await;
        match &memory.known {
            Some(known) if !Arc::ptr_eq(known, seen) || self.clock.now() < known.at + SETTLED => {
                Ok(Arc::clone(known))
            }
            _ => self.ask(&mut memory, http).await,
        }
    }

    async fn ask(&self, memory: &mut Memory, http: &Http) -> Result<Arc<Known>, Fault> {
        if memory.failed_at.is_some_and(|at| self.clock.now() < at + PAUSE) {
            return Err(Fault::unavailable(ASKING, "it could not be had a moment ago"));
        }
        match self.fetch(http).await {
            Ok(known) => {
                let known = Arc::new(known);
                *memory = Memory { known: Some(Arc::clone(&known)), failed_at: None };
                Ok(known)
            }
            Err(fault) => {
                memory.failed_at = Some(self.clock.now());
                Err(fault)
            }
        }
    }

    async fn fetch(&self, http: &Http) -> Result<Known, Fault> {
        let metadata = Metadata::discover_async(self.issuer.clone(), http).await.map_err(|error| {
            let said = describe(&error);
            match error {
                DiscoveryError::Request(_) | DiscoveryError::Response(..) => Fault::unavailable(ASKING, said),
                _ => Fault::internal(ASKING, said),
            }
        })?;
        // The browser is sent there, not we; all other addresses are looked at when they are asked.
        let authorization = metadata.authorization_endpoint();
        self.network
            .allow(authorization.url())
            .map_err(|why| Fault::internal(ASKING, format!("authorization_endpoint {why}")))?;
        if metadata.token_endpoint().is_none() {
            return Err(Fault::internal(ASKING, "it has no token_endpoint"));
        }
        let algorithms: Vec<_> = ALGORITHMS
            .into_iter()
            .filter(|algorithm| metadata.id_token_signing_alg_values_supported().contains(algorithm))
            .collect();
        if algorithms.is_empty() {
            return Err(Fault::internal(ASKING, "it signs ID tokens in no way that we take"));
        }
        Ok(Known { metadata, algorithms, at: self.clock.now() })
    }
}

impl Known {
    /// Whether the client's secret goes into the request's body: only where a header is not taken.
    pub(crate) fn wants_secret_in_body(&self) -> bool {
        let methods = self.metadata.token_endpoint_auth_methods_supported();
        methods.is_some_and(|methods| {
            !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && methods.contains(&CoreClientAuthMethod::ClientSecretPost)
        })
    }
}

/// The library's words, with what is under them; its own end at "request failed". Bodies are left out.
fn describe(error: &DiscoveryError<crate::http::HttpError>) -> String {
    match error {
        DiscoveryError::Request(error) => error.to_string(),
        DiscoveryError::Response(status, _, why) => format!("HTTP {}: {why}", status.as_u16()),
        DiscoveryError::Parse(error) => format!("its answer does not read: {error}"),
        other => other.to_string(),
    }
}
