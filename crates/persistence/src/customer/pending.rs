//! Accounts that were never begun. Anybody may register with anybody's address: what nobody has proved for long is taken away.

use super::{
    entities::{customers, members, tags},
    write::{hold, remove_terms},
};
use crate::{
    account::{self, token_rows as tokens},
    db::{Conn, Raw, WriteTx, fault, stored},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use stoa_domain::{
    account::{Realm, TokenKind},
    shared::{CustomerId, Fault, Timestamp},
};
use uuid::Uuid;

/// Accounts that wait for their address to be proved since `before`, to which no link leads any more, and that staff have neither
/// tagged nor grouped nor noted anything about; the oldest first, at most so many.
///
/// # Errors
/// The database does not answer.
pub async fn pending_over(
    conn: &impl Conn,
    before: Timestamp,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<CustomerId>, Fault> {
    let found: Vec<Uuid> = customers::Entity::find()
        .select_only()
        .column(customers::Column::Id)
        .filter(over(before, now))
        .order_by_asc(customers::Column::UpdatedAt)
        .limit(limit)
        .into_tuple()
        .all(conn.raw())
        .await
        .map_err(fault("customer.pending_over"))?;
    Ok(found.into_iter().map(CustomerId::new).collect())
}

/// Takes such an account away, with its links; false if it is none any more. One who registers with the address at this very moment
/// comes before that, and the account stays, or after it, and begins another.
///
/// # Errors
/// The database does not answer.
pub async fn remove_pending(
    tx: &WriteTx,
    id: CustomerId,
    before: Timestamp,
    now: Timestamp,
) -> Result<bool, Fault> {
    if hold(tx, id).await?.is_none() {
        return Ok(false);
    }
    let still = customers::Entity::find_by_id(id.uuid()).filter(over(before, now)).one(tx.raw()).await;
    if still.map_err(fault("customer.remove_pending"))?.is_none() {
        return Ok(false);
    }
    remove_terms(tx, id).await?;
    account::forget(tx, Realm::Customer, id.uuid()).await?;
    let gone = customers::Entity::delete_by_id(id.uuid()).exec(tx.raw()).await;
    Ok(gone.map_err(fault("customer.remove_pending"))?.rows_affected == 1)
}

fn over(before: Timestamp, now: Timestamp) -> Condition {
    use customers::Column as C;
    // A link counts as long as it works: one that was sent again begins the account as well as the first.
    let linked = Query::select()
        .expr(Expr::value(1))
        .from(tokens::Entity)
        .and_where(Expr::col((tokens::Entity, tokens::Column::SubjectId)).equals((customers::Entity, C::Id)))
        .and_where(Expr::col((tokens::Entity, tokens::Column::Realm)).eq(Realm::Customer.name()))
        .and_where(Expr::col((tokens::Entity, tokens::Column::Kind)).eq(TokenKind::Activate.name()))
        .and_where(Expr::col((tokens::Entity, tokens::Column::UsedAt)).is_null())
        .and_where(Expr::col((tokens::Entity, tokens::Column::ExpiresAt)).gt(stored(now)))
        .take();
    Condition::all()
        .add(C::State.eq("pending"))
        .add(C::UpdatedAt.lt(stored(before)))
        .add(C::Note.is_null())
        .add(Expr::exists(linked).not())
        .add(C::Id.not_in_subquery(of::<tags::Entity>(tags::Column::CustomerId)))
        .add(C::Id.not_in_subquery(of::<members::Entity>(members::Column::CustomerId)))
}

fn of<E: EntityTrait>(customer: E::Column) -> SelectStatement {
    E::find().select_only().column(customer).into_query()
}
