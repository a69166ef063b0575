//! The table of what each key had translated in a month.

use super::{Store, on};
use crate::error::Result;

impl Store {
    /// Adds characters and requests to the month of a key; its sums, to which
    /// other processes may have added as well.
    ///
    /// # Errors
    /// Those of the store; then nothing was added.
    pub async fn add_usage(
        &self,
        name: &str,
        month: &str,
        added: (i64, i64),
    ) -> Result<(i64, i64)> {
        let (name, month) = (name.to_owned(), month.to_owned());
        on!(self, |pool| {
            sqlx::query_as(
                "INSERT INTO usage (name, month, characters, requests) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (name, month) DO UPDATE SET
                 characters = usage.characters + excluded.characters,
                 requests = usage.requests + excluded.requests
                 RETURNING characters, requests",
            )
            .bind(name)
            .bind(month)
            .bind(added.0)
            .bind(added.1)
            .fetch_one(&pool)
            .await
        })
    }

    /// Names, characters and requests of a month.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn usage_of(&self, month: &str) -> Result<Vec<(String, i64, i64)>> {
        let month = month.to_owned();
        on!(self, |pool| {
            sqlx::query_as(
                "SELECT name, characters, requests FROM usage WHERE month = $1 ORDER BY name",
            )
            .bind(month)
            .fetch_all(&pool)
            .await
        })
    }
}
