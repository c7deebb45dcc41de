//! Brings the schema up to date, and back.

use super::{Db, MayFault, conn::Raw, error::fault, retrying};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr,
    sea_query::{Func, Query},
};
use stoa_domain::shared::Fault;
use stoa_migrations::{Comparison, Migrator, MigratorTrait, STEPS, compare, note_companions};

/// Any number, as long as nothing else locks by it: "stoa" in ASCII.
const MIGRATION_LOCK: i64 = 0x7374_6f61;

/// Why nothing was undone.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// A newer program, or another one, has been there.
    #[error("the database holds steps that this program does not know, so another has to undo them first: {}", .0.join(", "))]
    Unknown(Vec<String>),
    /// There are not so many.
    #[error("only {0} steps have been applied")]
    TooMany(usize),
    /// What would be lost with which step.
    #[error("it would lose what nothing brings back: {}", .0.join(", "))]
    Loses(Vec<String>),
    /// The database.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl MayFault for UndoError {
    fn fault(&self) -> Option<&Fault> {
        if let Self::Fault(fault) = self { Some(fault) } else { None }
    }
}

impl Db {
    /// Applies every step that is missing, all in one transaction, and tells how many there were. Several processes
    /// may start at once: they take turns, and the later ones find nothing to do. Steps of a newer program that this one can
    /// live with stay as they are.
    ///
    /// # Errors
    /// A step failed (nothing is then changed), or the database holds steps this program cannot live with.
    pub async fn migrate(&self) -> Result<usize, Fault> {
        retrying(|| async {
            let tx = self.migration().await?;
            let applied = up(tx.transaction()).await?;
            tx.commit().await?;
            Ok(applied)
        })
        .await
    }

    /// Undoes the last `steps` steps, or all of them, whatever is lost. For tests.
    ///
    /// # Errors
    /// A step failed; nothing is then changed.
    pub async fn migrate_down(&self, steps: Option<u32>) -> Result<(), Fault> {
        retrying(|| async {
            let tx = self.migration().await?;
            down(tx.transaction(), steps).await.map_err(fault("undoing migrations"))?;
            tx.commit().await
        })
        .await
    }

    /// Undoes the last `steps` steps, all in one transaction, and tells their names. What loses something is undone only where that
    /// is said to be wanted.
    ///
    /// # Errors
    /// It must not be done, or a step failed; nothing is then changed.
    pub async fn undo_migrations(&self, steps: u32, lose: bool) -> Result<Vec<String>, UndoError> {
        retrying(|| async {
            let tx = self.migration().await?;
            let undone = undo(tx.transaction(), steps, lose).await?;
            tx.commit().await?;
            Ok(undone)
        })
        .await
    }

    /// The database's steps beside those of this program; changes nothing.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn compare_migrations(&self) -> Result<Comparison, Fault> {
        let (_place, pool) = self.read().raw().seaorm().await.map_err(fault(COMPARING))?;
        self.in_time(compare(pool)).await.map_err(fault(COMPARING))
    }

    /// The steps that have not been applied yet, by name; changes nothing.
    ///
    /// # Errors
    /// The database cannot be reached, or holds steps this program cannot live with.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, Fault> {
        self.compare_migrations().await.and_then(missing)
    }
}

const COMPARING: &str = "comparing the database with this program";

/// The steps that are missing, of a database that this program may use.
fn missing(comparison: Comparison) -> Result<Vec<String>, Fault> {
    let Comparison { strange, ahead, missing, .. } = comparison;
    if !strange.is_empty() {
        let why = format!(
            "it holds steps of another program that this one cannot live with ({}): start the newer program, or have it undo them \
             by `stoa migrate --down`",
            strange.join(", "),
        );
        return Err(Fault::internal(COMPARING, why));
    }
    // Their order was another there, and who knows what they make of one another.
    if !ahead.is_empty() && !missing.is_empty() {
        let why = format!("it holds {}, but lacks {}", ahead.join(", "), missing.join(", "));
        return Err(Fault::internal(COMPARING, why));
    }
    Ok(missing)
}

async fn up(connection: &DatabaseTransaction) -> Result<usize, Fault> {
    let applying = || fault("migrating the database");
    take_turn(connection).await.map_err(applying())?;
    let missing = missing(compare(connection).await.map_err(fault(COMPARING))?)?;
    if !missing.is_empty() {
        Migrator::up(connection, None).await.map_err(applying())?;
        note_companions(connection).await.map_err(applying())?;
    }
    Ok(missing.len())
}

async fn down(connection: &DatabaseTransaction, steps: Option<u32>) -> Result<(), DbErr> {
    take_turn(connection).await?;
    Migrator::down(connection, steps).await?;
    note_companions(connection).await
}

async fn undo(connection: &DatabaseTransaction, steps: u32, lose: bool) -> Result<Vec<String>, UndoError> {
    take_turn(connection).await.map_err(fault("undoing migrations"))?;
    let Comparison { applied, ahead, strange, .. } = compare(connection).await.map_err(fault(COMPARING))?;
    let unknown: Vec<String> = ahead.into_iter().chain(strange).collect();
    if !unknown.is_empty() {
        return Err(UndoError::Unknown(unknown));
    }
    let rest = applied.len().checked_sub(steps as usize).ok_or(UndoError::TooMany(applied.len()))?;
    let undone: Vec<String> = applied[rest..].iter().rev().cloned().collect();
    let lost = |name: &String| {
        let step = STEPS.iter().find(|step| step.name() == *name)?;
        step.lost().map(|what| format!("{what} ({name})"))
    };
    let lost: Vec<String> = undone.iter().filter_map(lost).collect();
    if !lost.is_empty() && !lose {
        return Err(UndoError::Loses(lost));
    }
    down(connection, Some(steps)).await.map_err(fault("undoing migrations"))?;
    Ok(undone)
}

/// One process changes the tables at a time.
async fn take_turn(connection: &DatabaseTransaction) -> Result<(), DbErr> {
    if connection.get_database_backend() == DbBackend::Postgres {
        // A new index may take as long as it takes.
        connection.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        // SQLite's single writer already makes others wait.
        let lock = Query::select().expr(Func::cust("pg_advisory_xact_lock").arg(MIGRATION_LOCK)).take();
        connection.execute(&lock).await?;
    }
    Ok(())
}
