//! The table of the translation memory.

use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::{Store, on};
use crate::error::Result;

/// A remembered segment as it lies in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Made from source and scope, so that equal work has one entry.
    pub id: String,
    pub source_hash: String,
    /// What model, adapter and options come to.
    pub scope: String,
    /// One line of German.
    pub source: String,
    /// The English that is served.
    pub target: String,
    /// What the model wrote first, where that is not the target.
    pub draft: Option<String>,
    pub model: String,
    pub adapter: String,
    pub options: String,
    /// An editor wrote the target.
    pub edited: bool,
    pub hits: i64,
    /// Milliseconds since 1970.
    pub created: i64,
    pub updated: i64,
    pub checksum: String,
}

impl Record {
    /// What the checksum must be.
    pub fn expected_checksum(&self) -> String {
        let edited = if self.edited { "1" } else { "0" };
        digest(&[
            &self.id,
            &self.source_hash,
            &self.scope,
            &self.source,
            &self.target,
            self.draft.as_deref().unwrap_or("\0"),
            edited,
        ])
    }

    /// The record with the checksum that fits it.
    pub fn sealed(mut self) -> Self {
        self.checksum = self.expected_checksum();
        self
    }

    /// Whether it is what was once written.
    pub fn is_intact(&self) -> bool {
        self.checksum == self.expected_checksum()
    }
}

/// SHA-256 of parts that cannot run into each other, in hexadecimal digits.
pub fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl<'r, R: Row> FromRow<'r, R> for Record
where
    &'static str: ColumnIndex<R>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Record {
            id: row.try_get("id")?,
            source_hash: row.try_get("source_hash")?,
            scope: row.try_get("scope")?,
            source: row.try_get("source")?,
            target: row.try_get("target")?,
            draft: row.try_get("draft")?,
            model: row.try_get("model")?,
            adapter: row.try_get("adapter")?,
            options: row.try_get("options")?,
            edited: row.try_get::<i64, _>("edited")? != 0,
            hits: row.try_get("hits")?,
            created: row.try_get("created")?,
            updated: row.try_get("updated")?,
            checksum: row.try_get("checksum")?,
        })
    }
}

/// Records, and how many more there were that are damaged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub records: Vec<Record>,
    pub damaged: usize,
}

impl Found {
    fn of(rows: impl IntoIterator<Item = Result<Record, sqlx::Error>>) -> Self {
        let mut found = Found::default();
        for row in rows {
            match row {
                Ok(record) if record.is_intact() => found.records.push(record),
                Ok(_) | Err(_) => found.damaged += 1,
            }
        }
        found
    }
}

/// Numbers about the whole memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub entries: i64,
    /// Entries whose English an editor wrote.
    pub edited: i64,
    /// How often entries were served.
    pub hits: i64,
}

impl Store {
    /// Entries for these sources: those of the scope, and those that an editor
    /// wrote, whatever their scope.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn recall(&self, source_hashes: &[String], scope: &str) -> Result<Found> {
        let sql = self.dialect(
            "SELECT * FROM memory WHERE source_hash IN (SELECT value FROM json_each($1))
             AND (scope = $2 OR edited = 1)",
            "SELECT * FROM memory WHERE source_hash IN
             (SELECT jsonb_array_elements_text($1::jsonb)) AND (scope = $2 OR edited = 1)",
        );
        let hashes = serde_json::json!(source_hashes).to_string();
        let scope = scope.to_owned();
        on!(self, |pool| {
            let rows = sqlx::query(sql)
                .bind(hashes)
                .bind(scope)
                .fetch_all(&pool)
                .await?;
            Ok(Found::of(rows.iter().map(Record::from_row)))
        })
    }

    /// Writes records in one transaction. What an editor wrote is replaced only
    /// by what an editor wrote.
    ///
    /// # Errors
    /// Those of the store; then nothing was written.
    pub async fn memorise(&self, records: Vec<Record>) -> Result<()> {
        on!(self, |pool| {
            let mut transaction = pool.begin().await?;
            for record in records {
                sqlx::query(
                    "INSERT INTO memory (id, source_hash, scope, source, target, draft, model,
                     adapter, options, edited, hits, created, updated, checksum)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                     ON CONFLICT (id) DO UPDATE SET source = excluded.source,
                     source_hash = excluded.source_hash, scope = excluded.scope,
                     target = excluded.target, draft = excluded.draft,
                     edited = excluded.edited, updated = excluded.updated,
                     checksum = excluded.checksum
                     WHERE memory.edited = 0 OR excluded.edited = 1",
                )
                .bind(record.id)
                .bind(record.source_hash)
                .bind(record.scope)
                .bind(record.source)
                .bind(record.target)
                .bind(record.draft)
                .bind(record.model)
                .bind(record.adapter)
                .bind(record.options)
                .bind(i64::from(record.edited))
                .bind(record.hits)
                .bind(record.created)
                .bind(record.updated)
                .bind(record.checksum)
                .execute(&mut *transaction)
                .await?;
            }
            transaction.commit().await
        })
    }

    /// Counts that entries were served, each as often as it stands in the list.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn count_hits(&self, ids: Vec<String>) -> Result<()> {
        let mut sorted = ids;
        // One order for everybody: two transactions cannot wait for each other.
        sorted.sort_unstable();
        let mut counted: Vec<(String, i64)> = Vec::new();
        for id in sorted {
            match counted.last_mut() {
                Some((last, count)) if *last == id => *count += 1,
                _ => counted.push((id, 1)),
            }
        }
        on!(self, |pool| {
            let mut transaction = pool.begin().await?;
            for (id, count) in counted {
                sqlx::query("UPDATE memory SET hits = hits + $2 WHERE id = $1")
                    .bind(id)
                    .bind(count)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await
        })
    }

    /// One entry.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn memory_entry(&self, id: &str) -> Result<Found> {
        let id = id.to_owned();
        on!(self, |pool| {
            let rows = sqlx::query("SELECT * FROM memory WHERE id = $1")
                .bind(id)
                .fetch_all(&pool)
                .await?;
            Ok(Found::of(rows.iter().map(Record::from_row)))
        })
    }

    /// A page of entries by id, behind `after`, whose source or target holds the
    /// words; the second part is the last id that was looked at, damaged or not.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn memory_page(
        &self,
        words: &str,
        after: &str,
        limit: i64,
    ) -> Result<(Found, Option<String>)> {
        let pattern = like(words);
        let after = after.to_owned();
        on!(self, |pool| {
            let rows = sqlx::query(
                "SELECT * FROM memory WHERE id > $1 AND (lower(source) LIKE lower($2) ESCAPE '!'
                 OR lower(target) LIKE lower($2) ESCAPE '!') ORDER BY id LIMIT $3",
            )
            .bind(after)
            .bind(pattern)
            .bind(limit)
            .fetch_all(&pool)
            .await?;
            let last = match rows.last() {
                Some(row) => Some(row.try_get::<String, _>("id")?),
                None => None,
            };
            Ok((Found::of(rows.iter().map(Record::from_row)), last))
        })
    }

    /// Numbers about the memory.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn memory_totals(&self) -> Result<Totals> {
        on!(self, |pool| {
            let (entries, edited, hits) = sqlx::query_as::<_, (i64, i64, i64)>(
                "SELECT count(*), CAST(coalesce(sum(edited), 0) AS BIGINT),
                 CAST(coalesce(sum(hits), 0) AS BIGINT) FROM memory",
            )
            .fetch_one(&pool)
            .await?;
            Ok(Totals {
                entries,
                edited,
                hits,
            })
        })
    }
}

/// A pattern for texts that hold the words as they stand.
fn like(words: &str) -> String {
    let mut pattern = String::from("%");
    for character in words.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
