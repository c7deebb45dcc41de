//! What a treatment leaves in the audit log: a row for each kind of thing that was treated, with its figures before and after.
//!
//! The row comes behind the treatment, which is done in many transactions, or in another store. Where the doctor dies between the two,
//! there is none: what was mended is what the gateway would have told by itself, and stands in the orders' own histories; holds that
//! nobody has end by themselves as well.

use crate::{Context, audit::AuditedTx};
use stoa_domain::{
    audit::{AuditActor, AuditValue, Changes, Subject},
    shared::Fault,
};
use stoa_persistence::db::retrying;

/// What a kind of thing was treated for, and with what success.
pub(super) struct Treated<'t> {
    /// The kind of thing, as the API calls it.
    pub(super) kind: &'static str,
    /// What the figure counts.
    pub(super) figure: &'static str,
    /// How many there were.
    pub(super) before: usize,
    /// How many are left.
    pub(super) after: usize,
    /// Which were mended, if they may be named.
    pub(super) mended: &'t [String],
}

/// Writes the row. Where there are as many as before nothing was done, and nothing is written.
pub(super) async fn note(ctx: &Context, by: &AuditActor, treated: &Treated<'_>) -> Result<(), Fault> {
    let Treated { kind, figure, before, after, mended } = treated;
    if before == after {
        return Ok(());
    }
    let mut changes = Changes::of(Subject::only(kind)).field(figure, number(*before), number(*after));
    if !mended.is_empty() {
        changes = changes.field("mended", AuditValue::Nothing, mended.to_vec());
    }
    retrying(|| note_once(ctx, by, &changes)).await
}

async fn note_once(ctx: &Context, by: &AuditActor, changes: &Changes) -> Result<(), Fault> {
    let audited = AuditedTx::begin_by(ctx, by.clone()).await?;
    audited.commit("doctor.fix", changes).await?;
    Ok(())
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
