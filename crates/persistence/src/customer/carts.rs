//! Which cart is a customer's. Where the cart itself is kept is another matter.

use super::{entities::carts, write::hold};
use crate::db::{Conn, Raw, WriteTx, fault, stored};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use stoa_domain::shared::{CartId, CustomerId, Fault, Timestamp};

/// A customer's cart.
///
/// # Errors
/// The database does not answer.
pub async fn cart_of(conn: &impl Conn, of: CustomerId) -> Result<Option<CartId>, Fault> {
    let row = carts::Entity::find_by_id(of.uuid()).one(conn.raw()).await.map_err(fault("customer.cart"))?;
    Ok(row.map(|row| CartId::new(row.cart_id)))
}

/// Makes a cart a customer's, unless they have one; gives the one they have then. Of two at once one becomes theirs, and both are
/// told which. `None` if there is no such customer.
///
/// # Errors
/// The database does not answer.
pub async fn keep_cart(
    tx: &WriteTx,
    of: CustomerId,
    cart: CartId,
    now: Timestamp,
) -> Result<Option<CartId>, Fault> {
    if hold(tx, of).await?.is_none() {
        return Ok(None);
    }
    let row = carts::ActiveModel {
        customer_id: Set(of.uuid()),
        cart_id: Set(cart.uuid()),
        updated_at: Set(stored(now)),
    };
    let known = OnConflict::column(carts::Column::CustomerId).do_nothing().to_owned();
    match carts::Entity::insert(row).on_conflict(known).exec_without_returning(tx.raw()).await {
        Ok(1) => Ok(Some(cart)),
        Ok(_) | Err(DbErr::RecordNotInserted) => cart_of(tx, of).await,
        Err(error) => Err(fault("customer.keep_cart")(error)),
    }
}

/// Gives a customer another cart in the place of the one they had: it has become an order, or is gone. False, and nothing changed,
/// if they have yet another by now.
///
/// # Errors
/// The database does not answer.
pub async fn replace_cart(
    tx: &WriteTx,
    of: CustomerId,
    (old, new): (CartId, CartId),
    now: Timestamp,
) -> Result<bool, Fault> {
    if hold(tx, of).await?.is_none() {
        return Ok(false);
    }
    let replaced = carts::Entity::update_many()
        .col_expr(carts::Column::CartId, Expr::value(new.uuid()))
        .col_expr(carts::Column::UpdatedAt, Expr::value(stored(now)))
        .filter(carts::Column::CustomerId.eq(of.uuid()))
        .filter(carts::Column::CartId.eq(old.uuid()))
        .exec(tx.raw())
        .await
        .map_err(fault("customer.replace_cart"))?;
    Ok(replaced.rows_affected == 1)
}

pub(super) async fn forget_cart(tx: &WriteTx, of: CustomerId) -> Result<(), Fault> {
    carts::Entity::delete_by_id(of.uuid())
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("customer.forget_cart"))
}
