//! Who may do what: the log of it, what is sealed by old keys, and the owner.

use super::{EXAMPLES, Finding, Notice, examples};
use crate::Context;
use stoa_auth::Mac as Code;
use stoa_domain::{
    audit::{Head, Mac, Verifier},
    shared::Fault,
    staff::StaffState,
};
use stoa_persistence::{
    audit::{self, PastKey},
    sealed::{SealedColumn, old_seals},
    staff,
};

/// Sealed values that are looked at at a time.
const PAGE: u64 = 500;

/// Whether every row of the audit log is what was written, from the first to the last.
pub(super) async fn audit_chain(ctx: &Context) -> Result<Vec<Finding>, Fault> {
    let codes: Vec<_> = ctx.ports.auth.audit.each().collect();
    let macs: Vec<Mac<'_>> = codes.iter().map(|code| code as Mac<'_>).collect();
    let past = past(ctx).await;
    let past_codes: Vec<_> = past.iter().map(|past| Code::under(&past.key)).collect::<Result<_, _>>()?;
    let retired =
        past.iter().zip(&past_codes).filter_map(|(past, code)| Some((past.until?, code as Mac<'_>)));
    let verifier = Verifier::begin(Head::START, macs).before(retired.collect());
    match audit::prove(ctx.db().read(), verifier).await? {
        Ok(head) => {
            tracing::info!(audit.seq = head.seq, audit.hash = %head.hash, "the audit log is what was written");
            Ok(Vec::new())
        }
        Err(broken) => Ok(vec![Finding::new(
            "audit.chain",
            format!("The audit log is not what was written: {broken}"),
            "Somebody has changed it past the program, or a root key it was written with is not among secrets.root_keys any more. \
             Compare it with a backup or an export; nothing brings the row back that was changed.",
        )]),
    }
}

/// Whether the log still has the row it ended with once. A log that was cut off together with its head is a whole one by itself.
pub(super) async fn audit_end(ctx: &Context, known: Head) -> Result<Option<Finding>, Fault> {
    let rows = audit::rows_after(ctx.db().read(), known.seq - 1, 1).await?;
    if rows.first().is_some_and(|row| row.head() == known) {
        return Ok(None);
    }
    Ok(Some(Finding::new(
        "audit.end",
        format!("The audit log does not have row {} as it was: it was cut off, or written anew", known.seq),
        "Somebody has changed it past the program, or the database is an older copy. Compare it with a backup or an export; the program's \
         own log has each end of the audit log.",
    )))
}

/// The keys that rows were chained with under root keys that are gone. Those that cannot be had prove nothing: the first row of theirs
/// is found then.
async fn past(ctx: &Context) -> Vec<PastKey> {
    match audit::past_keys(ctx.db().read()).await {
        Ok(past) => past,
        Err(fault) => {
            tracing::warn!(error = %fault, "the keys that the audit log was chained with before cannot be opened");
            Vec::new()
        }
    }
}

/// What is still sealed by another key than the newest, and would be lost with it; and what of orders is sealed, or is not, against the
/// setting.
pub(super) async fn keys(ctx: &Context) -> Result<Vec<Finding>, Fault> {
    let mut old = Vec::new();
    for column in SealedColumn::ALL {
        let (mut after, mut count) = (None::<Vec<u8>>, 0);
        loop {
            let walked = old_seals(ctx.db().read(), column, after.as_deref(), PAGE).await?;
            count += walked.old;
            after = walked.next;
            if after.is_none() {
                break;
            }
        }
        if count > 0 {
            old.push(format!("{}: {count}", column.place()));
        }
    }
    if old.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Finding::new(
        "accounts.keys",
        format!("Values are not sealed as they would be now ({})", old.join(", ")),
        "`stoa secrets reseal` seals them by the newest root key, and orders as privacy.seal_orders has it. Do not take an older key out \
         of secrets.root_keys before.",
    )])
}

/// Keys that go on without whoever made them. That is what keys are for; whether they are still needed a person decides.
pub(super) async fn keys_of_the_gone(ctx: &Context) -> Result<Option<Notice>, Fault> {
    let keys = staff::orphaned_keys(ctx.db().read(), ctx.now(), EXAMPLES + 1).await?;
    if keys.is_empty() {
        return Ok(None);
    }
    let names: Vec<String> = keys.iter().map(|key| format!("{} (…{})", key.name, key.hint)).collect();
    Ok(Some(Notice {
        check: "staff.keys",
        text: format!(
            "API keys work whose makers are shut out or not on the staff any more: {}",
            examples(&names)
        ),
        advice: "A key is the shop's and outlives its maker. Whoever made it may have kept a copy: make another for the program that uses \
                 it, and end this one (`apiKeyRevoke`).",
    }))
}

/// Whether there is somebody who can do everything. A shop that nobody has ever joined has not begun.
pub(super) async fn owner(ctx: &Context) -> Result<Vec<Finding>, Fault> {
    let read = ctx.db().read();
    let problem = match staff::shop_owner(read).await? {
        Some(id) => {
            let owner = staff::find(read, id).await?;
            let signs_in = owner.is_some_and(|owner| {
                owner.state == StaffState::Enabled && owner.password_changed_at.is_some()
            });
            (!signs_in).then_some("The shop's owner cannot sign in")
        }
        None => {
            staff::has_joined(read).await?.then_some("Somebody is on the staff, and the shop has no owner")
        }
    };
    Ok(problem.into_iter().map(|problem| Finding::new("staff.owner", problem.to_owned(), REMEDY)).collect())
}

const REMEDY: &str = "`stoa staff create-owner EMAIL --replace` prints a link that makes somebody the owner; `stoa staff reset EMAIL` one that \
                      gives them a new password.";
