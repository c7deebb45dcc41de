//! Codes of promotions, as staff see them: pages of them, by keyset, and what is switched off.

use super::{
    batches::{self, CodeBatch},
    entities::{batches as batch_rows, codes},
};
use crate::db::{Conn, Key, Keyset, ListError, Raw, WriteTx, bind_chunks, fault, padded, stored};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LikeExpr, Query},
};
use std::collections::HashMap;
use stoa_domain::{
    pricing::CodeKey,
    shared::{
        CodeBatchId, Fault, PromotionId, Timestamp,
        page::{CursorKey, Page, PageRequest, PageRow},
    },
};

/// Cursors of this list carry this.
const ORDER: u8 = 0xba;
/// Batches of a promotion that are shown: the newest.
const BATCHES: u64 = 100;

/// A code, as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffCode {
    /// What it is looked up by.
    pub key: CodeKey,
    /// As it was written down.
    pub code: String,
    /// With which others it was made.
    pub batch: Option<CodeBatchId>,
    /// On how many orders it is.
    pub used: i64,
    /// On how many it may be; `None`: any number.
    pub most: Option<i64>,
    /// Since when it is switched off.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Which codes of a promotion are listed: those of which all of it is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodesListing {
    /// Of which promotion.
    pub promotion: PromotionId,
    /// Made with these others.
    pub batch: Option<CodeBatchId>,
    /// That begin so, in any letter case.
    pub beginning: Option<String>,
}

/// Which codes of a promotion are switched off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodesToDisable {
    /// These.
    These(Vec<CodeKey>),
    /// All that were made together.
    Batch(CodeBatchId),
}

/// Codes that were made together, and how far that has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedBatch {
    /// What was asked for, and how many there are.
    pub batch: CodeBatch,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// A page of a promotion's codes, in the order of their keys. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_codes(
    conn: &impl Conn,
    listing: &CodesListing,
    request: &PageRequest,
) -> Result<Page<CodeKey>, ListError> {
    let c = |column: codes::Column| Expr::col((codes::Entity, column));
    let mut query = Query::select().from(codes::Entity).cond_where(matching(listing)).take();
    // The promotion is the same for all of them: the keys alone decide.
    let keyset = Keyset {
        order: ORDER,
        key: Key::Text(c(codes::Column::CodeKey)),
        id: c(codes::Column::PromotionId),
        ascending: true,
    };
    let page: Page<PromotionId> = keyset.page(conn, &mut query, request).await?;
    let keyed = |row: PageRow<PromotionId>| {
        let CursorKey::Text(key) = &row.cursor.key else { return None };
        CodeKey::of(key).map(|node| PageRow { cursor: row.cursor.clone(), node })
    };
    Ok(Page { rows: page.rows.into_iter().filter_map(keyed).collect(), info: page.info })
}

/// Those of a promotion's codes with these keys that there are, in the order of the keys. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn codes_by_keys(
    conn: &impl Conn,
    promotion: PromotionId,
    keys: &[CodeKey],
) -> Result<Vec<StaffCode>, Fault> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<&str> = keys.iter().map(CodeKey::as_str).collect();
    let rows = codes::Entity::find()
        .filter(codes::Column::PromotionId.eq(promotion.uuid()))
        .filter(codes::Column::CodeKey.is_in(padded(&wanted)))
        .all(conn.raw())
        .await
        .map_err(fault("promotion.codes_by_keys"))?;
    let mut found: HashMap<String, StaffCode> =
        rows.into_iter().filter_map(|row| Some((row.code_key.clone(), from_row(row)?))).collect();
    Ok(wanted.iter().filter_map(|key| found.remove(*key)).collect())
}

/// The next codes behind one, in the order of their keys. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn codes_after(
    conn: &impl Conn,
    listing: &CodesListing,
    after: Option<&CodeKey>,
    limit: u64,
) -> Result<Vec<StaffCode>, Fault> {
    let mut query = codes::Entity::find().filter(matching(listing));
    if let Some(after) = after {
        query = query.filter(codes::Column::CodeKey.gt(after.as_str()));
    }
    let rows = query.order_by_asc(codes::Column::CodeKey).limit(limit).all(conn.raw()).await;
    Ok(rows.map_err(fault("promotion.codes_after"))?.into_iter().filter_map(from_row).collect())
}

/// Which of these codes there are, of whichever promotion. One statement a few thousand.
///
/// # Errors
/// The database does not answer.
pub async fn taken_codes(conn: &impl Conn, keys: &[CodeKey]) -> Result<Vec<CodeKey>, Fault> {
    let mut taken = Vec::new();
    for some in bind_chunks(keys, 1) {
        let wanted: Vec<&str> = some.iter().map(CodeKey::as_str).collect();
        let rows: Vec<String> = codes::Entity::find()
            .select_only()
            .column(codes::Column::CodeKey)
            .filter(codes::Column::CodeKey.is_in(padded(&wanted)))
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("promotion.taken_codes"))?;
        taken.extend(rows.iter().filter_map(|key| CodeKey::of(key)));
    }
    Ok(taken)
}

/// Switches codes of a promotion off that are not yet, and tells how many that were. What was ordered with them stays as it is.
///
/// # Errors
/// The database does not answer.
pub async fn disable_codes(
    tx: &WriteTx,
    promotion: PromotionId,
    which: &CodesToDisable,
    now: Timestamp,
) -> Result<u64, Fault> {
    let switch_off = |these: sea_orm::Condition| {
        codes::Entity::update_many()
            .col_expr(codes::Column::DisabledAt, Expr::value(stored(now)))
            .filter(codes::Column::PromotionId.eq(promotion.uuid()))
            .filter(codes::Column::DisabledAt.is_null())
            .filter(these)
    };
    let mut disabled = 0;
    match which {
        CodesToDisable::Batch(batch) => {
            let these = sea_orm::Condition::all().add(codes::Column::BatchId.eq(batch.uuid()));
            let done = switch_off(these).exec(tx.raw()).await.map_err(fault("promotion.disable_codes"))?;
            disabled += done.rows_affected;
        }
        CodesToDisable::These(keys) => {
            for some in bind_chunks(keys, 1) {
                let keys = some.iter().map(CodeKey::as_str);
                let these = sea_orm::Condition::all().add(codes::Column::CodeKey.is_in(keys));
                let done = switch_off(these).exec(tx.raw()).await;
                disabled += done.map_err(fault("promotion.disable_codes"))?.rows_affected;
            }
        }
    }
    Ok(disabled)
}

/// What was asked for of a promotion's codes in bulk, the newest first, a hundred at most. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn batches_of(conn: &impl Conn, promotion: PromotionId) -> Result<Vec<ListedBatch>, Fault> {
    let rows = batch_rows::Entity::find()
        .filter(batch_rows::Column::PromotionId.eq(promotion.uuid()))
        .order_by_desc(batch_rows::Column::CreatedAt)
        .order_by_desc(batch_rows::Column::Id)
        .limit(BATCHES)
        .all(conn.raw())
        .await
        .map_err(fault("promotion.batches"))?;
    rows.into_iter().map(listed).collect()
}

/// What was asked for in one go. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_batch(conn: &impl Conn, id: CodeBatchId) -> Result<Option<ListedBatch>, Fault> {
    let row = batch_rows::Entity::find_by_id(id.uuid()).one(conn.raw()).await;
    row.map_err(fault("promotion.find_batch"))?.map(listed).transpose()
}

fn listed(row: batch_rows::Model) -> Result<ListedBatch, Fault> {
    let created_at = row.created_at;
    Ok(ListedBatch { batch: batches::batch(row)?, created_at })
}

fn matching(listing: &CodesListing) -> sea_orm::Condition {
    let c = |column: codes::Column| Expr::col((codes::Entity, column));
    let mut all = sea_orm::Condition::all().add(c(codes::Column::PromotionId).eq(listing.promotion.uuid()));
    if let Some(batch) = listing.batch {
        all = all.add(c(codes::Column::BatchId).eq(batch.uuid()));
    }
    if let Some(key) = listing.beginning.as_deref().and_then(CodeKey::of) {
        all = all.add(c(codes::Column::CodeKey).like(beginning(key.as_str())));
    }
    all
}

/// A pattern of texts that begin with this one, whatever characters it has.
fn beginning(text: &str) -> LikeExpr {
    let mut pattern = String::with_capacity(text.len() + 1);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('!')
}

fn from_row(row: codes::Model) -> Option<StaffCode> {
    Some(StaffCode {
        key: CodeKey::of(&row.code_key)?,
        code: row.code,
        batch: row.batch_id.map(CodeBatchId::new),
        used: row.used,
        most: row.most,
        disabled_at: row.disabled_at,
        created_at: row.created_at,
    })
}

#[cfg(test)]
#[path = "staff_codes_tests.rs"]
mod tests;
