//! What outlives the process: jobs and the translation memory, in one SQLite
//! file or in PostgreSQL.
//!
//! Statements are written once for both; where the two differ, both texts stand
//! side by side. They run on a small runtime of the store's own, so that neither
//! the engine nor a request's thread ever waits inside a database driver, and so
//! that connections do not depend on the runtime that first asked for them.

pub mod address;
pub mod clock;
pub mod jobs;
pub mod memory;
pub mod schema;
pub mod usage;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, PgPool, SqlitePool};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::error::{Error, Result};
pub use address::Address;
pub use clock::Clock;

/// Connections at most.
const CONNECTIONS: u32 = 6;
/// How long a statement may wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a statement may wait for another process that writes the file.
const BUSY: Duration = Duration::from_secs(5);
/// How long anything may take before the store counts as lost.
const PATIENCE: Duration = Duration::from_secs(15);

/// The connections to one of the two databases.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A handle to the store; clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: Pool,
    clock: Clock,
    threads: Arc<Threads>,
}

/// The runtime of the store. It may be dropped anywhere.
#[derive(Debug)]
struct Threads(Option<Runtime>);

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Waiting is not allowed where the last handle may be dropped.
            runtime.shutdown_background();
        }
    }
}

/// Runs the same statements on whichever database there is. `$work` is an
/// expression of `Result<_, sqlx::Error>` that owns what it uses.
macro_rules! on {
    ($store:expr, |$pool:ident| $work:expr) => {
        match $store.pool() {
            $crate::store::Pool::Sqlite($pool) => {
                let $pool = $pool.clone();
                $store.run(async move { $work }).await
            }
            $crate::store::Pool::Postgres($pool) => {
                let $pool = $pool.clone();
                $store.run(async move { $work }).await
            }
        }
    };
}
pub(crate) use on;

impl Store {
    /// Opens the store and brings its tables to the newest version. `None` when
    /// it is switched off.
    ///
    /// # Errors
    /// [`Error::Store`] or [`Error::StoreFull`] when it cannot be opened or
    /// written, [`Error::Config`] when a newer Depesche has been here.
    pub fn open(address: &Address, clock: Clock) -> Result<Option<Self>> {
        Self::open_at(address, clock, schema::NEWEST)
    }

    /// As [`Store::open`], up to an older version of the tables.
    pub(crate) fn open_at(address: &Address, clock: Clock, version: usize) -> Result<Option<Self>> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("depesche-store")
            .enable_all()
            .build()
            .map_err(|error| Error::io("starting the store's threads", error))?;
        let threads = Arc::new(Threads(Some(runtime)));
        let (send, opened) = std::sync::mpsc::channel();
        let wanted = address.clone();
        spawn(&threads, async move {
            let connecting = connect(&wanted, version);
            let pool = tokio::time::timeout(PATIENCE, connecting)
                .await
                .unwrap_or_else(|_| Err(no_answer()));
            send.send(pool).ok();
        })?;
        let pool = opened
            .recv()
            .map_err(|_| Error::Internal("opening the store panicked".into()))??;
        Ok(pool.map(|pool| Store {
            pool,
            clock,
            threads,
        }))
    }

    /// Milliseconds since 1970, by the store's clock.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The text for the database that there is.
    pub(crate) fn dialect(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self.pool {
            Pool::Sqlite(_) => sqlite,
            Pool::Postgres(_) => postgres,
        }
    }

    /// Runs work of the store's kind on its threads until it ends by itself.
    ///
    /// # Errors
    /// [`Error::Internal`] when the store is going away.
    pub fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<JoinHandle<T>> {
        spawn(&self.threads, work)
    }

    /// Waits for statements, and tells what went wrong in our words.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        statements: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
    ) -> Result<T> {
        let work = self.spawn(tokio::time::timeout(PATIENCE, statements))?;
        match work.await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(error))) => Err(failure(&error)),
            Ok(Err(_)) => Err(no_answer()),
            Err(_) => Err(Error::Internal("a statement panicked".into())),
        }
    }

    /// Closes the connections; nothing can be asked afterwards.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

fn spawn<T: Send + 'static>(
    threads: &Threads,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<JoinHandle<T>> {
    match &threads.0 {
        Some(runtime) => Ok(runtime.spawn(work)),
        None => Err(Error::Internal("the store is closed".into())),
    }
}

async fn connect(address: &Address, version: usize) -> Result<Option<Pool>> {
    let migrator = schema::up_to(version);
    match address {
        Address::Off => Ok(None),
        Address::Sqlite(path) => {
            let pool = open_file(path).await?;
            let migrated = migrator.run(&pool).await;
            migrated.map_err(|error| migration(error, &path.display().to_string()))?;
            Ok(Some(Pool::Sqlite(pool)))
        }
        Address::Postgres(url) => {
            let options: PgConnectOptions = url
                .parse()
                .map_err(|_| Error::Config("the database's URL is not a PostgreSQL URL".into()))?;
            let pool = PgPoolOptions::new()
                .max_connections(CONNECTIONS)
                .acquire_timeout(CONNECT)
                .connect_with(options.disable_statement_logging())
                .await
                .map_err(|error| failure(&error))?;
            let migrated = migrator.run(&pool).await;
            migrated.map_err(|error| migration(error, "the PostgreSQL database"))?;
            Ok(Some(Pool::Postgres(pool)))
        }
    }
}

async fn open_file(path: &Path) -> Result<SqlitePool> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| {
            Error::Store(format!(
                "the folder {} cannot be made: {error} (--data names another, --database off \
                 runs without a store)",
                folder.display()
            ))
        })?;
    }
    #[cfg(unix)]
    keep_private(path);
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A job that was accepted survives even a loss of power.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .disable_statement_logging();
    SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(CONNECT)
        .connect_with(options)
        .await
        .map_err(|error| match failure(&error) {
            Error::Store(fault) => Error::Store(format!("{}: {fault}", path.display())),
            other => other,
        })
}

/// Makes a new file that only its owner may read, since it will hold articles;
/// what SQLite puts beside it gets the same rights. A failure is told when the
/// file is opened.
#[cfg(unix)]
fn keep_private(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .ok();
}

fn migration(error: sqlx::migrate::MigrateError, place: &str) -> Error {
    use sqlx::migrate::MigrateError;
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            match failure(&error) {
                Error::Store(fault) => Error::Store(format!("{place}: {fault}")),
                other => other,
            }
        }
        MigrateError::VersionMissing(version) => Error::Config(format!(
            "{place} was written by a newer Depesche: its tables have version {version}, and \
             this one knows {NEWEST}",
            NEWEST = schema::NEWEST
        )),
        other => Error::Store(format!("{place}: {other}")),
    }
}

fn no_answer() -> Error {
    Error::Store(format!("no answer within {} s", PATIENCE.as_secs()))
}

/// Whether a text looks like an id of jobs or entries, and may be looked up.
pub fn is_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What a driver's error means for the caller. The drivers' own words about
/// values, which may quote text, are left out.
pub(crate) fn failure(error: &sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(fault) => {
            let code = fault.code().unwrap_or_default();
            match code.as_ref() {
                // SQLITE_FULL; disk_full and out of other room in PostgreSQL.
                "13" | "53100" | "53000" => Error::StoreFull(fault.message().to_owned()),
                _ => Error::Store(fault.message().to_owned()),
            }
        }
        sqlx::Error::Io(fault) if fault.kind() == std::io::ErrorKind::StorageFull => {
            Error::StoreFull(fault.to_string())
        }
        sqlx::Error::Io(fault) => Error::Store(format!("the connection is lost: {fault}")),
        sqlx::Error::PoolTimedOut => Error::Store("no connection within 5 s".into()),
        sqlx::Error::PoolClosed => Error::Store("it is closed".into()),
        sqlx::Error::ColumnDecode { index, .. } => {
            Error::Store(format!("the column {index} is damaged"))
        }
        other => Error::Store(other.to_string()),
    }
}

#[cfg(test)]
pub(crate) mod tests;
