//! Which job is done by whom.

use super::{Turn, expire};
use crate::{Context, account, customer, gift_card, mail, media, payment, promotion};
use chrono::TimeDelta;
use stoa_domain::shared::{Fault, Timestamp};
use stoa_persistence::outbox::Job;

/// The kinds of jobs, as they are stored. A kind that was ever stored is never renamed. What writes to somebody, and nothing else, is a
/// `mail.`: of those not all may run at once.
pub(super) mod kind {
    pub(in crate::jobs) const EXPIRE_ORDER: &str = "order.expire";
    pub(in crate::jobs) const CONFIRM_BY_MAIL: &str = "mail.order_confirmed";
    pub(in crate::jobs) const SEND_REFUND: &str = "refund.send";
    pub(in crate::jobs) const RECONCILE: &str = "payment.reconcile";
    pub(in crate::jobs) const ACCOUNT_MAIL: &str = "mail.account";
    pub(in crate::jobs) const EXPORT: &str = "customer.export";
    pub(in crate::jobs) const REMOVE_ARCHIVE: &str = "archive.remove";
    pub(in crate::jobs) const SWEEP: &str = "accounts.sweep";
    pub(in crate::jobs) const ROTATE_KEYS: &str = "keys.rotate";
    pub(in crate::jobs) const RETENTION: &str = "privacy.retention";
    pub(in crate::jobs) const PARCEL_MAIL: &str = "mail.order_shipped";
    pub(in crate::jobs) const REFUND_MAIL: &str = "mail.order_refunded";
    pub(in crate::jobs) const REMOVE_MEDIA: &str = "media.remove";
    pub(in crate::jobs) const PROMOTION_CODES: &str = "promotion.codes";
    pub(in crate::jobs) const PROMOTION_RECOUNT: &str = "promotion.recount";
    pub(in crate::jobs) const GIFT_CARD_ISSUE: &str = "gift_card.issue";
    pub(in crate::jobs) const GIFT_CARD_EXPIRY: &str = "gift_card.expire";
    pub(in crate::jobs) const GIFT_CARD_MAIL: &str = "mail.gift_card_issued";
}

/// All of them.
pub(crate) const KINDS: [&str; 18] = [
    kind::EXPIRE_ORDER,
    kind::CONFIRM_BY_MAIL,
    kind::SEND_REFUND,
    kind::RECONCILE,
    kind::ACCOUNT_MAIL,
    kind::EXPORT,
    kind::REMOVE_ARCHIVE,
    kind::SWEEP,
    kind::ROTATE_KEYS,
    kind::RETENTION,
    kind::PARCEL_MAIL,
    kind::REFUND_MAIL,
    kind::REMOVE_MEDIA,
    kind::PROMOTION_CODES,
    kind::PROMOTION_RECOUNT,
    kind::GIFT_CARD_ISSUE,
    kind::GIFT_CARD_EXPIRY,
    kind::GIFT_CARD_MAIL,
];

/// A kind as it is stored, as one of ours; `other`: it is of a newer version of the program.
pub(crate) fn known_kind(stored: &str) -> &'static str {
    KINDS.into_iter().find(|kind| *kind == stored).unwrap_or("other")
}

/// How often payments that have been open too long are asked after.
const RECONCILE_EVERY: TimeDelta = TimeDelta::minutes(10);
/// And how soon those for which there was no time. The gateway counts our questions, and buyers ask as well.
const GO_ON_AFTER: TimeDelta = TimeDelta::minutes(1);

/// How often what is over is swept away, keys are looked at, and orders whose time is up lose the names on them.
const DAILY: TimeDelta = TimeDelta::days(1);

/// Whether a job may be given up in the end. One on which stock or somebody's money hangs is tried for ever: a gateway that is
/// away for a day must keep neither. So is one that keeps what is known of somebody from lying about, or that comes again by itself.
pub(super) fn may_be_given_up(kind: &str) -> bool {
    !matches!(
        kind,
        kind::EXPIRE_ORDER
            | kind::SEND_REFUND
            | kind::RECONCILE
            | kind::EXPORT
            | kind::REMOVE_ARCHIVE
            | kind::SWEEP
            | kind::ROTATE_KEYS
            | kind::RETENTION
            | kind::PROMOTION_CODES
            | kind::PROMOTION_RECOUNT
            | kind::GIFT_CARD_ISSUE
            | kind::GIFT_CARD_EXPIRY
    )
}

/// What a handler says of its job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It is done.
    Yes,
    /// It is too early: look again then.
    NotBefore(Timestamp),
    /// It never ends: it goes on then, with this payload.
    GoesOn(Timestamp, String),
}

/// Does a job. Every handler may run twice without harm.
pub(super) async fn handle(ctx: &Context, job: &Job) -> Result<Done, Fault> {
    match job.kind.as_str() {
        kind::EXPIRE_ORDER => expire::expire_order(ctx, parse(&job.payload)?).await,
        kind::CONFIRM_BY_MAIL => mail::confirm_order(ctx, parse(&job.payload)?).await.map(|()| Done::Yes),
        kind::SEND_REFUND => payment::send_refund(ctx, parse(&job.payload)?).await.map(|()| Done::Yes),
        kind::RECONCILE => reconcile(ctx, &job.payload).await,
        kind::ACCOUNT_MAIL => account::write(ctx, parse(&job.payload)?).await.map(|()| Done::Yes),
        kind::EXPORT => export(ctx, &job.payload).await.map(|()| Done::Yes),
        kind::REMOVE_ARCHIVE => customer::remove_archive(ctx, parse(&job.payload)?).await.map(|()| Done::Yes),
        kind::SWEEP => sweep(ctx).await,
        kind::ROTATE_KEYS => daily(ctx, account::rotate_keys(ctx).await),
        kind::RETENTION => forget(ctx, &job.payload).await,
        kind::PARCEL_MAIL => mail::tell_of_parcel(ctx, parse(&job.payload)?).await.map(|()| Done::Yes),
        kind::REFUND_MAIL => refund_mail(ctx, &job.payload).await,
        kind::REMOVE_MEDIA => media::remove_file(ctx, &job.payload).await.map(|()| Done::Yes),
        kind::PROMOTION_CODES => make_codes(ctx, &job.payload).await,
        kind::PROMOTION_RECOUNT => promotion::recount(ctx, parse(&job.payload)?).await.map(|()| Done::Yes),
        kind::GIFT_CARD_ISSUE => issue_gift_cards(ctx, &job.payload).await,
        kind::GIFT_CARD_EXPIRY => expire_gift_cards(ctx).await,
        kind::GIFT_CARD_MAIL => mail::tell_of_gift_cards(ctx, parse(&job.payload)?).await.map(|()| Done::Yes),
        _ => Err(Fault::bug("jobs: no handler for this kind; it is of a newer version of the program")),
    }
}

/// The one job that never ends. A claim is one instance's alone, so one of them does it at a time, whichever.
/// Its payload is the payment at which the last pass ended for lack of time; empty, when there was time for all.
async fn reconcile(ctx: &Context, payload: &str) -> Result<Done, Fault> {
    let from = if payload.is_empty() { None } else { Some(parse(payload)?) };
    let done = payment::reconcile_open(ctx, from, payment::PATIENCE).await?;
    if done.moved > 0 || done.failed > 0 {
        tracing::info!(done.read, done.moved, done.failed, "payments were reconciled");
    }
    let next = if done.ended_at.is_some() { GO_ON_AFTER } else { RECONCILE_EVERY };
    Ok(Done::GoesOn(ctx.now() + next, done.ended_at.map_or_else(String::new, |id| id.to_string())))
}

/// What nobody needs any more of what was said of people. The payload is the customer at whom the last turn ended; empty, where it came to
/// the end of them.
async fn forget(ctx: &Context, payload: &str) -> Result<Done, Fault> {
    let from = if payload.is_empty() { None } else { Some(parse(payload)?) };
    let mut turn = Turn::new();
    if let Some(last) = customer::forget_persons(ctx, from, &mut turn).await? {
        return Ok(Done::GoesOn(ctx.now() + GO_ON_AFTER, last.to_string()));
    }
    match payment::forget_events(ctx, &mut turn).await? {
        true => daily(ctx, Ok(())),
        false => Ok(Done::GoesOn(ctx.now() + GO_ON_AFTER, String::new())),
    }
}

async fn sweep(ctx: &Context) -> Result<Done, Fault> {
    match account::sweep(ctx, &mut Turn::new()).await? {
        true => daily(ctx, Ok(())),
        false => Ok(Done::GoesOn(ctx.now() + GO_ON_AFTER, String::new())),
    }
}

/// What comes again tomorrow.
fn daily(ctx: &Context, done: Result<(), Fault>) -> Result<Done, Fault> {
    done.map(|()| Done::GoesOn(ctx.now() + DAILY, String::new()))
}

/// A turn makes some codes; it goes on at once until all are made.
async fn make_codes(ctx: &Context, payload: &str) -> Result<Done, Fault> {
    let all = promotion::make_codes(ctx, parse(payload)?).await?;
    Ok(if all { Done::Yes } else { Done::GoesOn(ctx.now(), payload.to_owned()) })
}

/// The payload is the order, and how many cards of it were made.
async fn issue_gift_cards(ctx: &Context, payload: &str) -> Result<Done, Fault> {
    let (order, from) = payload.split_once(' ').unwrap_or((payload, "0"));
    let next = gift_card::issue(ctx, parse(order)?, parse(from)?).await?;
    Ok(next.map_or(Done::Yes, |from| Done::GoesOn(ctx.now(), format!("{order} {from}"))))
}

/// Once a day, and as often as it takes.
async fn expire_gift_cards(ctx: &Context) -> Result<Done, Fault> {
    if gift_card::expire(ctx).await? {
        return daily(ctx, Ok(()));
    }
    Ok(Done::GoesOn(ctx.now() + GO_ON_AFTER, String::new()))
}

/// The gateway has to have the refund first.
async fn refund_mail(ctx: &Context, payload: &str) -> Result<Done, Fault> {
    Ok(mail::tell_of_refund(ctx, parse(payload)?).await?.map_or(Done::Yes, Done::NotBefore))
}

/// The payload is the customer, and the link that leads to the archive.
async fn export(ctx: &Context, payload: &str) -> Result<(), Fault> {
    let no_pair = || Fault::bug("jobs: the payload is no customer and no link");
    let (of, link) = payload.split_once(' ').ok_or_else(no_pair)?;
    customer::export(ctx, parse(of)?, parse(link)?).await
}

fn parse<T: std::str::FromStr>(payload: &str) -> Result<T, Fault>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    payload.parse().map_err(|e| Fault::internal("jobs: the payload is no id", e))
}
