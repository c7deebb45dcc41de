//! What is done at the machine's command line without the use cases around it: who did it, and what signs the row that says so.

use super::LABEL;
use stoa_auth::{Mac, RootKeys};
use stoa_domain::{
    access::Actor,
    audit::{AuditActor, Changes},
    shared::{Fault, Timestamp},
};
use stoa_persistence::{
    Db, Durability,
    audit::{Act, append},
    db::retrying,
};

/// Whoever runs a command, and the key of the log.
#[derive(Clone, Debug)]
pub struct Witness {
    by: AuditActor,
    mac: Mac,
}

impl Witness {
    /// For whoever acts. `roots` are those that the database was opened with.
    ///
    /// # Errors
    /// None that is known; deriving a key has no place to panic.
    pub fn new(by: &Actor, roots: &RootKeys) -> Result<Self, Fault> {
        Ok(Self { by: by.into(), mac: Mac::new(roots, LABEL)? })
    }

    /// Adds a row to the log, in a transaction of its own that survives a power cut, and with it all that was committed before.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn tell(
        &self,
        db: &Db,
        action: &'static str,
        changes: &Changes,
        at: Timestamp,
    ) -> Result<(), Fault> {
        retrying(|| self.tell_once(db, action, changes, at)).await
    }

    async fn tell_once(
        &self,
        db: &Db,
        action: &'static str,
        changes: &Changes,
        at: Timestamp,
    ) -> Result<(), Fault> {
        let tx = db.write(Durability::Full).await?;
        let act = Act { by: self.by.clone(), action, changes, at };
        let head = append(&tx, act, &|row: &[u8]| self.mac.sign(&[row])).await?;
        tx.commit().await?;
        if let Some(head) = head {
            tracing::info!(audit.seq = head.seq, audit.hash = %head.hash, audit.action = action, "the audit log has grown");
        }
        Ok(())
    }
}
