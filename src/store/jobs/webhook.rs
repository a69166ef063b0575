//! The webhooks of jobs that are over: which are due, and what became of them.

use super::JobRow;
use crate::error::Result;
use crate::store::{Store, on};

impl Store {
    /// Takes a finished job whose webhook is to be told now; unless that is
    /// settled before, it is due again after `pause`.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn claim_webhook(&self, pause: i64) -> Result<Option<JobRow>> {
        let sql = self.dialect(
            "UPDATE jobs SET webhook_attempts = webhook_attempts + 1, webhook_next = $2
             WHERE id = (SELECT id FROM jobs WHERE webhook_state = 'pending'
                 AND webhook_next <= $1 ORDER BY webhook_next LIMIT 1) RETURNING *",
            "UPDATE jobs SET webhook_attempts = webhook_attempts + 1, webhook_next = $2
             WHERE id = (SELECT id FROM jobs WHERE webhook_state = 'pending'
                 AND webhook_next <= $1 ORDER BY webhook_next LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING *",
        );
        let now = self.now();
        on!(self, |pool| {
            sqlx::query_as(sql)
                .bind(now)
                .bind(now + pause)
                .fetch_optional(&pool)
                .await
        })
    }

    /// Says what became of a webhook: `delivered`, `failed`, or `pending` until
    /// it is due again.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn settle_webhook(&self, id: &str, state: &'static str, next: i64) -> Result<()> {
        let id = id.to_owned();
        on!(self, |pool| {
            sqlx::query("UPDATE jobs SET webhook_state = $2, webhook_next = $3 WHERE id = $1")
                .bind(id)
                .bind(state)
                .bind(next)
                .execute(&pool)
                .await
                .map(drop)
        })
    }
}
