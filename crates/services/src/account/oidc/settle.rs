//! Whose account an identity opens: the rules of linking (ADR 25).
//!
//! 1. The identity is somebody's here: theirs.
//! 2. It is nobody's, and the provider vouches for the address of an account that there is: nobody's yet. Its owner gets a link, which
//!    works in the browser that has shown the identity ([`ConfirmIdentity`](super::ConfirmIdentity)).
//! 3. There is no account with the address, or one that nobody has ever begun: it is begun, without a password.
//! 4. The provider vouches for no address: nobody's. They register by mail, and link it then.

use super::{
    confirm::{IdentityBody, browser_of},
    finish::{LinkMailed, OidcOutcome, OidcRefusal},
    waiting::Linking,
};
use crate::{
    Context,
    account::{
        AccountMail, Client, Proved,
        begin::{begin_behind_lock, issue, new_session, note_place},
        links,
        proof::{known_device, still_proved},
    },
    jobs,
    limits::AskedMail,
};
use std::sync::Arc;
use stoa_domain::{
    account::{AccountToken, Realm, Session, SessionKind, TokenKind, Waiter},
    customer::{Customer, CustomerName, CustomerState},
    shared::{CustomerId, EmailAddress, Fault},
};
use stoa_oidc::Identity;
use stoa_persistence::{
    Batch, Durability, account,
    customer::{self, Linked, NewCustomer, NewIdentity, Registered, Saved},
    db::retrying,
    order,
};

/// How often it is looked again because something has changed meanwhile: each time somebody has signed in, registered or gone.
const LOOKS: usize = 4;

/// How somebody signs in.
#[derive(Clone, Copy)]
pub(super) enum Means<'a> {
    /// In the browser in which they were at the provider, which keeps cookies of ours.
    Cookie {
        /// What people call the provider.
        provider: &'a str,
    },
    /// With a code, from anywhere: for tokens. No link is mailed then, since there is no browser for it to work in;
    /// [`before_code`] has seen to that.
    Code,
}

impl Means<'_> {
    const fn kind(self) -> SessionKind {
        match self {
            Self::Cookie { .. } => SessionKind::Cookie,
            Self::Code => SessionKind::Tokens,
        }
    }
}

/// Signs in whomever the identity belongs to.
pub(super) async fn sign_in(
    ctx: &Context,
    means: Means<'_>,
    identity: &Identity,
    client: &Client,
) -> Result<OidcOutcome, Fault> {
    for _ in 0..LOOKS {
        let known = customer::identity(ctx.db().read(), &identity.issuer, &identity.subject).await?;
        let settled = match known {
            Some(known) => enter(ctx, identity, (known.customer, means), client).await?,
            None => arrive(ctx, means, identity, client).await?,
        };
        if let Some(outcome) = settled {
            return Ok(outcome);
        }
    }
    Err(always_changing())
}

fn always_changing() -> Fault {
    Fault::unavailable("account.oidc", "the account has changed each time it was looked at")
}

/// What is to be said before anybody is given a code. `None`: as things stand, whoever redeems it will be signed in. Nobody is yet, and
/// no account begins; a link is mailed from here, since it works in this browser.
pub(super) async fn before_code(
    ctx: &Context,
    provider: &str,
    identity: &Identity,
    client: &Client,
) -> Result<Option<OidcOutcome>, Fault> {
    for _ in 0..LOOKS {
        let read = ctx.db().read();
        let state = match customer::identity(read, &identity.issuer, &identity.subject).await? {
            Some(known) => match customer::find(read, known.customer).await? {
                Some(customer) => customer.state,
                None => continue,
            },
            None => {
                let Some(email) = identity.proved_email() else {
                    return Ok(refused(OidcRefusal::EmailNeeded));
                };
                let Some(found) = customer::find_by_email(read, email).await? else { return Ok(None) };
                if matches!(found.state, CustomerState::Enabled { .. }) {
                    match link_wanted(ctx, provider, identity, (&found, email), client).await? {
                        Some(outcome) => return Ok(Some(outcome)),
                        None => continue,
                    }
                }
                found.state
            }
        };
        return Ok(match state {
            CustomerState::Pending | CustomerState::Enabled { .. } => None,
            CustomerState::Disabled { .. } | CustomerState::Erased { .. } => refused(OidcRefusal::Closed),
        });
    }
    Err(always_changing())
}

const fn refused(why: OidcRefusal) -> Option<OidcOutcome> {
    Some(OidcOutcome::Refused(why))
}

/// The identity is somebody's. `None`: something has changed meanwhile.
async fn enter(
    ctx: &Context,
    identity: &Identity,
    (of, means): (CustomerId, Means<'_>),
    client: &Client,
) -> Result<Option<OidcOutcome>, Fault> {
    let Some(customer) = customer::find(ctx.db().read(), of).await? else { return Ok(None) };
    if !matches!(customer.state, CustomerState::Enabled { .. }) {
        return Ok(refused(OidcRefusal::Closed));
    }
    let password_changed_at = customer.password_changed_at;
    let who = Waiter { realm: Realm::Customer, subject: of.uuid(), password_changed_at };
    let device = known_device(ctx, (who.realm, who.subject), client);
    let session = new_session(ctx, (who.realm, who.subject), means.kind(), false, client);
    if !retrying(|| enter_once(ctx, identity, (&who, &session), device.is_some())).await? {
        return Ok(None);
    }
    ctx.jobs_waiting.notify_one();
    Ok(Some(OidcOutcome::SignedIn(issue(ctx, &session, device).await?)))
}

/// False, and nothing has changed, if they are not who they were, or the identity is not theirs any more.
async fn enter_once(
    ctx: &Context,
    identity: &Identity,
    (who, session): (&Waiter, &Session),
    known_device: bool,
) -> Result<bool, Fault> {
    let tx = ctx.db().write(Durability::Relaxed).await?;
    if !account::still_waits(&tx, who).await? {
        return Ok(false);
    }
    // Behind the account's lock nobody takes it away.
    let (issuer, subject) = (identity.issuer.as_str(), identity.subject.as_str());
    let known = customer::identity(&tx, issuer, subject).await?;
    if known.is_none_or(|known| known.customer.uuid() != who.subject) {
        return Ok(false);
    }
    customer::identity_used(&tx, issuer, subject, session.created_at).await?;
    let mut batch = Batch::new();
    begin_behind_lock(ctx, &tx, session, known_device, &mut batch).await?;
    batch.write(&tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// The identity is nobody's. `None`: something has changed meanwhile.
async fn arrive(
    ctx: &Context,
    means: Means<'_>,
    identity: &Identity,
    client: &Client,
) -> Result<Option<OidcOutcome>, Fault> {
    let Some(email) = identity.proved_email() else { return Ok(refused(OidcRefusal::EmailNeeded)) };
    let Some(found) = customer::find_by_email(ctx.db().read(), email).await? else {
        let id = CustomerId::new(ctx.ports.ids.id());
        return open(ctx, identity, (Account::New(id), email, means), client).await;
    };
    match found.state {
        CustomerState::Pending => {
            open(ctx, identity, (Account::Pending(found.id), email, means), client).await
        }
        CustomerState::Enabled { .. } => match means {
            Means::Cookie { provider } => link_wanted(ctx, provider, identity, (&found, email), client).await,
            Means::Code => Ok(refused(OidcRefusal::BeginAgain)),
        },
        CustomerState::Disabled { .. } | CustomerState::Erased { .. } => Ok(refused(OidcRefusal::Closed)),
    }
}

/// The identity was nobody's a moment ago, and the account with its address is open: its owner is written to. `None`: something has changed
/// meanwhile.
async fn link_wanted(
    ctx: &Context,
    provider: &str,
    identity: &Identity,
    (found, email): (&Customer, &EmailAddress),
    client: &Client,
) -> Result<Option<OidcOutcome>, Fault> {
    // Whoever opened it since we looked may have been the same person in another tab; then the identity came with the account.
    if customer::identity(ctx.db().read(), &identity.issuer, &identity.subject).await?.is_some() {
        return Ok(None);
    }
    mail_link(ctx, provider, identity, (found, email), client).await
}

/// An account that is to begin.
#[derive(Clone, Copy)]
enum Account {
    /// There is none yet.
    New(CustomerId),
    /// Somebody has registered once, and never proved the address.
    Pending(CustomerId),
}

impl Account {
    const fn id(self) -> CustomerId {
        match self {
            Self::New(id) | Self::Pending(id) => id,
        }
    }
}

/// Begins an account: the provider has proved the address. What was said while registering was a stranger's word, and is not asked.
async fn open(
    ctx: &Context,
    identity: &Identity,
    (account, email, means): (Account, &EmailAddress, Means<'_>),
    client: &Client,
) -> Result<Option<OidcOutcome>, Fault> {
    let subject = account.id().uuid();
    let session = new_session(ctx, (Realm::Customer, subject), means.kind(), false, client);
    if !retrying(|| open_once(ctx, identity, (account, email), (&session, client))).await? {
        return Ok(None);
    }
    ctx.jobs_waiting.notify_one();
    Ok(Some(OidcOutcome::SignedIn(issue(ctx, &session, None).await?)))
}

/// False, and nothing has changed, if somebody was faster.
async fn open_once(
    ctx: &Context,
    identity: &Identity,
    (account, email): (Account, &EmailAddress),
    (session, client): (&Session, &Client),
) -> Result<bool, Fault> {
    let (now, id) = (session.created_at, account.id());
    let tx = ctx.db().write(Durability::Full).await?;
    if let Account::New(id) = account {
        let (first_name, last_name, phone, locale) = (None, None, None, None);
        let new = NewCustomer { id, email: email.clone(), first_name, last_name, phone, locale };
        if customer::insert_pending(&tx, &new, now).await? != Registered::New(id) {
            return Ok(false);
        }
    }
    let Some(waiting) = customer::find_for_update(&tx, id).await? else { return Ok(false) };
    if waiting.state != CustomerState::Pending || waiting.email.key() != email.key() {
        return Ok(false);
    }
    let new = NewIdentity { issuer: &identity.issuer, subject: &identity.subject, email: Some(email) };
    if customer::link(&tx, id, new, now).await? != Linked::Linked {
        return Ok(false);
    }
    // Linking is a change of the account as well.
    let Some(before) = customer::find(&tx, id).await? else { return Ok(false) };
    let after = begun(&before, identity, client, CustomerState::Enabled { verified_at: now });
    if customer::save(&tx, &before, &after, now).await? != Saved::Saved {
        return Err(Fault::bug("account.oidc: an account that was locked has changed"));
    }
    account::insert_session(&tx, session).await?;
    account::void_tokens(&tx, (Realm::Customer, id.uuid()), &[TokenKind::Activate], now).await?;
    note_place(&tx, session).await?;
    order::claim(&tx, id, &after.email).await?;
    tx.commit().await?;
    Ok(true)
}

/// The customer, with the names that the provider tells, as far as a shop takes them.
fn begun(before: &Customer, identity: &Identity, client: &Client, state: CustomerState) -> Customer {
    let name = |told: &Option<String>, known: &Option<CustomerName>| {
        let told = told.as_deref().and_then(|text| CustomerName::parse(text).ok().flatten());
        told.or_else(|| known.clone())
    };
    Customer {
        state,
        first_name: name(&identity.given_name, &before.first_name),
        last_name: name(&identity.family_name, &before.last_name),
        locale: client.locale.or(before.locale),
        ..before.clone()
    }
}

/// Writes to the owner of the account that has the address. An address that an issuer vouches for is not yet the account's owner: it
/// may be wrong, or have been given to somebody else.
async fn mail_link(
    ctx: &Context,
    provider: &str,
    identity: &Identity,
    (customer, email): (&Customer, &EmailAddress),
    client: &Client,
) -> Result<Option<OidcOutcome>, Fault> {
    let mails = AskedMail::new(Arc::clone(ctx.limiter()));
    if !mails.take(client.address, TokenKind::Link, email).await? {
        return Ok(Some(OidcOutcome::LinkMailed(None)));
    }
    let body = IdentityBody {
        provider: provider.to_owned(),
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
        email: email.clone(),
    };
    let whose = (Realm::Customer, customer.id.uuid());
    let link = links::new_link(ctx, whose, TokenKind::Link, Some(&body), ctx.now())?;
    if !retrying(|| mail_link_once(ctx, &link, email)).await? {
        return Ok(None);
    }
    ctx.jobs_waiting.notify_one();
    let mailed = LinkMailed { browser: browser_of(ctx, &link), until: link.expires_at };
    Ok(Some(OidcOutcome::LinkMailed(Some(mailed))))
}

/// False, and nothing has changed, if the account is another by now.
async fn mail_link_once(ctx: &Context, link: &AccountToken, email: &EmailAddress) -> Result<bool, Fault> {
    let tx = ctx.db().write(Durability::Relaxed).await?;
    let Some(owner) = customer::find_for_update(&tx, CustomerId::new(link.subject)).await? else {
        return Ok(false);
    };
    if !matches!(owner.state, CustomerState::Enabled { .. }) || owner.email.key() != email.key() {
        return Ok(false);
    }
    account::insert_token(&tx, link).await?;
    let mut batch = Batch::new();
    jobs::write_to_account(ctx, &mut batch, &AccountMail::Link(link.id), link.created_at);
    batch.write(&tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// Gives a customer who has proved once more who they are this way in as well. They are told by mail, in case it was not they.
pub(super) async fn link(ctx: &Context, linking: Linking, identity: &Identity) -> Result<OidcOutcome, Fault> {
    let proved = Proved::before(linking.who, linking.session);
    let outcome = retrying(|| link_once(ctx, &proved, identity)).await?;
    ctx.jobs_waiting.notify_one();
    Ok(match outcome {
        Some(Linked::Linked | Linked::Already) => OidcOutcome::Linked,
        Some(Linked::SomebodyElses(_)) => OidcOutcome::Refused(OidcRefusal::IdentityTaken),
        Some(Linked::NoCustomer) | None => OidcOutcome::Refused(OidcRefusal::BeginAgain),
    })
}

/// `None`, and nothing has changed, if they are not who they were, or are signed in no more.
async fn link_once(ctx: &Context, proved: &Proved, identity: &Identity) -> Result<Option<Linked>, Fault> {
    let now = ctx.now();
    let of = CustomerId::new(proved.who.subject);
    let tx = ctx.db().write(Durability::Full).await?;
    if !still_proved(ctx, &tx, proved).await? {
        return Ok(None);
    }
    let email = identity.proved_email();
    let new = NewIdentity { issuer: &identity.issuer, subject: &identity.subject, email };
    let linked = customer::link(&tx, of, new, now).await?;
    if linked == Linked::Linked {
        let mut batch = Batch::new();
        let mail = AccountMail::IdentityLinked { of, about: ctx.ports.ids.id(), at: now };
        jobs::write_to_account(ctx, &mut batch, &mail, now);
        batch.write(&tx).await?;
    }
    tx.commit().await?;
    Ok(Some(linked))
}
