//! Brings the schema up to date.

use super::{Db, Durability, conn::Raw, error::fault, retrying};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr,
    sea_query::{Func, Query},
};
use stoa_domain::shared::Fault;
use stoa_migrations::{Migrator, MigratorTrait};

/// Any number, as long as nothing else locks by it: "stoa" in ASCII.
const MIGRATION_LOCK: i64 = 0x7374_6f61;

impl Db {
    /// Applies every step that is missing, all in one transaction, and tells how many there were. Several processes
    /// may start at once: they take turns, and the later ones find nothing to do.
    ///
    /// # Errors
    /// A step failed (nothing is then changed), or the database holds steps this program does not know.
    pub async fn migrate(&self) -> Result<usize, Fault> {
        retrying(|| async {
            let tx = self.write(Durability::Full).await?;
            let pending = up(tx.transaction().unbounded()).await.map_err(fault("migrating the database"))?;
            tx.commit().await?;
            Ok(pending)
        })
        .await
    }

    /// Undoes the last `steps` steps, or all of them. For tests and for a person who knows what is lost.
    ///
    /// # Errors
    /// A step failed; nothing is then changed.
    pub async fn migrate_down(&self, steps: Option<u32>) -> Result<(), Fault> {
        retrying(|| async {
            let tx = self.write(Durability::Full).await?;
            Migrator::down(tx.transaction().unbounded(), steps).await.map_err(fault("undoing migrations"))?;
            tx.commit().await
        })
        .await
    }

    /// The steps that have not been applied yet, by name; changes nothing.
    ///
    /// # Errors
    /// The database cannot be reached, or holds steps this program does not know.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, Fault> {
        let pending = self
            .in_time(Migrator::get_pending_migrations_read_only(self.read().raw().unbounded()))
            .await
            .map_err(fault("reading which migrations are pending"))?;
        Ok(pending.iter().map(|step| step.name().to_owned()).collect())
    }
}

async fn up<C>(connection: &C) -> Result<usize, DbErr>
where
    C: ConnectionTrait,
    for<'a> &'a C: sea_orm::IntoDatabaseExecutor<'a>,
{
    if connection.get_database_backend() == DbBackend::Postgres {
        // A new index may take as long as it takes.
        connection.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        // SQLite's single writer already makes others wait.
        let lock = Query::select().expr(Func::cust("pg_advisory_xact_lock").arg(MIGRATION_LOCK)).take();
        connection.execute(&lock).await?;
    }
    let pending = Migrator::get_pending_migrations(connection).await?.len();
    Migrator::up(connection, None).await?;
    Ok(pending)
}
