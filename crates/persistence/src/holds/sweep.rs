//! Deleting what has expired. Nothing waits for it: an expired hold counts for nothing already.

use super::{
    SqlReservationStore,
    entities::cart_holds::{Column, Entity},
};
use crate::db::{Durability, Leading, Raw, fault, leads, retrying};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockBehavior, LockType},
};
use stoa_domain::shared::{Fault, Timestamp};
use uuid::Uuid;

/// Rows of one transaction: a few milliseconds of the writer's time.
const BATCH: usize = 500;
/// Rows found by one look, which keeps no writer waiting.
const LOOK: usize = 20 * BATCH;

impl SqlReservationStore {
    /// Deletes the rows of holds that are over, in short transactions between which others get their turn. Gives their
    /// number. For a job that runs now and then.
    ///
    /// # Errors
    /// The database does not answer; some may have been deleted.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, Fault> {
        let now = now.timestamp_micros();
        let mut swept = 0;
        loop {
            let over = self.over(now).await?;
            let mut deleted = 0;
            for batch in over.chunks(BATCH) {
                deleted += retrying(|| self.delete(batch, now)).await?;
            }
            swept += deleted;
            // None deleted of a full look: somebody else is sweeping, or they all came back.
            if over.len() < LOOK || deleted == 0 {
                return Ok(swept);
            }
        }
    }

    async fn over(&self, now: i64) -> Result<Vec<(Uuid, Uuid)>, Fault> {
        Entity::find()
            .select_only()
            .columns([Column::CartId, Column::VariantId])
            .filter(Column::ExpiresAt.lte(now))
            .limit(LOOK as u64)
            .into_tuple()
            .all(self.db.read().raw())
            .await
            .map_err(fault("holds.sweep"))
    }

    /// Deletes those of `keys` that are still over: a cart may have renewed its holds since they were found, or be
    /// doing so.
    async fn delete(&self, keys: &[(Uuid, Uuid)], now: i64) -> Result<u64, Fault> {
        let tx = self.db.write(Durability::Relaxed).await?;
        // Of several instances one sweeps.
        if !leads(&tx, Leading::SweepHolds).await? {
            return Ok(0);
        }
        let still_over: Vec<(Uuid, Uuid)> = Entity::find()
            .select_only()
            .columns([Column::CartId, Column::VariantId])
            .filter(among(keys))
            .filter(Column::ExpiresAt.lte(now))
            // Rows somebody else has locked are left for next time: who never waits takes part in no deadlock.
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple()
            .all(tx.raw())
            .await
            .map_err(fault("holds.sweep"))?;
        if still_over.is_empty() {
            // Not left to be rolled back some time: until then nobody else leads.
            tx.commit().await?;
            return Ok(0);
        }
        let deleted = Entity::delete_many()
            .filter(among(&still_over))
            .exec(tx.raw())
            .await
            .map_err(fault("holds.sweep"))?;
        tx.commit().await?;
        Ok(deleted.rows_affected)
    }
}

fn among(keys: &[(Uuid, Uuid)]) -> Expr {
    Expr::tuple([Expr::col(Column::CartId), Expr::col(Column::VariantId)]).in_tuples(keys.iter().copied())
}
