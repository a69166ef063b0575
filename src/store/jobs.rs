//! The table of jobs.
//!
//! A job is worked on under a lease: the process that took it renews it, and
//! once it has run out anybody may take the job again. Each taking has a number
//! of its own, so that only the last one can finish the job, and only once.

mod lease;
mod row;
mod webhook;

use super::{Store, is_id, on};
use crate::error::{Error, Result};
pub use lease::{Outcome, Segments, Ticket};
pub use row::{JobRow, State};

/// A job that is to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    pub id: String,
    pub kind: &'static str,
    /// JSON.
    pub request: String,
    pub request_hash: String,
    pub idempotency_key: Option<String>,
    pub webhook: Option<String>,
    pub client: String,
}

/// Which page of jobs is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub state: Option<State>,
    /// Only jobs that were accepted before the one with this id.
    pub before: Option<String>,
    /// Only jobs of this client.
    pub client: Option<String>,
    pub limit: i64,
}

impl Store {
    /// Accepts a job. Once this has returned, the job survives the process.
    /// The second part says whether it was accepted now, or before under the
    /// same idempotency key.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the key stands for another request, and those of
    /// the store.
    pub async fn accept(&self, job: NewJob) -> Result<(JobRow, bool)> {
        let now = self.now();
        let hash = job.request_hash.clone();
        let (row, new): (JobRow, bool) = on!(self, |pool| {
            let webhook_state = job.webhook.as_ref().map(|_| "waiting");
            let inserted = sqlx::query_as::<_, JobRow>(
                "INSERT INTO jobs (id, kind, request, request_hash, idempotency_key, state,
                 created, webhook, webhook_state, client)
                 VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, $8, $9)
                 ON CONFLICT (idempotency_key) DO NOTHING RETURNING *",
            )
            .bind(job.id)
            .bind(job.kind)
            .bind(job.request)
            .bind(job.request_hash)
            .bind(job.idempotency_key.clone())
            .bind(now)
            .bind(job.webhook)
            .bind(webhook_state)
            .bind(job.client)
            .fetch_optional(&pool)
            .await?;
            if let Some(row) = inserted {
                return Ok((row, true));
            }
            let earlier =
                sqlx::query_as::<_, JobRow>("SELECT * FROM jobs WHERE idempotency_key = $1")
                    .bind(job.idempotency_key)
                    .fetch_one(&pool)
                    .await?;
            Ok((earlier, false))
        })?;
        if !new && row.request_hash != hash {
            return Err(Error::Conflict(
                "this Idempotency-Key was sent with another request before".into(),
            ));
        }
        Ok((row, new))
    }

    /// One job.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of the store.
    pub async fn job(&self, id: &str) -> Result<JobRow> {
        if !is_id(id) {
            return Err(no_job());
        }
        let id = id.to_owned();
        let row: Option<JobRow> = on!(self, |pool| {
            sqlx::query_as("SELECT * FROM jobs WHERE id = $1")
                .bind(id)
                .fetch_optional(&pool)
                .await
        })?;
        row.ok_or_else(no_job)
    }

    /// A page of jobs, the newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn job_page(&self, wanted: Wanted) -> Result<Vec<JobRow>> {
        let state = wanted.state.map_or("", State::as_str);
        let before = wanted.before.unwrap_or_default();
        let client = wanted.client.unwrap_or_default();
        on!(self, |pool| {
            sqlx::query_as(
                "SELECT * FROM jobs WHERE ($1 = '' OR state = $1) AND ($2 = '' OR id < $2)
                 AND ($4 = '' OR client = $4) ORDER BY id DESC LIMIT $3",
            )
            .bind(state)
            .bind(before)
            .bind(wanted.limit)
            .bind(client)
            .fetch_all(&pool)
            .await
        })
    }

    /// Cancels a job unless it is over; the job as it is then.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of the store.
    pub async fn cancel(&self, id: &str) -> Result<JobRow> {
        if !is_id(id) {
            return Err(no_job());
        }
        let now = self.now();
        let name = id.to_owned();
        let cancelled: Option<JobRow> = on!(self, |pool| {
            sqlx::query_as(
                "UPDATE jobs SET state = 'cancelled', finished = $2, owner = NULL,
                 webhook_state = CASE WHEN webhook IS NULL THEN NULL ELSE 'pending' END,
                 webhook_next = $2
                 WHERE id = $1 AND state IN ('queued', 'running') RETURNING *",
            )
            .bind(name)
            .bind(now)
            .fetch_optional(&pool)
            .await
        })?;
        match cancelled {
            Some(row) => Ok(row),
            None => self.job(id).await,
        }
    }

    /// Forgets jobs that were over before a moment, and returns how many; those
    /// whose webhook has yet to be told stay.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn forget_jobs(&self, before: i64) -> Result<u64> {
        on!(self, |pool| {
            sqlx::query(
                "DELETE FROM jobs WHERE finished < $1
                 AND state IN ('done', 'failed', 'cancelled')
                 AND (webhook_state IS NULL OR webhook_state <> 'pending')",
            )
            .bind(before)
            .execute(&pool)
            .await
            .map(|done| done.rows_affected())
        })
    }

    /// How many jobs there are of each state that has any.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn job_counts(&self) -> Result<Vec<(String, i64)>> {
        on!(self, |pool| {
            sqlx::query_as("SELECT state, count(*) FROM jobs GROUP BY state")
                .fetch_all(&pool)
                .await
        })
    }
}

pub fn no_job() -> Error {
    Error::NotFound("no job has this id".into())
}

#[cfg(test)]
mod tests;
