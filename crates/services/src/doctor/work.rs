//! Work that is left lying: jobs nobody does, carts that were never let go of.

use super::{
    EXAMPLES, Finding, Treatment, examples,
    noted::{Treated, note},
};
use crate::Context;
use chrono::TimeDelta;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::time::Duration;
use stoa_domain::{
    audit::AuditActor,
    shared::{CartId, Fault, FaultKind},
};
use stoa_persistence::outbox;

/// A job that should have begun so long ago is late: a worker looks every second.
const LATE: TimeDelta = TimeDelta::minutes(10);
/// What is seen again after this is no request in flight.
const JUST_NOW: Duration = Duration::from_secs(2);
/// Carts whose holds are examined. More than this hold something only where very much is sold at once.
const HOLDERS: u32 = 100_000;
/// Carts looked for at once.
const AT_ONCE: usize = 16;

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
pub(super) async fn carts(
    ctx: &Context,
    by: &AuditActor,
    treatment: Treatment,
) -> Result<Vec<Finding>, Fault> {
    match orphaned(ctx, by, treatment).await {
        // The database has answered until now: this is another store, and nothing else depends on it.
        Err(fault) if fault.kind() == FaultKind::Unavailable => Ok(vec![Finding::new(
            "carts.reachable",
            format!("The store of carts and holds does not answer: {fault}"),
            "Carts are told to try again until it does; placed orders are not touched. Check redis.url, the network and the server.",
        )]),
        findings => findings,
    }
}

async fn orphaned(ctx: &Context, by: &AuditActor, treatment: Treatment) -> Result<Vec<Finding>, Fault> {
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
        let mut left = gone.len();
        let mut done = Ok(());
        for cart in &gone {
            done = ctx.ports.holds.release(*cart, &[]).await;
            if done.is_err() {
                break;
            }
            left -= 1;
        }
        // What was let go of before the store fell silent is said as well.
        let (kind, figure, before) = ("Cart", "goneAndHolding", gone.len());
        note(ctx, by, &Treated { kind, figure, before, after: left, mended: &[] }).await?;
        done?;
        finding.mended = true;
    }
    Ok(vec![finding])
}

async fn orphans(ctx: &Context) -> Result<Vec<CartId>, Fault> {
    let now = ctx.now();
    // A store that cannot tell is one whose holds die by themselves.
    let holders = ctx.ports.holds.holders(now, HOLDERS).await?.unwrap_or_default();
    if holders.len() >= HOLDERS as usize {
        tracing::warn!("only {HOLDERS} carts with holds were examined; there are more");
    }
    let looks = holders.into_iter().map(|cart| async move {
        Ok::<_, Fault>(ctx.ports.carts.load(cart, now).await?.is_none().then_some(cart))
    });
    stream::iter(looks).buffer_unordered(AT_ONCE).try_filter_map(async |gone| Ok(gone)).try_collect().await
}
