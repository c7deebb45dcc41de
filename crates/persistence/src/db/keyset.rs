//! Walking a sorted list from a position.

use super::{Conn, fault};
use chrono::DateTime;
use sea_orm::{
    ConnectionTrait, DbErr, Order, QueryResult,
    sea_query::{Expr, ExprTrait, SelectStatement, SimpleExpr, Value},
};
use stoa_domain::shared::{
    Fault, Timestamp,
    page::{Cursor, CursorKey, InvalidCursor, Page, PageRequest, PageRow},
};
use uuid::Uuid;

/// Why a page cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// A cursor of another list, or of the same in another order.
    #[error(transparent)]
    Cursor(#[from] InvalidCursor),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What a list is sorted by before the ids decide.
pub(crate) enum Key {
    /// Nothing: ids alone.
    Id,
    /// A whole number.
    Number(SimpleExpr),
    /// A folded text.
    Text(SimpleExpr),
    /// A moment.
    Time(SimpleExpr),
}

impl Key {
    const fn expr(&self) -> Option<&SimpleExpr> {
        match self {
            Self::Id => None,
            Self::Number(expr) | Self::Text(expr) | Self::Time(expr) => Some(expr),
        }
    }

    /// A cursor's key as this column's value; a cursor of another kind is not ours.
    fn value(&self, key: &CursorKey) -> Result<Option<Value>, InvalidCursor> {
        match (self, key) {
            (Self::Id, CursorKey::Id) => Ok(None),
            (Self::Number(_), CursorKey::Number(number)) => Ok(Some((*number).into())),
            (Self::Text(_), CursorKey::Text(text)) => Ok(Some(text.as_str().into())),
            (Self::Time(_), CursorKey::Number(micros)) => {
                DateTime::from_timestamp_micros(*micros).map(|at| Some(at.into())).ok_or(InvalidCursor)
            }
            _ => Err(InvalidCursor),
        }
    }

    fn read(&self, row: &QueryResult) -> Result<CursorKey, DbErr> {
        Ok(match self {
            Self::Id => CursorKey::Id,
            Self::Number(_) => CursorKey::Number(row.try_get("", KEY)?),
            Self::Text(_) => CursorKey::Text(row.try_get("", KEY)?),
            Self::Time(_) => CursorKey::Number(row.try_get::<Timestamp>("", KEY)?.timestamp_micros()),
        })
    }
}

const KEY: &str = "sort_key";
const ID: &str = "row_id";

/// A sorted list.
pub(crate) struct Keyset {
    /// What cursors say they belong to.
    pub(crate) order: u8,
    /// The sort key.
    pub(crate) key: Key,
    /// The id that decides between equal keys.
    pub(crate) id: SimpleExpr,
    /// Whether it ascends.
    pub(crate) ascending: bool,
}

impl Keyset {
    /// Reads the page that is asked for of the rows that `query` selects from. One statement.
    pub(crate) async fn page<Id: From<Uuid>>(
        &self,
        conn: &impl Conn,
        query: &mut SelectStatement,
        request: &PageRequest,
    ) -> Result<Page<Id>, ListError> {
        self.narrow(query, request)?;
        let rows = conn.raw().query_all(&*query).await.map_err(fault("reading a list"))?;
        let rows: Result<Vec<_>, DbErr> = rows.iter().map(|row| self.row(row)).collect();
        Ok(Page::from_walk(rows.map_err(fault("reading a list"))?, request))
    }

    /// Selects key and id, of the rows between the cursors, in walking order, one more than asked for.
    pub(crate) fn narrow(
        &self,
        query: &mut SelectStatement,
        request: &PageRequest,
    ) -> Result<(), InvalidCursor> {
        request.check_order(self.order)?;
        for (cursor, behind) in [(&request.after, true), (&request.before, false)] {
            if let Some(cursor) = cursor {
                query.and_where(self.beside(cursor, behind == self.ascending)?);
            }
        }
        let direction = if self.ascending == request.from_end { Order::Desc } else { Order::Asc };
        if let Some(key) = self.key.expr() {
            query.expr_as(key.clone(), KEY).order_by_expr(key.clone(), direction.clone());
        }
        query
            .expr_as(self.id.clone(), ID)
            .order_by_expr(self.id.clone(), direction)
            .limit(u64::from(request.size) + 1);
        Ok(())
    }

    /// The rows above, or below, a position.
    fn beside(&self, cursor: &Cursor, above: bool) -> Result<SimpleExpr, InvalidCursor> {
        let id = Expr::value(cursor.id);
        let (here, there) = match (self.key.expr(), self.key.value(&cursor.key)?) {
            (Some(key), Some(value)) => {
                (Expr::tuple([key.clone(), self.id.clone()]), Expr::tuple([Expr::value(value), id]))
            }
            _ => (self.id.clone(), id),
        };
        Ok(if above { here.gt(there) } else { here.lt(there) })
    }

    fn row<Id: From<Uuid>>(&self, row: &QueryResult) -> Result<PageRow<Id>, DbErr> {
        let id: Uuid = row.try_get("", ID)?;
        Ok(PageRow { cursor: Cursor { order: self.order, key: self.key.read(row)?, id }, node: Id::from(id) })
    }
}
