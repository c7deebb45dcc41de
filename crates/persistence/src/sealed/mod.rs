//! The columns that are kept sealed, and sealing them anew: what an older key has sealed, and what was written before anything was,
//! so that the older key can go.

#[cfg(test)]
mod tests;

use crate::{
    account::{CHALLENGE_BODY, PRIVATE_KEY, TOKEN_BODY, signing_key_row},
    customer::{ADDRESS, PHONE},
    db::{Conn, OrderSealer, Raw, Seals, WriteTx, fault},
    lookup_key, order,
    staff::TOTP_SECRET,
};
use sea_orm::{
    ConnectionTrait, DbErr, QueryResult,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use stoa_domain::shared::{Fault, Sealer};
use uuid::Uuid;

/// A column that is kept sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealedColumn {
    /// Customers' telephone numbers.
    CustomerPhone,
    /// The addresses of customers' books.
    CustomerAddress,
    /// What links in mails carry out.
    TokenBody,
    /// What sign-ins wait for.
    ChallengeBody,
    /// The secrets of second factors.
    TotpSecret,
    /// The private halves of the keys that tokens are signed with.
    SigningKey,
    /// The keys under which codes and addresses are looked up.
    LookupKey,
    /// The telephone numbers of orders. Of orders nothing is due to be sealed as long as they are not, and what is sealed is opened
    /// then.
    OrderPhone,
    /// The addresses of orders.
    OrderAddress,
    /// The notes of orders.
    OrderNote,
}

impl SealedColumn {
    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::CustomerPhone,
        Self::CustomerAddress,
        Self::TokenBody,
        Self::ChallengeBody,
        Self::TotpSecret,
        Self::SigningKey,
        Self::LookupKey,
        Self::OrderPhone,
        Self::OrderAddress,
        Self::OrderNote,
    ];

    /// The table and the column, as `table.column`: what a sealed text is bound to.
    pub const fn place(self) -> &'static str {
        match self {
            Self::CustomerPhone => PHONE,
            Self::CustomerAddress => ADDRESS,
            Self::TokenBody => TOKEN_BODY,
            Self::ChallengeBody => CHALLENGE_BODY,
            Self::TotpSecret => TOTP_SECRET,
            Self::SigningKey => PRIVATE_KEY,
            Self::LookupKey => lookup_key::KEY,
            Self::OrderPhone => order::PHONE,
            Self::OrderAddress => order::ADDRESS,
            Self::OrderNote => order::NOTE,
        }
    }

    /// What opens and seals it.
    fn sealer(self, seals: &Seals) -> ColumnSealer<'_> {
        match self {
            Self::OrderPhone | Self::OrderAddress | Self::OrderNote => ColumnSealer::Order(seals.of_orders()),
            _ => ColumnSealer::Any(&**seals),
        }
    }

    /// The column that rows are walked by.
    const fn key(self) -> &'static str {
        match self {
            Self::SigningKey => "public_key",
            Self::LookupKey => "purpose",
            _ => "id",
        }
    }

    /// Table and column.
    fn parts(self) -> (&'static str, &'static str) {
        self.place().split_once('.').unwrap_or((self.place(), ""))
    }
}

/// One of the two ways in which a database seals.
enum ColumnSealer<'a> {
    Order(OrderSealer<'a>),
    Any(&'a dyn Sealer),
}

impl ColumnSealer<'_> {
    fn get(&self) -> &dyn Sealer {
        match self {
            Self::Order(sealer) => sealer,
            Self::Any(sealer) => *sealer,
        }
    }
}

/// A row with a sealed text.
struct Row {
    /// Which; for a signing key, the key itself; for a key to look things up by, its purpose.
    key: Vec<u8>,
    /// What it is sealed for.
    id: Uuid,
    text: String,
}

/// How far a walk over a column has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Behind which row it goes on; `None`: there is nothing left.
    pub next: Option<Vec<u8>>,
    /// How many texts were not as they would be sealed now.
    pub old: u64,
}

/// Seals anew, of the next `limit` rows of a column behind `after`, what is not as it would be sealed now. What somebody has changed
/// since it was read is left as it is: it was sealed anew by that.
///
/// # Errors
/// The database does not answer, or a text cannot be opened: its key is not there. Nothing of this step is changed then.
pub async fn reseal(
    tx: &WriteTx,
    column: SealedColumn,
    after: Option<&[u8]>,
    limit: u64,
) -> Result<Walked, Fault> {
    let (table, name) = column.parts();
    let rows = rows(tx, column, after, limit).await?;
    let next = next(&rows, limit);
    let mut old = 0;
    let sealer = column.sealer(tx.seals());
    let sealer = sealer.get();
    for row in rows.into_iter().filter(|row| !sealer.is_current(&row.text)) {
        let plain = sealer.open(column.place(), row.id, &row.text)?;
        let anew = sealer.seal(column.place(), row.id, &plain)?;
        let mut update = Query::update();
        update
            .table(table)
            .value(name, anew)
            .and_where(Expr::col(column.key()).eq(key_value(column, &row.key)?))
            .and_where(Expr::col(name).eq(row.text));
        let written = tx.raw().execute(&update).await.map_err(fault("sealed.reseal"))?;
        old += written.rows_affected();
    }
    Ok(Walked { next, old })
}

/// Counts, among the next `limit` rows of a column behind `after`, what is not as it would be sealed now. Changes nothing.
///
/// # Errors
/// The database does not answer.
pub async fn old_seals(
    conn: &impl Conn,
    column: SealedColumn,
    after: Option<&[u8]>,
    limit: u64,
) -> Result<Walked, Fault> {
    let rows = rows(conn, column, after, limit).await?;
    let sealer = column.sealer(conn.seals());
    let old = rows.iter().filter(|row| !sealer.get().is_current(&row.text)).count();
    Ok(Walked { next: next(&rows, limit), old: old as u64 })
}

/// A full page may have rows behind it.
fn next(rows: &[Row], limit: u64) -> Option<Vec<u8>> {
    let full = rows.len() as u64 >= Ord::max(limit, 1);
    rows.last().filter(|_| full).map(|row| row.key.clone())
}

async fn rows(
    conn: &impl Raw,
    column: SealedColumn,
    after: Option<&[u8]>,
    limit: u64,
) -> Result<Vec<Row>, Fault> {
    let (table, name) = column.parts();
    let mut query = Query::select();
    query
        .columns([column.key(), name])
        .from(table)
        .and_where(Expr::col(name).is_not_null())
        .order_by(column.key(), Order::Asc)
        .limit(Ord::max(limit, 1));
    if let Some(after) = after {
        query.and_where(Expr::col(column.key()).gt(key_value(column, after)?));
    }
    let rows = conn.raw().query_all(&query).await.map_err(fault("sealed.rows"))?;
    rows.iter().map(|row| read(column, row)).collect()
}

fn read(column: SealedColumn, row: &QueryResult) -> Result<Row, Fault> {
    let unreadable = |error: DbErr| fault("sealed.rows")(error);
    let text = row.try_get("", column.parts().1).map_err(unreadable)?;
    if column == SealedColumn::SigningKey {
        let key: Vec<u8> = row.try_get("", column.key()).map_err(unreadable)?;
        return Ok(Row { id: signing_key_row(&key)?, key, text });
    }
    if column == SealedColumn::LookupKey {
        let purpose: String = row.try_get("", column.key()).map_err(unreadable)?;
        return Ok(Row { id: lookup_key::row_of(&purpose), key: purpose.into_bytes(), text });
    }
    let id: Uuid = row.try_get("", column.key()).map_err(unreadable)?;
    Ok(Row { key: id.as_bytes().to_vec(), id, text })
}

/// A row's key as a value of its column.
fn key_value(column: SealedColumn, key: &[u8]) -> Result<sea_orm::Value, Fault> {
    if column == SealedColumn::SigningKey {
        return Ok(key.to_vec().into());
    }
    if column == SealedColumn::LookupKey {
        return Ok(String::from_utf8_lossy(key).into_owned().into());
    }
    let id = Uuid::from_slice(key).map_err(|error| Fault::internal("sealed.key", error))?;
    Ok(id.into())
}
