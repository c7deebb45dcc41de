//! Codes that are made in bulk: what was asked for, and how far it has come.

use super::entities::{batches, codes};
use crate::db::{Conn, Raw, WriteTx, bind_chunks, fault};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use stoa_domain::{
    pricing::CodeKey,
    shared::{CodeBatchId, Fault, PromotionId, Timestamp},
};

/// Columns of a code's row.
const COLUMNS: usize = 8;

/// A wish for codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBatch {
    /// Which.
    pub id: CodeBatchId,
    /// Of which promotion.
    pub promotion: PromotionId,
    /// How many.
    pub wanted: i64,
    /// How many there are.
    pub made: i64,
    /// What each begins with.
    pub prefix: String,
    /// How many characters come behind that.
    pub length: u32,
    /// On how many orders each may be used.
    pub most: Option<i64>,
    /// Who asked for them.
    pub created_by: String,
}

const MAKING: &str = "making";
const MADE: &str = "made";

/// Writes a wish down, of which nothing is made yet.
///
/// # Errors
/// The database does not answer.
pub async fn insert_batch(tx: &WriteTx, batch: &CodeBatch, now: Timestamp) -> Result<(), Fault> {
    let length = i32::try_from(batch.length).map_err(|e| Fault::internal("promotion.batch", e))?;
    let row = batches::ActiveModel {
        id: Set(batch.id.uuid()),
        promotion_id: Set(batch.promotion.uuid()),
        wanted: Set(batch.wanted),
        made: Set(0),
        prefix: Set(batch.prefix.clone()),
        length: Set(length),
        most: Set(batch.most),
        state: Set(MAKING.to_owned()),
        created_by: Set(batch.created_by.clone()),
        created_at: Set(now),
        updated_at: Set(now),
    };
    batches::Entity::insert(row)
        .exec_without_returning(tx.raw())
        .await
        .map(drop)
        .map_err(fault("promotion.batch"))
}

/// One of them, locked until the transaction ends, if something of it is still to be made.
///
/// # Errors
/// The database does not answer.
pub async fn unmade_batch(tx: &WriteTx, id: CodeBatchId) -> Result<Option<CodeBatch>, Fault> {
    let found = batches::Entity::find_by_id(id.uuid())
        .filter(batches::Column::State.eq(MAKING))
        .lock_exclusive()
        .one(tx.raw())
        .await
        .map_err(fault("promotion.batch"))?;
    found.map(batch).transpose()
}

/// Writes codes of a batch that is locked, no more than it wants; those that there are already are left as they are. Gives how many were written, which
/// count as made.
///
/// # Errors
/// The database does not answer.
pub async fn add_to_batch(
    tx: &WriteTx,
    batch: &CodeBatch,
    new: &[String],
    now: Timestamp,
) -> Result<i64, Fault> {
    let wanted = usize::try_from(batch.wanted.saturating_sub(batch.made)).unwrap_or(0);
    let new = &new[..wanted.min(new.len())];
    let added = add(tx, batch, new, now).await.map_err(fault("promotion.codes"))?;
    let made = batch.made.saturating_add(added);
    let state = if made >= batch.wanted { MADE } else { MAKING };
    batches::Entity::update_many()
        .col_expr(batches::Column::Made, Expr::value(made))
        .col_expr(batches::Column::State, Expr::value(state))
        .col_expr(batches::Column::UpdatedAt, Expr::value(now))
        .filter(batches::Column::Id.eq(batch.id.uuid()))
        .exec(tx.raw())
        .await
        .map_err(fault("promotion.codes"))?;
    Ok(added)
}

async fn add(tx: &WriteTx, batch: &CodeBatch, new: &[String], now: Timestamp) -> Result<i64, DbErr> {
    let row = |code: &String| {
        Some(codes::ActiveModel {
            code_key: Set(CodeKey::of(code)?.as_str().to_owned()),
            promotion_id: Set(batch.promotion.uuid()),
            code: Set(code.clone()),
            batch_id: Set(Some(batch.id.uuid())),
            used: Set(0),
            most: Set(batch.most),
            disabled_at: Set(None),
            created_at: Set(now),
        })
    };
    let known = OnConflict::column(codes::Column::CodeKey).do_nothing().to_owned();
    let mut added = 0_i64;
    for some in bind_chunks(new, COLUMNS) {
        let rows: Vec<_> = some.iter().filter_map(row).collect();
        let written = codes::Entity::insert_many(rows)
            .on_conflict(known.clone())
            .exec_without_returning(tx.raw())
            .await;
        added = added.saturating_add(match written {
            Ok(written) => i64::try_from(written).unwrap_or(i64::MAX),
            Err(DbErr::RecordNotInserted) => 0,
            Err(error) => return Err(error),
        });
    }
    Ok(added)
}

/// The codes of a batch, as they are given to buyers.
///
/// # Errors
/// The database does not answer.
pub async fn codes_of_batch(conn: &impl Conn, id: CodeBatchId) -> Result<Vec<String>, Fault> {
    codes::Entity::find()
        .select_only()
        .column(codes::Column::Code)
        .filter(codes::Column::BatchId.eq(id.uuid()))
        .into_tuple()
        .all(conn.raw())
        .await
        .map_err(fault("promotion.codes"))
}

pub(super) fn batch(row: batches::Model) -> Result<CodeBatch, Fault> {
    Ok(CodeBatch {
        id: CodeBatchId::new(row.id),
        promotion: PromotionId::new(row.promotion_id),
        wanted: row.wanted,
        made: row.made,
        prefix: row.prefix,
        length: u32::try_from(row.length).map_err(|e| Fault::internal("promotion.batch", e))?,
        most: row.most,
        created_by: row.created_by,
    })
}
