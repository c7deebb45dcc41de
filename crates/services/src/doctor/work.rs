//! Work that is left lying: jobs nobody does, carts that were never let go of.

use super::{EXAMPLES, Finding, Treatment, examples};
use crate::Context;
use chrono::TimeDelta;
use std::time::Duration;
use stoa_domain::shared::{CartId, Fault};
use stoa_persistence::outbox;

/// A job that should have begun so long ago is late: a worker looks every second.
const LATE: TimeDelta = TimeDelta::minutes(10);
/// What is seen again after this is no request in flight.
const JUST_NOW: Duration = Duration::from_secs(2);

pub(super) async fn jobs(ctx: &Context) -> Result<Vec<Finding>, Fault> {
    let read = ctx.db().read();
    let mut findings = Vec::new();
    let (late, oldest) = outbox::overdue(read, ctx.now() - LATE).await?;
    if let Some(oldest) = oldest {
        findings.push(Finding::new(
            "outbox.age",
            format!("{late} jobs wait although they are due, the oldest since {oldest}"),
            "Is a server running? It does the jobs. If one is, its log says why they fail: mail, the gateway, the database.",
        ));
    }
    let dead = outbox::dead_jobs(read, EXAMPLES + 1).await?;
    if !dead.is_empty() {
        let kinds: Vec<String> = dead.iter().map(|job| format!("{} {}", job.kind, job.payload)).collect();
        findings.push(Finding::new(
            "outbox.dead",
            format!("Jobs that were given up: {}", examples(&kinds)),
            "`stoa jobs` says why. What they were to do has not been done: most are mails to buyers.",
        ));
    }
    Ok(findings)
}

/// Holds whose cart is gone. They end by themselves; many of them mean that something lets carts go without their holds.
pub(super) async fn carts(ctx: &Context, treatment: Treatment) -> Result<Vec<Finding>, Fault> {
    if orphans(ctx).await?.is_empty() {
        return Ok(Vec::new());
    }
    // A cart that is just being made holds before it is saved, and one that becomes an order goes before its holds do.
    tokio::time::sleep(JUST_NOW).await;
    let gone = orphans(ctx).await?;
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    // Their ids are the keys to them, and are not printed.
    let mut finding = Finding::new(
        "holds.carts",
        format!("{} carts are gone and still hold stock", gone.len()),
        "The holds end by themselves; `stoa doctor --fix` lets them go now. Seen again and again, it is a bug.",
    );
    if treatment.fix {
        for cart in &gone {
            ctx.ports.holds.release(*cart, &[]).await?;
        }
        finding.mended = true;
    }
    Ok(vec![finding])
}

async fn orphans(ctx: &Context) -> Result<Vec<CartId>, Fault> {
    let now = ctx.now();
    let mut gone = Vec::new();
    // A store that cannot tell is one whose holds die by themselves.
    for cart in ctx.ports.holds.holders(now).await?.unwrap_or_default() {
        if ctx.ports.carts.load(cart, now).await?.is_none() {
            gone.push(cart);
        }
    }
    Ok(gone)
}
