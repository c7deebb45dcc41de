//! Deleting what has expired. Nothing waits for it: an expired cart is absent already.

use super::{
    SqlCartStore,
    entity::{Column, Entity},
};
use crate::db::{Durability, Leading, Raw, fault, leads, retrying};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{LockBehavior, LockType},
};
use stoa_domain::shared::{Fault, Timestamp};
use uuid::Uuid;

/// Rows of one transaction: a few milliseconds of the writer's time.
const BATCH: usize = 500;

impl SqlCartStore {
    /// Deletes the rows of carts that have expired, in short transactions between which others get their turn. Gives
    /// their number. For a job that runs now and then.
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
        // Of several instances one sweeps: what others would do at the same time is done.
        if !leads(&tx, Leading::SweepCarts).await? {
            return Ok(0);
        }
        let expired: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::ExpiresAt.lte(now))
            .limit(BATCH as u64)
            // one that is being made anew at this moment is no longer expired
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple()
            .all(tx.raw())
            .await
            .map_err(fault("cart.sweep"))?;
        if expired.is_empty() {
            // Not left to be rolled back some time: until then nobody else leads.
            tx.commit().await?;
            return Ok(0);
        }
        let deleted = Entity::delete_many()
            .filter(Column::Id.is_in(expired))
            .exec(tx.raw())
            .await
            .map_err(fault("cart.sweep"))?;
        tx.commit().await?;
        Ok(deleted.rows_affected)
    }
}
