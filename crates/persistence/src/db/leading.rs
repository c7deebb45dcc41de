//! Which of several instances does what one of them does at a time.

use super::{Raw, WriteTx, fault};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, Func, Query},
};
use stoa_domain::shared::Fault;

/// What one instance does at a time, as the first number of its lock.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub(crate) enum Leading {
    /// Sweeping carts. In ASCII "swpc".
    SweepCarts = 0x73_77_70_63,
    /// Sweeping holds. In ASCII "swph".
    SweepHolds = 0x73_77_70_68,
}

/// Whether it is this transaction's, until its end; false while another one has it, for which nobody waits. SQLite's writer is alone.
pub(crate) async fn leads(tx: &WriteTx, what: Leading) -> Result<bool, Fault> {
    if tx.is_alone() {
        return Ok(true);
    }
    // Shops that share a database have schemas of their own.
    let shop = Expr::cust("hashtext(current_schema())");
    let lock = Func::cust("pg_try_advisory_xact_lock").arg(what as i32).arg(shop);
    let row = tx.raw().query_one(&Query::select().expr(lock).take()).await.map_err(fault("db.leads"))?;
    let row = row.ok_or(Fault::bug("db.leads: no answer"))?;
    row.try_get_by_index(0).map_err(fault("db.leads"))
}
