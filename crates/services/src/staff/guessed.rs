//! Telling of wrong codes that have followed a right password.

use super::person::subject;
use crate::{
    Context,
    account::{AccountMail, Client},
    audit::AuditedTx,
    jobs,
};
use std::time::Duration;
use stoa_domain::{
    audit::{AuditActor, Changes},
    limits::{LimitKey, Quota},
    shared::{Fault, StaffId},
};
use stoa_persistence::{Batch, db::retrying};
use uuid::Uuid;

/// How often a day it is written down of one person that codes were guessed at: whoever has their password could go on for ever.
const GUESSES_TOLD: Quota = Quota::new(24, Duration::from_hours(24));

/// Codes that were guessed at, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Guessed {
    /// Where, as the log says it.
    pub(super) place: &'static str,
    /// What they were shown for: the mail about it goes out once.
    pub(super) about: Uuid,
    /// How many were wrong.
    pub(super) wrong: u32,
}

/// Writes down that somebody who has the password has shown wrong codes, and has its owner told.
pub(super) async fn tell_of_guesses(
    ctx: &Context,
    of: StaffId,
    guessed: Guessed,
    client: &Client,
) -> Result<(), Fault> {
    tracing::warn!(staff.id = %of, "wrong codes have followed a right password");
    let (limiter, key) = (ctx.limiter(), LimitKey::new("guessed-codes-told", of.uuid()));
    if !limiter.take(&key, GUESSES_TOLD, 1).await?.is_allowed() {
        return Ok(());
    }
    let told = retrying(|| tell_once(ctx, of, guessed, client)).await;
    if told.is_err() {
        limiter.give_back(&key, GUESSES_TOLD, 1).await?;
    }
    told?;
    ctx.jobs_waiting.notify_one();
    Ok(())
}

async fn tell_once(ctx: &Context, of: StaffId, guessed: Guessed, client: &Client) -> Result<(), Fault> {
    let (now, origin) = (ctx.now(), client.origin());
    // Nobody has proved to be anybody: from where they came is all that is known of them.
    let by =
        AuditActor { network: origin.network, request: origin.request, ..AuditActor::system(guessed.place) };
    let audited = AuditedTx::begin_by(ctx, by).await?;
    let mut batch = Batch::new();
    let mail = AccountMail::SecondFactorGuessed { of, about: guessed.about, at: now };
    jobs::write_to_account(ctx, &mut batch, &mail, now);
    batch.write(audited.tx()).await?;
    let changes = Changes::of(subject(of)).field("wrongCodes", None::<u32>, guessed.wrong);
    audited.commit("staff.second_factor_guessed", &changes).await?;
    Ok(())
}
