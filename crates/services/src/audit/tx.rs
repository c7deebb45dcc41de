//! A transaction that cannot be committed without saying what it has changed.

use crate::Context;
use stoa_domain::{
    access::Permit,
    audit::{AuditActor, Changes, Head},
    shared::Fault,
};
use stoa_persistence::{
    Durability, WriteTx,
    audit::{Act, append},
};

/// A transaction of somebody who acts for the shop. Dropped without [`commit`](Self::commit), nothing has happened.
pub(crate) struct AuditedTx<'a> {
    ctx: &'a Context,
    tx: WriteTx,
    by: AuditActor,
}

impl<'a> AuditedTx<'a> {
    /// Begins one for whoever has the permit.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn begin<G>(ctx: &'a Context, by: &Permit<G>) -> Result<Self, Fault> {
        Self::begin_by(ctx, by.actor().into()).await
    }

    /// Begins one for who has no permit and needs none: members of staff who are about to sign in, and the program itself.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn begin_by(ctx: &'a Context, by: AuditActor) -> Result<Self, Fault> {
        Ok(Self { ctx, tx: ctx.db().write(Durability::Full).await?, by })
    }

    /// The transaction itself.
    pub(crate) const fn tx(&self) -> &WriteTx {
        &self.tx
    }

    /// Writes the row of the log, commits, and gives the log's new end. [`Changes::none`] says that nothing was done: then no row is
    /// written.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn commit(self, action: &'static str, changes: &Changes) -> Result<Option<Head>, Fault> {
        let Self { ctx, tx, by } = self;
        let mac = &ctx.ports.auth.audit;
        let act = Act { by, action, changes, at: ctx.now() };
        // Last: whoever else wants to add a row waits from here to the commit.
        let head = append(&tx, act, &|row: &[u8]| mac.sign(&[row])).await?;
        tx.commit().await?;
        if let Some(head) = head {
            // An old end that somebody puts back into the database is told by what the program's own log says.
            tracing::info!(audit.seq = head.seq, audit.hash = %head.hash, audit.action = action, "the audit log has grown");
        }
        Ok(head)
    }
}
