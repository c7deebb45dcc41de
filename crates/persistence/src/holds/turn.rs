//! Whose turn it is to change a cart's holds.

use crate::db::{Raw, WriteTx, fault};
use sea_orm::{
    ConnectionTrait, DbBackend,
    sea_query::{Func, Query},
};
use stoa_domain::shared::{CartId, Fault};

/// Sets these locks apart from others of the database.
const CLASS: i32 = 0x63_61_72_74; // "cart" in ASCII

/// Waits until no other transaction is changing what this cart holds, and makes others wait for this one.
///
/// Comes before any lock on a fence. Two carts may share a lock: they then take turns without need, no more.
pub(super) async fn of_cart(tx: &WriteTx, cart: CartId) -> Result<(), Fault> {
    if tx.raw().get_database_backend() == DbBackend::Sqlite {
        return Ok(()); // there is one writer, and this is it
    }
    let [a, b, c, d, ..] = *cart.uuid().as_bytes();
    let key = i32::from_be_bytes([a, b, c, d]);
    let lock = Query::select().expr(Func::cust("pg_advisory_xact_lock").arg(CLASS).arg(key)).take();
    tx.raw().execute(&lock).await.map(drop).map_err(fault("holds.turn"))
}
