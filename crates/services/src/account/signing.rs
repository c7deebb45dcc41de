//! The keys that access tokens are signed with: read from the database, made there when there are none, and changed by a job.

use crate::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use stoa_auth::{BadToken, Claims, Signer, SigningKey, VerifyingKey};
use stoa_domain::shared::{Fault, Timestamp};
use stoa_persistence::{
    Durability,
    account::{self, StoredKey},
    db::retrying,
};

/// How often keys are read again: much sooner than a new one is used.
const READ_EVERY: TimeDelta = TimeDelta::minutes(10);
/// How often they are read again because a token's key is not known. Whoever makes tokens up has us ask no more often than this.
const UNKNOWN_EVERY: TimeDelta = TimeDelta::seconds(10);
/// How long a key signs.
const SIGNS_FOR: TimeDelta = TimeDelta::days(30);
/// How long before that it is published: other services read keys now and then.
const PUBLISHED_BEFORE: TimeDelta = TimeDelta::hours(24);
/// How long after that its tokens are good, at least.
const GOOD_AFTER: TimeDelta = TimeDelta::hours(1);

/// Signs access tokens with the shop's keys.
pub(crate) struct Signing {
    issuer: String,
    signer: OnceLock<Signer>,
    /// When the keys were read last.
    read_at: Mutex<Option<Timestamp>>,
    /// Of many who want to read them one does.
    turn: tokio::sync::Mutex<()>,
}

impl Signing {
    pub(super) fn new(issuer: String) -> Self {
        Self {
            issuer,
            signer: OnceLock::new(),
            read_at: Mutex::new(None),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Reads the keys if that is due, so that signing fails no more for want of them.
    pub(super) async fn ready(&self, ctx: &Context) -> Result<(), Fault> {
        self.signer(ctx, READ_EVERY).await.map(drop)
    }

    /// A token that says this.
    pub(super) async fn sign(&self, ctx: &Context, claims: &Claims) -> Result<String, Fault> {
        self.signer(ctx, READ_EVERY).await?.sign(claims)
    }

    /// What a token says; `None` if it proves nothing.
    pub(super) async fn check(&self, ctx: &Context, token: &str) -> Result<Option<Arc<Claims>>, Fault> {
        let signer = self.signer(ctx, READ_EVERY).await?;
        let now = ctx.now();
        match signer.check(token, now) {
            // It may be of a key that another instance has just made.
            Err(BadToken::NotOurs) => Ok(self.signer(ctx, UNKNOWN_EVERY).await?.check(token, now).ok()),
            known => Ok(known.ok()),
        }
    }

    /// The public keys, for others to check with (RFC 7517).
    pub(super) async fn jwks(&self, ctx: &Context) -> Result<serde_json::Value, Fault> {
        self.signer(ctx, READ_EVERY).await?.jwks(ctx.now())
    }

    /// With the keys as they were at most so long ago.
    async fn signer(&self, ctx: &Context, every: TimeDelta) -> Result<&Signer, Fault> {
        let now = ctx.now();
        if let Some(signer) = self.signer.get().filter(|_| self.is_fresh(now, every)) {
            return Ok(signer);
        }
        let _turn = self.turn.lock().await;
        if let Some(signer) = self.signer.get().filter(|_| self.is_fresh(now, every)) {
            return Ok(signer);
        }
        match (read(ctx, now).await, self.signer.get()) {
            (Ok((signing, others)), Some(signer)) => signer.replace(signing, others),
            (Ok((signing, others)), None) => {
                self.signer.get_or_init(|| Signer::new(&self.issuer, signing, others));
            }
            // The keys we have are good for a day yet.
            (Err(fault), Some(_)) => tracing::warn!(error = %fault, "signing keys were not read again"),
            (Err(fault), None) => return Err(fault),
        }
        *self.read_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        self.signer.get().ok_or(Fault::bug("account.signing: keys were read, and there are none"))
    }

    fn is_fresh(&self, now: Timestamp, every: TimeDelta) -> bool {
        let read_at = *self.read_at.lock().unwrap_or_else(PoisonError::into_inner);
        read_at.is_some_and(|at| now < at + every)
    }
}

/// The key that signs now, and those whose tokens are good beside. Makes the first one.
async fn read(ctx: &Context, now: Timestamp) -> Result<(SigningKey, Vec<VerifyingKey>), Fault> {
    let mut keys = account::signing_keys(ctx.db().read()).await?;
    if signs(&keys, now).is_none() {
        retrying(|| make_first(ctx, now)).await?;
        keys = account::signing_keys(ctx.db().read()).await?;
    }
    let signing = signs(&keys, now).ok_or(Fault::bug("account.signing: a key was made, and is not there"))?;
    let others = keys.iter().filter(|key| key.kid != signing.kid);
    let good_after = good_after(ctx);
    let others =
        others.map(|key| VerifyingKey::new(key.public_key, key.retires_at.map(|at| at + good_after)));
    Ok((signing_key(signing)?, others.collect::<Result<_, _>>()?))
}

/// How long the tokens of a key are good that signs no more. Another instance may have signed with it until it read the keys again.
fn good_after(ctx: &Context) -> TimeDelta {
    GOOD_AFTER.max(ctx.settings.accounts.access_lives + READ_EVERY)
}

/// The key that all instances sign with now.
fn signs(keys: &[StoredKey], now: Timestamp) -> Option<&StoredKey> {
    let active =
        keys.iter().filter(|key| key.active_from <= now && key.retires_at.is_none_or(|end| now < end));
    active.max_by_key(|key| (key.active_from, &key.kid))
}

fn signing_key(stored: &StoredKey) -> Result<SigningKey, Fault> {
    let unreadable = || Fault::bug("account.signing: a key that no version of the program writes");
    let seed = URL_SAFE_NO_PAD.decode(&stored.private_key).map_err(|_| unreadable())?;
    SigningKey::from_seed(seed.as_slice().try_into().map_err(|_| unreadable())?)
}

fn new_key(active_from: Timestamp, now: Timestamp) -> Result<StoredKey, Fault> {
    let (key, seed) = SigningKey::generate()?;
    Ok(StoredKey {
        kid: key.kid().to_owned(),
        public_key: *key.public(),
        private_key: URL_SAFE_NO_PAD.encode(seed.as_slice()),
        created_at: now,
        active_from,
        retires_at: None,
    })
}

/// Makes the first key. Of two instances that start at once each may make one; all agree on which of them signs, and the job ends
/// the other.
async fn make_first(ctx: &Context, now: Timestamp) -> Result<(), Fault> {
    let tx = ctx.db().write(Durability::Full).await?;
    if signs(&account::signing_keys(&tx).await?, now).is_none() {
        account::insert_signing_key(&tx, &new_key(now, now)?).await?;
    }
    tx.commit().await
}

/// Makes the next key when it is time, and takes away what nothing is good by any more. May run twice, and twice at once.
pub(crate) async fn rotate_keys(ctx: &Context) -> Result<(), Fault> {
    retrying(|| rotate_once(ctx)).await
}

async fn rotate_once(ctx: &Context) -> Result<(), Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Full).await?;
    let keys = account::signing_keys(&tx).await?;
    let Some(last) = keys.iter().max_by_key(|key| (key.active_from, &key.kid)) else { return Ok(()) };
    for odd in keys.iter().filter(|key| key.retires_at.is_none() && key.kid != last.kid) {
        account::retire_signing_key(&tx, &odd.kid, now).await?;
    }
    let next_from = (last.active_from + SIGNS_FOR).max(now + PUBLISHED_BEFORE);
    let is_time = last.active_from + SIGNS_FOR <= now + PUBLISHED_BEFORE;
    // Of two at once one ends it, and makes the next.
    if is_time && account::retire_signing_key(&tx, &last.kid, next_from).await? {
        account::insert_signing_key(&tx, &new_key(next_from, now)?).await?;
        tracing::info!(active.from = %next_from, "a new key for access tokens is published");
    }
    account::remove_signing_keys(&tx, now - good_after(ctx)).await?;
    tx.commit().await
}
