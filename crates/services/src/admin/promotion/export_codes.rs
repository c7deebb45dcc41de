//! Taking the codes of a promotion out of the house: a text of comma-separated values.

use super::{CodesError, PromotionCodes, subject};
use crate::{Context, audit::AuditedTx};
use std::{fmt, sync::Arc};
use stoa_domain::{
    access::{Permit, grants::PromotionsRead},
    audit::Changes,
    pricing::CodeKey,
    shared::{Fault, Timestamp},
};
use stoa_persistence::{
    db::retrying,
    promotion::{self, CodesListing, StaffCode},
};

/// Codes that are read at a time.
const PAGE: u64 = 1_000;
/// The first line.
const COLUMNS: [&str; 6] = ["code", "uses", "used", "disabled_at", "created_at", "batch"];

impl PromotionCodes {
    /// Begins with the first code. That they were taken out is in the log, before anybody has them.
    ///
    /// # Errors
    /// There is no such promotion, or no such batch of its.
    #[tracing::instrument(name = "promotion_codes.export", skip_all)]
    pub async fn export(
        &self,
        by: &Permit<PromotionsRead>,
        listing: CodesListing,
    ) -> Result<CodesExport, CodesError> {
        let read = self.0.db().read();
        promotion::find(read, listing.promotion).await?.ok_or(CodesError::NotFound)?;
        if let Some(batch) = listing.batch {
            let known = promotion::find_batch(read, batch).await?;
            known.filter(|known| known.batch.promotion == listing.promotion).ok_or(CodesError::NoBatch)?;
        }
        retrying(|| self.note_once(by, &listing)).await?;
        Ok(CodesExport { ctx: Arc::clone(&self.0), listing, at: Some(None) })
    }

    async fn note_once(&self, by: &Permit<PromotionsRead>, listing: &CodesListing) -> Result<(), Fault> {
        let audited = AuditedTx::begin(&self.0, by).await?;
        let batch = listing.batch.map(|batch| batch.to_string());
        let taken_out = Changes::of(subject(listing.promotion)).field("codes.batch", None::<String>, batch);
        audited.commit("promotion_codes.export", &taken_out).await?;
        Ok(())
    }
}

/// Codes on their way out.
pub struct CodesExport {
    ctx: Arc<Context>,
    listing: CodesListing,
    /// The last code that was given out; `Some(None)`: none was; `None`: all were.
    at: Option<Option<CodeKey>>,
}

impl CodesExport {
    /// The next lines, the first of which names the columns; `None`: there are no more.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn next(&mut self) -> Result<Option<String>, Fault> {
        let Some(at) = self.at.take() else { return Ok(None) };
        let read = self.ctx.db().read();
        let codes = promotion::codes_after(read, &self.listing, at.as_ref(), PAGE).await?;
        let lines =
            lines(at.is_none(), &codes).map_err(|error| Fault::internal("promotion_codes.export", error))?;
        let last = codes.last().map(|code| code.key.clone());
        self.at = last.filter(|_| codes.len() as u64 == PAGE).map(Some);
        Ok(Some(lines).filter(|lines| !lines.is_empty()))
    }
}

/// Hides the codes, since they are not in it.
impl fmt::Debug for CodesExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodesExport({})", self.listing.promotion)
    }
}

fn lines(first: bool, codes: &[StaffCode]) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    if first {
        csv.write_record(COLUMNS)?;
    }
    let moment = |at: Timestamp| at.to_rfc3339();
    for of in codes {
        csv.write_record([
            of.code.clone(),
            of.most.map(|most| most.to_string()).unwrap_or_default(),
            of.used.to_string(),
            of.disabled_at.map(moment).unwrap_or_default(),
            moment(of.created_at),
            of.batch.map(|batch| batch.to_string()).unwrap_or_default(),
        ])?;
    }
    Ok(String::from_utf8(csv.into_inner()?)?)
}
