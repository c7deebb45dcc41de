//! Balance transactions: read only, one at a time.

use super::Answer;
use crate::{error::ApiError, form::Params, store::Tx, wire::Object};

/// `GET /v1/balance_transactions/{id}`
pub(crate) fn retrieve(tx: &Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["expand"])?;
    tx.balance_transaction(id)
        .map(Object::BalanceTransaction)
        .ok_or_else(|| ApiError::no_such("balance transaction", id, "id"))
}
