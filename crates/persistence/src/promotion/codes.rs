//! Codes of promotions.

use crate::db::{Raw, WriteTx, bind_chunks, fault, stored};
use sea_orm::{
    ConnectionTrait,
    sea_query::{OnConflict, Query},
};
use stoa_domain::{
    pricing::EnteredCode,
    shared::{Fault, PromotionId, Timestamp},
};

/// A code that a promotion gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCode {
    /// The code.
    pub code: EnteredCode,
    /// On how many orders it may be used; `None`: any number.
    pub most: Option<i64>,
}

/// Gives a promotion codes; those that there are already, of whichever promotion, stay as they are. How many are new.
///
/// # Errors
/// The database does not answer.
pub async fn add_codes(
    tx: &WriteTx,
    promotion: PromotionId,
    codes: &[NewCode],
    now: Timestamp,
) -> Result<u64, Fault> {
    let mut new = 0;
    for some in bind_chunks(codes, 5) {
        let mut insert = Query::insert();
        insert.into_table("promotion_codes").columns([
            "code_key",
            "promotion_id",
            "code",
            "most",
            "created_at",
        ]);
        for of in some {
            insert.values_panic([
                of.code.key.as_str().to_owned().into(),
                promotion.uuid().into(),
                of.code.text.to_string().into(),
                of.most.into(),
                stored(now).into(),
            ]);
        }
        insert.on_conflict(OnConflict::column("code_key").do_nothing().to_owned());
        let written = tx.raw().execute(&insert).await.map_err(fault("promotion.add_codes"))?;
        new += written.rows_affected();
    }
    Ok(new)
}
