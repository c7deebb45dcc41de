//! Deleting what is over. Nothing waits for it: what is over is nobody's already.

use super::entities::{challenges, devices, sessions, tokens};
use crate::db::{Db, Durability, Raw, WriteTx, fault, retrying, stored};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, SimpleExpr},
};
use stoa_domain::{
    account::TokenKind,
    shared::{Fault, Timestamp},
};
use uuid::Uuid;

/// Rows of one transaction: a few milliseconds of the writer's time.
const BATCH: usize = 500;

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// How many rows.
    pub rows: u64,
    /// In how many transactions: where that is as many as there might be, there may be more.
    pub transactions: u64,
}

/// Deletes sessions, links, and sign-ins that were waited for, all that ended before `before`, and networks nobody was seen in
/// since `unseen_since`. Links to archives stay, for nothing else names the files: [`archives_over`](super::archives_over) has them. In at most so many short transactions, between which others get their turn. For a job that runs now
/// and then.
///
/// # Errors
/// The database does not answer; some may have been deleted.
pub async fn sweep(
    db: &Db,
    (before, unseen_since): (Timestamp, Timestamp),
    most: u64,
) -> Result<Swept, Fault> {
    let mut swept = Swept::default();
    for what in [Over::Sessions, Over::Tokens, Over::Challenges, Over::Devices] {
        let until = stored(if matches!(what, Over::Devices) { unseen_since } else { before });
        while swept.transactions < most {
            let batch = retrying(|| sweep_batch(db, what, until)).await?;
            swept.rows += batch;
            swept.transactions += 1;
            if batch < BATCH as u64 {
                break;
            }
        }
    }
    Ok(swept)
}

#[derive(Clone, Copy)]
enum Over {
    Sessions,
    Tokens,
    Challenges,
    Devices,
}

async fn sweep_batch(db: &Db, what: Over, until: Timestamp) -> Result<u64, Fault> {
    let tx = db.write(Durability::Relaxed).await?;
    let deleted = match what {
        Over::Sessions => {
            let over = sessions::Column::EndsAt.lt(until);
            rows::<sessions::Entity>(&tx, sessions::Column::Id, over).await?
        }
        Over::Tokens => {
            let no_archive = tokens::Column::Kind.ne(TokenKind::Archive.name());
            let over = tokens::Column::ExpiresAt.lt(until).and(no_archive);
            rows::<tokens::Entity>(&tx, tokens::Column::Id, over).await?
        }
        Over::Challenges => {
            let over = challenges::Column::ExpiresAt.lt(until);
            rows::<challenges::Entity>(&tx, challenges::Column::Id, over).await?
        }
        Over::Devices => networks(&tx, until).await?,
    };
    tx.commit().await?;
    Ok(deleted)
}

async fn rows<E: EntityTrait>(tx: &WriteTx, id: E::Column, over: SimpleExpr) -> Result<u64, Fault> {
    let over: Vec<Uuid> = E::find()
        .select_only()
        .column(id)
        .filter(over)
        .limit(BATCH as u64)
        // Rows somebody else has locked are left for next time: who never waits takes part in no deadlock.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple()
        .all(tx.raw())
        .await
        .map_err(fault("account.sweep"))?;
    if over.is_empty() {
        return Ok(0);
    }
    let deleted = E::delete_many().filter(id.is_in(over)).exec(tx.raw()).await;
    Ok(deleted.map_err(fault("account.sweep"))?.rows_affected)
}

async fn networks(tx: &WriteTx, until: Timestamp) -> Result<u64, Fault> {
    use devices::Column as D;
    let unseen: Vec<(String, Uuid, String)> = devices::Entity::find()
        .select_only()
        .columns([D::Realm, D::SubjectId, D::Network])
        .filter(D::SeenAt.lt(until))
        .limit(BATCH as u64)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple()
        .all(tx.raw())
        .await
        .map_err(fault("account.sweep"))?;
    if unseen.is_empty() {
        return Ok(0);
    }
    let key = Expr::tuple([Expr::col(D::Realm), Expr::col(D::SubjectId), Expr::col(D::Network)]);
    let deleted = devices::Entity::delete_many().filter(key.in_tuples(unseen)).exec(tx.raw()).await;
    Ok(deleted.map_err(fault("account.sweep"))?.rows_affected)
}
