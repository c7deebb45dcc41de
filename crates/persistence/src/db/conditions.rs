//! Conditions that several lists have, as SQL.

use super::stored;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use stoa_domain::catalog::search::Moments;

/// A text that begins so, as a range that an index can be asked for.
pub(crate) fn begins(column: SimpleExpr, beginning: &str) -> SimpleExpr {
    // Nothing that begins so comes behind the beginning followed by the last of all characters.
    let end = format!("{beginning}{}", char::MAX);
    column.clone().gte(beginning).and(column.lt(end))
}

/// A moment within bounds.
pub(crate) fn within(column: SimpleExpr, moments: &Moments) -> SimpleExpr {
    let from = moments.from.map(|from| column.clone().gte(stored(from)));
    let until = moments.until.map(|until| column.lt(stored(until)));
    match (from, until) {
        (Some(from), Some(until)) => from.and(until),
        (Some(bound), None) | (None, Some(bound)) => bound,
        (None, None) => Expr::value(1).eq(1),
    }
}
