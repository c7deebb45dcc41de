//! Keys that programs sign in with. A key is shown once and kept nowhere; its hash is.

use crate::{Context, audit::AuditedTx};
use secrecy::SecretString;
use std::{fmt, sync::Arc};
use stoa_auth::NewApiKey;
use stoa_domain::{
    access::{
        Permissions, Permit, Who,
        grants::{ApiKeysRead, ApiKeysWrite},
    },
    audit::{Changes, Subject},
    shared::{
        ApiKeyId, Fault, StaffId, Timestamp,
        page::{Page, PageRequest},
    },
    staff::{NotGrantable, may_grant},
};
use stoa_persistence::{
    db::{ListError, retrying},
    staff::{self, ApiKey},
};

/// The longest name of a key, in characters.
const NAME: usize = 255;
/// The most keys of one maker that are given at once: the rest is in the list of all.
const OF_ONE: u64 = 250;

/// A key to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// What staff call it.
    pub name: String,
    /// What may be done with it.
    pub scopes: Permissions,
    /// From when on it is over; `None`: never.
    pub expires_at: Option<Timestamp>,
}

/// A key that was made just now.
pub struct ShownKey {
    /// The key itself. It is shown this once, and nobody can show it again.
    pub key: SecretString,
    /// What is known of it from now on.
    pub known: ApiKey,
}

/// Hides the key.
impl fmt::Debug for ShownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShownKey({})", self.known.id)
    }
}

/// Why there is no such key.
#[derive(Debug, thiserror::Error)]
pub enum ApiKeyError {
    /// It has no name.
    #[error("a key needs a name")]
    NameMissing,
    /// Its name is too long.
    #[error("a key's name has at most {max} characters")]
    NameTooLong {
        /// The most.
        max: usize,
    },
    /// Nothing could be done with it.
    #[error("a key allows something")]
    NoScope,
    /// These are for people alone.
    #[error("no key may have {}", Vec::<String>::from(*.0).join(", "))]
    ForPeople(Permissions),
    /// Whoever makes it may not do that themselves.
    #[error(transparent)]
    NotGrantable(#[from] NotGrantable),
    /// It would be over before it is made.
    #[error("the key would be over already")]
    Over,
    /// Keys are made by somebody on the staff.
    #[error("a key is made by somebody on the staff")]
    PersonNeeded,
    /// There is none, or it was ended before.
    #[error("there is no such key")]
    NotFound,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
super::may_fault!(ApiKeyError);

/// Keys.
pub struct ApiKeys(pub(crate) Arc<Context>);

impl ApiKeys {
    /// A page of them, the newest first, with those that are over. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "api_key.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<ApiKeysRead>,
        request: &PageRequest,
    ) -> Result<Page<ApiKeyId>, ListError> {
        staff::list_api_keys(self.0.db().read(), request).await
    }

    /// Those with these ids that there are, in the order of the ids.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(&self, _by: &Permit<ApiKeysRead>, ids: &[ApiKeyId]) -> Result<Vec<ApiKey>, Fault> {
        staff::find_api_keys(self.0.db().read(), ids).await
    }

    /// Those that somebody has made and that work now, the newest first: a key is the shop's, and goes on without its maker. Two
    /// statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn working_of(&self, _by: &Permit<ApiKeysRead>, maker: StaffId) -> Result<Vec<ApiKey>, Fault> {
        staff::working_keys_of(self.0.db().read(), maker, self.0.now(), OF_ONE).await
    }

    /// Makes one. What it may do is decided now: it goes on when whoever made it may not any more, until somebody ends it.
    ///
    /// # Errors
    /// A rule is broken.
    #[tracing::instrument(name = "api_key.create", skip_all)]
    pub async fn create(&self, by: &Permit<ApiKeysWrite>, new: &NewKey) -> Result<ShownKey, ApiKeyError> {
        let now = self.0.now();
        let Who::Staff { id: maker, .. } = by.actor().who() else { return Err(ApiKeyError::PersonNeeded) };
        let name = named(&new.name)?;
        if new.scopes.is_empty() {
            return Err(ApiKeyError::NoScope);
        }
        let peoples = new.scopes.without(new.scopes.for_keys());
        if !peoples.is_empty() {
            return Err(ApiKeyError::ForPeople(peoples));
        }
        may_grant(by.actor(), new.scopes)?;
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(ApiKeyError::Over);
        }
        let made = NewApiKey::generate()?;
        let key = ApiKey {
            id: ApiKeyId::new(self.0.ports.ids.id()),
            name,
            hint: made.hint.clone(),
            scopes: new.scopes,
            created_by: *maker,
            maker_gone: false,
            created_at: now,
            expires_at: new.expires_at,
            used_at: None,
            used_network: None,
            revoked_at: None,
        };
        retrying(|| self.create_once(by, &key, made.hash.as_str())).await?;
        Ok(ShownKey { key: made.text, known: key })
    }

    /// Ends one, at once and for good.
    ///
    /// # Errors
    /// There is none, or it was ended before.
    #[tracing::instrument(name = "api_key.revoke", skip_all)]
    pub async fn revoke(&self, by: &Permit<ApiKeysWrite>, id: ApiKeyId) -> Result<ApiKey, ApiKeyError> {
        retrying(|| self.revoke_once(by, id)).await
    }

    async fn create_once(&self, by: &Permit<ApiKeysWrite>, key: &ApiKey, hash: &str) -> Result<(), Fault> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        staff::insert_api_key(audited.tx(), key, hash).await?;
        let expires = key.expires_at.map(|at| at.to_rfc3339());
        let changes = Changes::of(subject(key.id))
            .field("name", None::<&str>, key.name.as_str())
            .field("hint", None::<&str>, key.hint.as_str())
            .field("scopes", Vec::<String>::new(), Vec::<String>::from(key.scopes))
            .field("expiresAt", None::<String>, expires);
        audited.commit("api_key.create", &changes).await?;
        Ok(())
    }

    async fn revoke_once(&self, by: &Permit<ApiKeysWrite>, id: ApiKeyId) -> Result<ApiKey, ApiKeyError> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        if !staff::revoke_api_key(audited.tx(), id, self.0.now()).await? {
            return Err(ApiKeyError::NotFound);
        }
        let key = staff::find_api_keys(audited.tx(), &[id]).await?.pop().ok_or(ApiKeyError::NotFound)?;
        let changes = Changes::of(subject(id)).field("revoked", false, true);
        audited.commit("api_key.revoke", &changes).await?;
        Ok(key)
    }
}

fn named(name: &str) -> Result<String, ApiKeyError> {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    if name.is_empty() {
        return Err(ApiKeyError::NameMissing);
    }
    if name.chars().count() > NAME {
        return Err(ApiKeyError::NameTooLong { max: NAME });
    }
    Ok(name.to_owned())
}

fn subject(id: ApiKeyId) -> Subject {
    Subject::new(ApiKeyId::TYPE, id)
}
