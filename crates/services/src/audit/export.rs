//! Taking the log out of the house: a text of one JSON object a line.

use super::AuditedTx;
use crate::Context;
use serde_json::json;
use std::{fmt, sync::Arc};
use stoa_domain::{
    access::{Permit, grants},
    audit::{Chained, Changes, Head, Subject, canonical},
    shared::Fault,
};
use stoa_persistence::{audit::rows_after, db::retrying};

/// Rows that are read at a time. Few, since what a row says may be as long as what was written: all of a page is held at once.
const PAGE: u64 = 50;

/// Takes the log out of the house.
pub struct ExportAuditLog(pub(crate) Arc<Context>);

impl ExportAuditLog {
    /// Begins with the first row. That the log was taken out is its last one.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "audit.export", skip_all)]
    pub async fn begin(&self, by: &Permit<grants::AuditExport>) -> Result<AuditExport, Fault> {
        let end = retrying(|| self.note_once(by)).await?;
        Ok(AuditExport { ctx: Arc::clone(&self.0), at: 0, end: Some(end) })
    }

    async fn note_once(&self, by: &Permit<grants::AuditExport>) -> Result<Head, Fault> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let taken_out = Changes::of(Subject::only("AuditLog"));
        let end = audited.commit("audit.export", &taken_out).await?;
        end.ok_or(Fault::bug("audit.export: something was done, and no row says so"))
    }
}

/// A log on its way out.
pub struct AuditExport {
    ctx: Arc<Context>,
    /// The last row that was given out.
    at: i64,
    /// Where the log ended when this began; `None`: all of it was given out.
    end: Option<Head>,
}

impl AuditExport {
    /// The next lines, each with its end; `None`: there are no more. A row is the object that its hash was made over, with the hash of
    /// the row before it and its own. The last line holds the log's end, so that whoever has it can tell a copy that is not whole.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn next(&mut self) -> Result<Option<String>, Fault> {
        let Some(end) = self.end else { return Ok(None) };
        let rows = rows_after(self.ctx.db().read(), self.at, PAGE).await?;
        let lines: String = rows.iter().filter(|row| row.entry.seq <= end.seq).map(line).collect();
        match rows.last().filter(|_| !lines.is_empty()) {
            Some(last) => {
                self.at = last.entry.seq;
                Ok(Some(lines))
            }
            None => {
                self.end = None;
                let head = json!({ "seq": end.seq.to_string(), "hash": end.hash.to_string() });
                Ok(Some(format!("{}\n", json!({ "head": head }))))
            }
        }
    }
}

/// Hides nothing, since there is nothing of the log in it.
impl fmt::Debug for AuditExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditExport(at {})", self.at)
    }
}

fn line(row: &Chained) -> String {
    let text = canonical(&row.entry);
    // Two members more, behind those that are chained.
    let open = text.strip_suffix('}').unwrap_or(&text);
    format!("{open},\"prev_hash\":\"{}\",\"hash\":\"{}\"}}\n", row.prev, row.hash)
}
