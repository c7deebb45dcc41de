//! Mails about accounts, as jobs: what a job names, and what becomes of it when it is sent.
//!
//! A job's payload is shown in logs and lists, so it names rows and nothing else. What is in the rows when the mail is sent decides what
//! is written, and whether anything is: whoever asked for it has been answered long before, the same in any case.

use super::{links, oidc::IdentityBody};
use crate::{
    Context,
    customer::{EmailBody, RegistrationBody},
    mail::{AccountLetter, Recipient, send, write_account},
    meters,
    staff::InvitationBody,
};
use std::{fmt, str::FromStr, time::Duration};
use stoa_domain::{
    account::{AccountToken, Realm, TokenKind, TokenStanding},
    customer::{Customer, CustomerState},
    limits::{LimitKey, Quota},
    shared::{AccountTokenId, CustomerId, EmailAddress, Fault, SessionId, StaffId, Timestamp},
    staff::{StaffMember, StaffState},
};
use stoa_persistence::{account, customer, staff};
use uuid::Uuid;

/// Mails of one account about sign-ins: more of them say nothing that the first ones did not.
const NEW_SIGN_INS: Quota = Quota::new(3, Duration::from_hours(24));

/// Mails of one person about codes that were guessed at.
const GUESSED_CODES: Quota = Quota::new(1, Duration::from_hours(24));

/// A mail to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountMail {
    /// With this link.
    Link(AccountTokenId),
    /// To the address that an account has: somebody wants it to have the one of this link.
    EmailNotice(AccountTokenId),
    /// To the address that an account had before this link was opened.
    EmailChangedFrom(AccountTokenId),
    /// To the one that it has had since.
    EmailChangedTo(AccountTokenId),
    /// A customer's password was changed, and ways in from elsewhere were taken away with it or not. `about` tells one change from the
    /// next.
    PasswordChanged { of: CustomerId, about: Uuid, at: Timestamp, disconnected: bool },
    /// The password of a member of staff was.
    StaffPasswordChanged { of: StaffId, about: Uuid, at: Timestamp },
    /// An identity elsewhere was linked to a customer's account at this moment. `about` tells one from the next.
    IdentityLinked { of: CustomerId, about: Uuid, at: Timestamp },
    /// Somebody has signed in from a place that is not known.
    NewSignIn(SessionId),
    /// Somebody with the password of a member of staff has used up a sign-in with wrong codes. `about` is that sign-in.
    SecondFactorGuessed { of: StaffId, about: Uuid, at: Timestamp },
}

/// As a job's payload has it.
impl fmt::Display for AccountMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(id) => write!(f, "link {id}"),
            Self::EmailNotice(id) => write!(f, "email_notice {id}"),
            Self::EmailChangedFrom(id) => write!(f, "email_changed_from {id}"),
            Self::EmailChangedTo(id) => write!(f, "email_changed_to {id}"),
            Self::PasswordChanged { of, about, at, disconnected } => {
                let more = if *disconnected { " disconnected" } else { "" };
                write!(f, "password_changed {of} {about} {}{more}", at.timestamp_micros())
            }
            Self::StaffPasswordChanged { of, about, at } => {
                write!(f, "staff_password_changed {of} {about} {}", at.timestamp_micros())
            }
            Self::IdentityLinked { of, about, at } => {
                write!(f, "identity_linked {of} {about} {}", at.timestamp_micros())
            }
            Self::NewSignIn(id) => write!(f, "new_sign_in {id}"),
            Self::SecondFactorGuessed { of, about, at } => {
                write!(f, "second_factor_guessed {of} {about} {}", at.timestamp_micros())
            }
        }
    }
}

/// A payload that no version up to this one writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no mail about an account")]
pub(crate) struct UnknownMail;

impl FromStr for AccountMail {
    type Err = UnknownMail;

    fn from_str(payload: &str) -> Result<Self, UnknownMail> {
        let parts: Vec<&str> = payload.split(' ').collect();
        let id = |text: &str| text.parse::<Uuid>().map_err(|_| UnknownMail);
        let moment =
            |text: &str| text.parse().ok().and_then(Timestamp::from_timestamp_micros).ok_or(UnknownMail);
        match parts.as_slice() {
            ["link", link] => Ok(Self::Link(AccountTokenId::new(id(link)?))),
            ["email_notice", link] => Ok(Self::EmailNotice(AccountTokenId::new(id(link)?))),
            ["email_changed_from", link] => Ok(Self::EmailChangedFrom(AccountTokenId::new(id(link)?))),
            ["email_changed_to", link] => Ok(Self::EmailChangedTo(AccountTokenId::new(id(link)?))),
            ["password_changed", of, about, at, more @ ..] if matches!(more, [] | ["disconnected"]) => {
                let (of, about, at) = (CustomerId::new(id(of)?), id(about)?, moment(at)?);
                Ok(Self::PasswordChanged { of, about, at, disconnected: !more.is_empty() })
            }
            ["staff_password_changed", of, about, at] => {
                let (of, about, at) = (StaffId::new(id(of)?), id(about)?, moment(at)?);
                Ok(Self::StaffPasswordChanged { of, about, at })
            }
            ["identity_linked", of, about, at] => {
                let (of, about, at) = (CustomerId::new(id(of)?), id(about)?, moment(at)?);
                Ok(Self::IdentityLinked { of, about, at })
            }
            ["new_sign_in", session] => Ok(Self::NewSignIn(SessionId::new(id(session)?))),
            ["second_factor_guessed", of, about, at] => {
                let (of, about, at) = (StaffId::new(id(of)?), id(about)?, moment(at)?);
                Ok(Self::SecondFactorGuessed { of, about, at })
            }
            _ => Err(UnknownMail),
        }
    }
}

/// Writes a mail, if there still is somebody to write to. May run twice: the mail carries the same id then.
pub(crate) async fn write(ctx: &Context, what: AccountMail) -> Result<(), Fault> {
    match what {
        AccountMail::Link(id) => {
            let Some(link) = account::find_token(ctx.db().read(), id).await? else { return Ok(()) };
            match link.realm {
                Realm::Customer => write_link(ctx, &link).await,
                Realm::Staff => write_staff_link(ctx, &link).await,
            }
        }
        AccountMail::EmailNotice(id) => email_notice(ctx, id).await,
        AccountMail::EmailChangedFrom(id) => email_changed(ctx, id, false).await,
        AccountMail::EmailChangedTo(id) => email_changed(ctx, id, true).await,
        AccountMail::PasswordChanged { of, about, at, disconnected } => {
            let Some(customer) = enabled(ctx, of).await? else { return Ok(()) };
            let (name, recover, account) = (greeting(&customer), recover(ctx), ctx.settings.link("/account"));
            let disconnected = disconnected.then_some(account.as_str());
            let letter =
                AccountLetter::PasswordChanged { name: name.as_deref(), at, recover: &recover, disconnected };
            post(ctx, recipient(&customer), about, &letter).await
        }
        AccountMail::StaffPasswordChanged { of, about, at } => {
            let Some(member) = on_staff(ctx, of).await? else { return Ok(()) };
            let (name, recover) = (Some(member.name.as_str()), recover_staff(ctx));
            post(
                ctx,
                to_staff(&member),
                about,
                &AccountLetter::PasswordChanged { name, at, recover: &recover, disconnected: None },
            )
            .await
        }
        AccountMail::IdentityLinked { of, about, at } => identity_linked(ctx, of, about, at).await,
        AccountMail::NewSignIn(id) => new_sign_in(ctx, id).await,
        AccountMail::SecondFactorGuessed { of, about, at } => second_factor_guessed(ctx, of, about, at).await,
    }
}

/// A link to a member of staff, or to somebody who is asked to join.
async fn write_staff_link(ctx: &Context, link: &AccountToken) -> Result<(), Fault> {
    // Asked for with an address that is nobody's on the staff.
    let Some(member) = staff::find(ctx.db().read(), StaffId::new(link.subject)).await? else { return Ok(()) };
    if !still_works(ctx, link) {
        return Ok(());
    }
    let (address, until, about) = (links::address(ctx, link), link.expires_at, link.id.uuid());
    match (link.kind, member.state) {
        (TokenKind::Invite, StaffState::Invited) => {
            let InvitationBody { inviter, .. } = links::body(link)?;
            let letter = AccountLetter::StaffInvitation { inviter: &inviter, link: &address, until };
            post(ctx, to_staff(&member), about, &letter).await
        }
        (TokenKind::Reset, StaffState::Enabled) => {
            let name = Some(member.name.as_str());
            post(ctx, to_staff(&member), about, &AccountLetter::PasswordReset { name, link: &address, until })
                .await
        }
        (TokenKind::Invite | TokenKind::Reset, _) => Ok(()),
        (TokenKind::Activate | TokenKind::Email | TokenKind::Archive | TokenKind::Link, _) => {
            Err(Fault::bug("mail.account: a link of staff of this kind, by a newer version"))
        }
    }
}

/// Whether a link is worth a mail. Whoever asked has been told that one was sent: where the mail server was away for longer than the link
/// works, whoever runs the shop hears of it.
fn still_works(ctx: &Context, link: &AccountToken) -> bool {
    let standing = link.standing(ctx.now());
    // One that was voided is missed by nobody.
    if standing == TokenStanding::Over && link.used_at.is_none() {
        meters::mail_late();
        tracing::info!(link.id = %link.id, link.kind = link.kind.name(), "a link was over before its mail could be sent");
    }
    standing == TokenStanding::Good
}

/// A link to a customer. What the account is by now decides: a link that could do nothing is not sent.
async fn write_link(ctx: &Context, link: &AccountToken) -> Result<(), Fault> {
    // Asked for with an address that is nobody's.
    let Some(customer) = customer::find(ctx.db().read(), CustomerId::new(link.subject)).await? else {
        return Ok(());
    };
    if !still_works(ctx, link) {
        return Ok(());
    }
    let (address, until, about) = (links::address(ctx, link), link.expires_at, link.id.uuid());
    let name = greeting(&customer);
    let (name, address) = (name.as_deref(), address.as_str());
    match (link.kind, &customer.state) {
        (TokenKind::Activate, CustomerState::Pending) => {
            let locale = links::body::<RegistrationBody>(link)?.locale.or(customer.locale);
            let to = Recipient { to: &customer.email, locale };
            post(ctx, to, about, &AccountLetter::Activate { link: address, until }).await
        }
        (TokenKind::Activate, CustomerState::Enabled { .. }) => {
            let (sign_in, recover) = (sign_in(ctx), recover(ctx));
            let letter = AccountLetter::Already { name, sign_in: &sign_in, recover: &recover };
            post(ctx, recipient(&customer), about, &letter).await
        }
        (TokenKind::Reset, CustomerState::Enabled { .. }) => {
            let letter = AccountLetter::PasswordReset { name, link: address, until };
            post(ctx, recipient(&customer), about, &letter).await
        }
        (TokenKind::Email, CustomerState::Enabled { .. }) => {
            let new = links::body::<EmailBody>(link)?.new;
            confirm_or_taken(
                ctx,
                &customer,
                &new,
                about,
                &AccountLetter::EmailChangeConfirm { link: address, until },
            )
            .await
        }
        (TokenKind::Archive, CustomerState::Enabled { .. }) => {
            let letter = AccountLetter::DataArchive { name, link: address, until };
            post(ctx, recipient(&customer), about, &letter).await
        }
        (TokenKind::Link, CustomerState::Enabled { .. }) => {
            let provider = links::body::<IdentityBody>(link)?.provider;
            let letter = AccountLetter::Link { name, provider: &provider, link: address, until };
            post(ctx, recipient(&customer), about, &letter).await
        }
        (TokenKind::Invite, _) => Err(Fault::bug("mail.account: a link of this kind, by a newer version")),
        (
            TokenKind::Activate | TokenKind::Reset | TokenKind::Email | TokenKind::Archive | TokenKind::Link,
            CustomerState::Pending | CustomerState::Disabled { .. } | CustomerState::Erased { .. },
        ) => Ok(()),
    }
}

/// To the address that an account is to have: the link, or, where it is somebody else's, that it was tried.
async fn confirm_or_taken(
    ctx: &Context,
    customer: &Customer,
    new: &EmailAddress,
    about: Uuid,
    confirm: &AccountLetter<'_>,
) -> Result<(), Fault> {
    let other = customer::find_by_email(ctx.db().read(), new).await?;
    match other.filter(|other| other.id != customer.id && other.state.verified_at().is_some()) {
        Some(other) => {
            let (name, sign_in) = (greeting(&other), sign_in(ctx));
            let letter = AccountLetter::EmailChangeTaken { name: name.as_deref(), sign_in: &sign_in };
            post(ctx, recipient(&other), about, &letter).await
        }
        None => post(ctx, Recipient { to: new, locale: customer.locale }, about, confirm).await,
    }
}

async fn email_notice(ctx: &Context, id: AccountTokenId) -> Result<(), Fault> {
    let Some((link, customer)) = link_of_enabled(ctx, id).await? else { return Ok(()) };
    let EmailBody { old, new } = links::body(&link)?;
    let (name, recover) = (greeting(&customer), recover(ctx));
    let letter = AccountLetter::EmailChangeNotice {
        name: name.as_deref(),
        at: link.created_at,
        new: &new,
        recover: &recover,
    };
    post(ctx, Recipient { to: &old, locale: customer.locale }, id.uuid(), &letter).await
}

async fn email_changed(ctx: &Context, id: AccountTokenId, to_new: bool) -> Result<(), Fault> {
    let Some((link, customer)) = link_of_enabled(ctx, id).await? else { return Ok(()) };
    let EmailBody { old, new } = links::body(&link)?;
    let (name, at) = (greeting(&customer), link.used_at.unwrap_or(link.created_at));
    let letter = AccountLetter::EmailChanged { name: name.as_deref(), at, old: &old, new: &new };
    let to = if to_new { &new } else { &old };
    post(ctx, Recipient { to, locale: customer.locale }, id.uuid(), &letter).await
}

/// Which identity it was, the account says: the one that was linked then.
async fn identity_linked(ctx: &Context, of: CustomerId, about: Uuid, at: Timestamp) -> Result<(), Fault> {
    let Some(customer) = enabled(ctx, of).await? else { return Ok(()) };
    let linked = customer::identities_of(ctx.db().read(), of).await?;
    let is_it = |linked_at: Timestamp| linked_at.timestamp_micros() == at.timestamp_micros();
    let Some(identity) = linked.iter().find(|identity| is_it(identity.linked_at)) else { return Ok(()) };
    let (name, account) = (greeting(&customer), ctx.settings.link("/account"));
    let provider = ctx.ports.oidc.title_of(&identity.issuer);
    let letter = AccountLetter::Linked { name: name.as_deref(), at, provider, account: &account };
    post(ctx, recipient(&customer), about, &letter).await
}

async fn new_sign_in(ctx: &Context, id: SessionId) -> Result<(), Fault> {
    let Some(session) = account::find_session(ctx.db().read(), id).await? else { return Ok(()) };
    let (recipient, name, recover) = match session.realm {
        Realm::Customer => {
            let Some(customer) = enabled(ctx, session.subject.into()).await? else { return Ok(()) };
            let name = greeting(&customer);
            ((customer.email, customer.locale), name, recover(ctx))
        }
        Realm::Staff => {
            let Some(member) = on_staff(ctx, session.subject.into()).await? else { return Ok(()) };
            ((member.email, member.locale), Some(member.name.as_str().to_owned()), recover_staff(ctx))
        }
    };
    let key = LimitKey::new("mail-new-sign-in", session.subject);
    let limiter = ctx.limiter();
    if !limiter.take(&key, NEW_SIGN_INS, 1).await?.is_allowed() {
        return Ok(());
    }
    let letter = AccountLetter::NewSignIn {
        name: name.as_deref(),
        at: session.created_at,
        device: session.user_agent.as_deref(),
        network: session.network.as_deref(),
        recover: &recover,
    };
    let to = Recipient { to: &recipient.0, locale: recipient.1 };
    let sent = post(ctx, to, id.uuid(), &letter).await;
    if sent.is_err() {
        limiter.give_back(&key, NEW_SIGN_INS, 1).await?;
    }
    sent
}

async fn second_factor_guessed(ctx: &Context, of: StaffId, about: Uuid, at: Timestamp) -> Result<(), Fault> {
    let Some(member) = on_staff(ctx, of).await? else { return Ok(()) };
    let key = LimitKey::new("mail-guessed-codes", of.uuid());
    let limiter = ctx.limiter();
    if !limiter.take(&key, GUESSED_CODES, 1).await?.is_allowed() {
        return Ok(());
    }
    let (name, recover) = (Some(member.name.as_str()), recover_staff(ctx));
    let letter = AccountLetter::SecondFactorGuessed { name, at, recover: &recover };
    let sent = post(ctx, to_staff(&member), about, &letter).await;
    if sent.is_err() {
        limiter.give_back(&key, GUESSED_CODES, 1).await?;
    }
    sent
}

async fn link_of_enabled(
    ctx: &Context,
    id: AccountTokenId,
) -> Result<Option<(AccountToken, Customer)>, Fault> {
    let Some(link) = account::find_token(ctx.db().read(), id).await? else { return Ok(None) };
    let customer = enabled(ctx, CustomerId::new(link.subject)).await?;
    Ok(customer.map(|customer| (link, customer)))
}

async fn enabled(ctx: &Context, id: CustomerId) -> Result<Option<Customer>, Fault> {
    let found = customer::find(ctx.db().read(), id).await?;
    Ok(found.filter(|customer| matches!(customer.state, CustomerState::Enabled { .. })))
}

async fn on_staff(ctx: &Context, id: StaffId) -> Result<Option<StaffMember>, Fault> {
    let found = staff::find(ctx.db().read(), id).await?;
    Ok(found.filter(|member| member.state == StaffState::Enabled))
}

async fn post(
    ctx: &Context,
    to: Recipient<'_>,
    about: Uuid,
    letter: &AccountLetter<'_>,
) -> Result<(), Fault> {
    send(ctx, &write_account(&ctx.settings, to, about, letter)?).await
}

const fn recipient(customer: &Customer) -> Recipient<'_> {
    Recipient { to: &customer.email, locale: customer.locale }
}

const fn to_staff(member: &StaffMember) -> Recipient<'_> {
    Recipient { to: &member.email, locale: member.locale }
}

/// How a customer is greeted; not by their address.
fn greeting(customer: &Customer) -> Option<String> {
    let named = customer.first_name.is_some() || customer.last_name.is_some();
    named.then(|| customer.display_name())
}

fn sign_in(ctx: &Context) -> String {
    ctx.settings.link("/account/sign-in")
}

fn recover(ctx: &Context) -> String {
    ctx.settings.link("/account/recover")
}

fn recover_staff(ctx: &Context) -> String {
    ctx.settings.link("/staff/recover")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_read_as_it_was_written() {
        let id = Uuid::from_u128(7);
        let at = Timestamp::from_timestamp_micros(1_795_000_000_000_001).unwrap();
        for mail in [
            AccountMail::Link(AccountTokenId::new(id)),
            AccountMail::EmailNotice(AccountTokenId::new(id)),
            AccountMail::EmailChangedFrom(AccountTokenId::new(id)),
            AccountMail::EmailChangedTo(AccountTokenId::new(id)),
            AccountMail::PasswordChanged {
                of: CustomerId::new(id),
                about: Uuid::from_u128(8),
                at,
                disconnected: false,
            },
            AccountMail::PasswordChanged {
                of: CustomerId::new(id),
                about: Uuid::from_u128(8),
                at,
                disconnected: true,
            },
            AccountMail::StaffPasswordChanged { of: StaffId::new(id), about: Uuid::from_u128(8), at },
            AccountMail::IdentityLinked { of: CustomerId::new(id), about: Uuid::from_u128(8), at },
            AccountMail::NewSignIn(SessionId::new(id)),
            AccountMail::SecondFactorGuessed { of: StaffId::new(id), about: Uuid::from_u128(8), at },
        ] {
            assert_eq!(mail.to_string().parse(), Ok(mail));
        }
        for broken in ["", "link", "link 7", "link 7 7", "unknown 00000000-0000-0000-0000-000000000007"] {
            assert_eq!(broken.parse::<AccountMail>(), Err(UnknownMail), "{broken}");
        }
    }
}
