//! The versions of the tables. A version that was released never changes: what
//! comes next is a new file.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Every version, oldest first.
const VERSIONS: [(&str, &str); 3] = [
    ("memory", include_str!("migrations/0001_memory.sql")),
    ("jobs", include_str!("migrations/0002_jobs.sql")),
    ("usage", include_str!("migrations/0003_usage.sql")),
];

/// The newest version.
pub const NEWEST: usize = VERSIONS.len();

/// What leads from any version to the one called `version`, counted from 1.
pub fn up_to(version: usize) -> Migrator {
    let migrations = VERSIONS
        .iter()
        .take(version)
        .zip(1..)
        .map(|((name, sql), number)| {
            Migration::new(
                number,
                Cow::Borrowed(*name),
                MigrationType::Simple,
                sql.into_sql_str(),
                false,
            )
        })
        .collect();
    Migrator::with_migrations(migrations)
}
