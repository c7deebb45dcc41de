//! What an import leaves in the audit log: a row before the first product is written, and one when it has ended, of the same `Import`.
//!
//! Products are written in many transactions, so one row cannot be in the same as all of them; and one for each would be as long as the
//! catalogue, and is kept for ever. A beginning without an end is an import that was killed, or lost its database: products may have come
//! in by it, and nobody has counted them. What the end counts is on the disk as surely as the row is.

use super::report::ImportReport;
use crate::audit::Witness;
use std::path::Path;
use stoa_domain::{
    audit::{AuditValue, Changes, Subject},
    shared::{Clock, Fault},
};
use stoa_persistence::Db;
use uuid::Uuid;

/// Where to, when, and who is to be named.
pub(super) struct Log<'l> {
    pub(super) db: &'l Db,
    pub(super) clock: &'l dyn Clock,
    pub(super) witness: &'l Witness,
}

/// One import of one file.
#[derive(Clone, Copy)]
pub(super) struct Run<'r> {
    pub(super) id: Uuid,
    pub(super) file: &'r Path,
}

impl Log<'_> {
    /// It is about to write.
    pub(super) async fn begins(&self, run: Run<'_>) -> Result<(), Fault> {
        self.tell("import.begin", &told(run)).await
    }

    /// It has ended; `completed` unless something broke before the end of the file.
    pub(super) async fn ends(
        &self,
        run: Run<'_>,
        report: ImportReport,
        completed: bool,
    ) -> Result<(), Fault> {
        let ImportReport { created, updated, unchanged, refused } = report;
        let figures =
            [("created", created), ("updated", updated), ("unchanged", unchanged), ("refused", refused)];
        let changes = figures.into_iter().fold(told(run), |changes, (name, count)| {
            changes.field(name, AuditValue::Nothing, i64::try_from(count).unwrap_or(i64::MAX))
        });
        self.tell("import.end", &changes.field("completed", AuditValue::Nothing, completed)).await
    }

    async fn tell(&self, action: &'static str, changes: &Changes) -> Result<(), Fault> {
        self.witness.tell(self.db, action, changes, self.clock.now()).await
    }
}

/// The file is named without the folders above it: they are the machine's, or somebody's.
fn told(run: Run<'_>) -> Changes {
    let name = run.file.file_name().map(|name| name.to_string_lossy().into_owned());
    Changes::of(Subject::new("Import", run.id)).field("file", AuditValue::Nothing, name)
}
