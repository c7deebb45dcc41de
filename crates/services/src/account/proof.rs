//! Comparing a password. It costs the same for an account that is not there: one read, one hash, one guess counted.

use super::Client;
use crate::{
    Context,
    limits::{GuessKind, Guesses, Hashings, TooMany},
};
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use std::{fmt, sync::Arc, time::Duration};
use stoa_auth::{HashError, Presented, PresentedRefresh, Purpose, Verified};
use stoa_domain::{
    access::SignedIn,
    account::{Realm, Session, SessionKind, Standing, Waiter},
    shared::{CustomerId, EmailAddress, Fault, SessionId, StaffId, Timestamp},
};
use stoa_persistence::{
    Durability, WriteTx,
    account::{self, Credentials, PasswordHash},
    customer,
    db::{MayFault, retrying},
    staff,
};
use uuid::Uuid;

/// Why somebody is not signed in. For whoever asks from outside, all that is wrong about an account is one.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The address or the password is wrong, or nobody signs in to that account: all alike.
    #[error("the address or the password is wrong")]
    Unidentified,
    /// From there, or at this account, was guessed too often; or too many passwords were shown there, right or wrong.
    #[error("too many guesses")]
    TooManyGuesses {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// More passwords wait to be compared than may.
    #[error("too many passwords are waiting")]
    Busy,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<HashError> for SignInError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl MayFault for SignInError {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Unidentified | Self::TooManyGuesses { .. } | Self::Busy => None,
        }
    }
}

/// Somebody who has shown the right password.
pub(crate) struct Proved {
    /// As they stood then. What comes of it asks [`still_waits`](stoa_persistence::account::still_waits) first, in its own transaction.
    pub(crate) who: Waiter,
    /// The sign-in through which they have proved it once more; none if they are signing in.
    session: Option<SessionId>,
    /// The device they have shown: one that was signed in to this account before.
    pub(crate) device: Option<Uuid>,
}

impl Proved {
    /// Somebody who has proved it a while ago, through this sign-in, and was sent elsewhere since. [`still_proved`] says whether it
    /// counts still.
    pub(crate) const fn before(who: Waiter, session: SessionId) -> Self {
        Self { who, session: Some(session), device: None }
    }
}

/// The browser, if it has shown that it has signed in to this account before.
pub(crate) fn known_device(ctx: &Context, (realm, account): (Realm, Uuid), client: &Client) -> Option<Uuid> {
    let device = client.device.as_ref()?;
    ctx.ports.auth.devices.read(realm.name(), account, device.expose_secret(), ctx.now())
}

/// The same of a storefront that was given no device's token, as the vocabulary has it: it shows a token of a sign-in to this account that it
/// has had, though that is over by now, or was ended. It is good for guesses of its own and nothing else; whoever has stolen one gets as many.
///
/// What is asked depends on what is shown alone, and not on whether there is the account.
async fn known_by_token(
    ctx: &Context,
    (realm, account): (Realm, Uuid),
    client: &Client,
) -> Result<Option<Uuid>, Fault> {
    let shown = client.device.as_ref().map(ExposeSecret::expose_secret);
    let Some(text) = shown.filter(|_| realm == Realm::Customer) else { return Ok(None) };
    let (opaque, refresh) = (Presented::parse(Purpose::STOREFRONT, text), PresentedRefresh::parse(text));
    let id = opaque.as_ref().map(Presented::id).or(refresh.as_ref().map(PresentedRefresh::id));
    let Some(id) = id else { return Ok(None) };
    let tokens = &ctx.ports.auth.tokens;
    let proves = |session: &Session| {
        let salt = session.salt.bytes();
        match session.kind {
            SessionKind::Storefront => opaque.as_ref().is_some_and(|shown| tokens.proves(shown, salt)),
            SessionKind::Tokens => {
                refresh.as_ref().is_some_and(|shown| tokens.proves_refresh(shown, realm.name(), salt))
            }
            SessionKind::Cookie => false,
        }
    };
    let found = account::find_session(ctx.db().read(), SessionId::new(id)).await?;
    let theirs = found.filter(|session| session.realm == realm && session.subject == account);
    Ok(theirs.filter(proves).map(|session| session.id.uuid()))
}

/// An account whose password can be compared.
struct Known {
    who: Waiter,
    password: PasswordHash,
}

impl Known {
    fn of<Id>(realm: Realm, uuid: impl Fn(Id) -> Uuid, read: Credentials<Id>) -> Self {
        let password_changed_at = read.password_changed_at;
        Self { who: Waiter { realm, subject: uuid(read.id), password_changed_at }, password: read.password }
    }
}

/// Compares the password of whoever says that this is their address.
pub(crate) async fn prove(
    ctx: &Context,
    realm: Realm,
    (email, password): (&str, &str),
    client: &Client,
) -> Result<Proved, SignInError> {
    // What is no address is nobody's, as everybody knows.
    let email = EmailAddress::parse(email).map_err(|_| SignInError::Unidentified)?;
    let read = ctx.db().read();
    let known = match realm {
        Realm::Customer => {
            customer::credentials(read, &email).await?.map(|c| Known::of(realm, CustomerId::uuid, c))
        }
        Realm::Staff => staff::credentials(read, &email).await?.map(|c| Known::of(realm, StaffId::uuid, c)),
    };
    compare(ctx, realm, (&email, known), password, client).await
}

/// How somebody who is signed in proves once more who they are, before something that a thief of the session must not do.
#[derive(Clone, Copy)]
pub enum Reproof<'a> {
    /// By the password, as typed.
    Password(&'a str),
    /// By having signed in a moment ago: for interfaces that have no place for a password.
    FreshSignIn,
    /// The same of an account that has no password. One that has is asked for it.
    WithoutPassword,
}

impl<'a> Reproof<'a> {
    /// By the password that was given, if one was.
    pub fn given(password: Option<&'a str>) -> Self {
        password.map_or(Self::WithoutPassword, Self::Password)
    }
}

/// How long ago a moment ago is.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// Hides the password.
impl fmt::Debug for Reproof<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password(_) => "Password(…)",
            Self::FreshSignIn => "FreshSignIn",
            Self::WithoutPassword => "WithoutPassword",
        })
    }
}

/// Has a customer who is signed in prove once more who they are. Wrong passwords count as those of sign-ins do.
pub(crate) async fn prove_again(
    ctx: &Context,
    of: SignedIn,
    by: Reproof<'_>,
    client: &Client,
) -> Result<Proved, SignInError> {
    let read = ctx.db().read();
    let customer = customer::find(read, of.customer).await?.ok_or(SignInError::Unidentified)?;
    match by {
        Reproof::Password(password) => {
            let known = customer::credentials_of(read, of.customer).await?;
            let known = known.map(|c| Known::of(Realm::Customer, CustomerId::uuid, c));
            let proved = compare(ctx, Realm::Customer, (&customer.email, known), password, client).await?;
            Ok(Proved { session: Some(of.session), ..proved })
        }
        Reproof::FreshSignIn => fresh(ctx, of, customer.password_changed_at).await,
        Reproof::WithoutPassword => {
            // One that is set from here on is another moment than the one read above, and what follows sees that.
            if customer::has_password(read, of.customer).await? {
                return Err(SignInError::Unidentified);
            }
            fresh(ctx, of, customer.password_changed_at).await
        }
    }
}

/// Whoever has signed in a moment ago, to an account whose password was set then.
async fn fresh(
    ctx: &Context,
    of: SignedIn,
    password_changed_at: Option<Timestamp>,
) -> Result<Proved, SignInError> {
    let now = ctx.now();
    let session = account::find_session(ctx.db().read(), of.session).await?;
    let theirs = |s: &Session| s.realm == Realm::Customer && s.subject == of.customer.uuid();
    let fresh = |s: &Session| s.standing(now) == Standing::Live && now < s.created_at + FRESH;
    session.filter(|s| theirs(s) && fresh(s)).ok_or(SignInError::Unidentified)?;
    let who = Waiter { realm: Realm::Customer, subject: of.customer.uuid(), password_changed_at };
    Ok(Proved { who, session: Some(of.session), device: None })
}

/// Has a member of staff who is signed in prove once more who they are. A sign-in of a moment ago is no proof: whoever may change the
/// shop is asked for what only they know.
pub(crate) async fn prove_staff_again(
    ctx: &Context,
    (id, session): (StaffId, SessionId),
    password: &str,
    client: &Client,
) -> Result<Proved, SignInError> {
    let read = ctx.db().read();
    let member = staff::find(read, id).await?.ok_or(SignInError::Unidentified)?;
    let known = staff::credentials_of(read, id).await?;
    let known = known.map(|c| Known::of(Realm::Staff, StaffId::uuid, c));
    let proved = compare(ctx, Realm::Staff, (&member.email, known), password, client).await?;
    Ok(Proved { session: Some(session), ..proved })
}

/// Whether they still are who they were when they proved it, and the sign-in they did it through has not been ended since. Locks their
/// account.
pub(crate) async fn still_proved(ctx: &Context, tx: &WriteTx, proved: &Proved) -> Result<bool, Fault> {
    if !account::still_waits(tx, &proved.who).await? {
        return Ok(false);
    }
    let Some(session) = proved.session else { return Ok(true) };
    let session = account::find_session(tx, session).await?;
    Ok(session.is_some_and(|session| session.standing(ctx.now()) == Standing::Live))
}

async fn compare(
    ctx: &Context,
    realm: Realm,
    (email, known): (&EmailAddress, Option<Known>),
    password: &str,
    client: &Client,
) -> Result<Proved, SignInError> {
    let auth = &ctx.ports.auth;
    let account = known.as_ref().map_or(Uuid::nil(), |known| known.who.subject);
    let device = known_device(ctx, (realm, account), client);
    let known_as = match device {
        Some(device) => Some(device),
        None => known_by_token(ctx, (realm, account), client).await?,
    };
    let too_many = |TooMany(retry_after)| SignInError::TooManyGuesses { retry_after };
    let guesses = Guesses::new(Arc::clone(ctx.limiter()));
    // Counted before it is looked at, or of many at once all would be. What is refused here is never hashed, and takes nothing of what its
    // network may have hashed: a guesser would keep everybody beside them out.
    let begun = guesses.begin(client.address, GuessKind::SignIn(realm), &[&email.key()], known_as).await?;
    let guess = begun.map_err(too_many)?;
    let hashings = Hashings::new(Arc::clone(ctx.limiter()));
    if let Err(wait) = hashings.take_for(client.address, known_as).await? {
        guesses.forgive(guess).await;
        return Err(too_many(wait));
    }
    let hash = known.as_ref().map(|known| known.password.as_str());
    let compared = auth.passwords.verify(password, hash).await;
    if !matches!(compared, Ok(Verified::No)) {
        guesses.forgive(guess).await;
    }
    let (Verified::Yes { needs_rehash }, Some(known)) = (compared?, known) else {
        return Err(SignInError::Unidentified);
    };
    if needs_rehash {
        rehash(ctx, &known, password).await;
    }
    Ok(Proved { who: known.who, session: None, device })
}

/// Keeps a costlier hash of the password while it is at hand. Nobody is turned away because that did not succeed.
async fn rehash(ctx: &Context, known: &Known, password: &str) {
    let new = match ctx.ports.auth.passwords.hash(password).await {
        Ok(hash) => PasswordHash::new(hash),
        Err(error) => return tracing::debug!(%error, "a password was not hashed anew"),
    };
    if let Err(error) = retrying(|| rehash_once(ctx, known, &new)).await {
        tracing::debug!(%error, "a password's new hash was not written");
    }
}

async fn rehash_once(ctx: &Context, known: &Known, new: &PasswordHash) -> Result<bool, Fault> {
    let turn = ctx.db().write_one(Durability::Relaxed).await?;
    match known.who.realm {
        Realm::Customer => {
            customer::rehash(&turn, CustomerId::new(known.who.subject), &known.password, new).await
        }
        Realm::Staff => staff::rehash(&turn, StaffId::new(known.who.subject), &known.password, new).await,
    }
}
