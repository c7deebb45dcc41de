//! Deleting what has expired. Nothing waits for it: an expired hold counts for nothing already.

use super::{
    SqlReservationStore,
    entities::cart_holds::{Column, Entity},
};
use crate::db::{Durability, Raw, fault, retrying};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockBehavior, LockType},
};
use stoa_domain::shared::{Fault, Timestamp};
use uuid::Uuid;

/// Rows of one transaction: a few milliseconds of the writer's time.
const BATCH: usize = 500;

impl SqlReservationStore {
    /// Deletes the rows of holds that are over, in short transactions between which others get their turn. Gives their
    /// number. For a job that runs now and then.
    ///
    /// # Errors
    /// The database does not answer; some may have been deleted.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, Fault> {
        let mut swept = 0;
        loop {
            let batch = retrying(|| self.sweep_batch(now.timestamp_micros())).await?;
            swept += batch;
            if batch < BATCH as u64 {
                return Ok(swept);
            }
        }
    }

    async fn sweep_batch(&self, now: i64) -> Result<u64, Fault> {
        let tx = self.db.write(Durability::Relaxed).await?;
        let over: Vec<(Uuid, Uuid)> = Entity::find()
            .select_only()
            .columns([Column::CartId, Column::VariantId])
            .filter(Column::ExpiresAt.lte(now))
            .limit(BATCH as u64)
            // one that its cart is renewing at this moment is no longer over
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple()
            .all(tx.raw())
            .await
            .map_err(fault("holds.sweep"))?;
        let key = Expr::tuple([Expr::col(Column::CartId), Expr::col(Column::VariantId)]);
        let deleted = Entity::delete_many()
            .filter(key.in_tuples(over))
            .exec(tx.raw())
            .await
            .map_err(fault("holds.sweep"))?;
        tx.commit().await?;
        Ok(deleted.rows_affected)
    }
}
