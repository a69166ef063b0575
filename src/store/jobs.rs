//! The table of jobs.
//!
//! A job is worked on under a lease: the process that took it renews it, and
//! once it has run out anybody may take the job again. Each taking has a number
//! of its own, so that only the last one can finish the job, and only once.

use serde::{Deserialize, Serialize};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::{Store, is_id, on};
use crate::error::{Error, Result};

/// Jobs that were begun so many times come behind all others: they may be what
/// ended the process.
const SUSPICIOUS: i64 = 3;

/// What has become of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits to be begun, or to be begun again.
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl State {
    pub const ALL: [State; 5] = [
        State::Queued,
        State::Running,
        State::Done,
        State::Failed,
        State::Cancelled,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Running => "running",
            State::Done => "done",
            State::Failed => "failed",
            State::Cancelled => "cancelled",
        }
    }

    /// Whether nothing will change any more.
    pub const fn is_final(self) -> bool {
        match self {
            State::Queued | State::Running => false,
            State::Done | State::Failed | State::Cancelled => true,
        }
    }
}

/// A job as it lies in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    pub id: String,
    pub kind: String,
    /// JSON.
    pub request: String,
    pub request_hash: String,
    pub state: State,
    pub attempts: i64,
    pub segments_total: i64,
    pub segments_done: i64,
    /// JSON.
    pub result: Option<String>,
    pub error_code: Option<String>,
    pub error_detail: Option<String>,
    /// Milliseconds since 1970.
    pub created: i64,
    pub started: Option<i64>,
    pub finished: Option<i64>,
    pub webhook: Option<String>,
    pub webhook_state: Option<String>,
    pub webhook_attempts: i64,
    /// Name of the key that it was accepted for; empty without keys.
    pub client: String,
}

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

/// The right to work on a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub id: String,
    pub owner: String,
    /// Which taking of the job this is.
    pub attempt: i64,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Segments {
    pub done: i64,
    /// 0 until the text has been read.
    pub total: i64,
}

/// How work on a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// With a result, as JSON.
    Done(String),
    Failed {
        code: &'static str,
        detail: String,
    },
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

impl<'r, R: Row> FromRow<'r, R> for JobRow
where
    &'static str: ColumnIndex<R>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        let name: String = row.try_get("state")?;
        let state = State::ALL
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or_else(|| sqlx::Error::ColumnDecode {
                index: "state".into(),
                source: "it is none of the states".into(),
            })?;
        Ok(JobRow {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            request: row.try_get("request")?,
            request_hash: row.try_get("request_hash")?,
            state,
            attempts: row.try_get("attempts")?,
            segments_total: row.try_get("segments_total")?,
            segments_done: row.try_get("segments_done")?,
            result: row.try_get("result")?,
            error_code: row.try_get("error_code")?,
            error_detail: row.try_get("error_detail")?,
            created: row.try_get("created")?,
            started: row.try_get("started")?,
            finished: row.try_get("finished")?,
            webhook: row.try_get("webhook")?,
            webhook_state: row.try_get("webhook_state")?,
            webhook_attempts: row.try_get("webhook_attempts")?,
            client: row.try_get("client")?,
        })
    }
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

    /// Takes the oldest job that waits, or whose lease has run out.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn claim(&self, owner: &str, lease: i64) -> Result<Option<(JobRow, Ticket)>> {
        let sql = self.dialect(
            "UPDATE jobs SET state = 'running', owner = $1, lease_until = $2,
             attempts = attempts + 1, started = coalesce(started, $3)
             WHERE id = (SELECT id FROM jobs WHERE state = 'queued'
                 OR (state = 'running' AND lease_until < $3)
                 ORDER BY CASE WHEN attempts > $4 THEN 1 ELSE 0 END, created, id LIMIT 1)
             RETURNING *",
            "UPDATE jobs SET state = 'running', owner = $1, lease_until = $2,
             attempts = attempts + 1, started = coalesce(started, $3)
             WHERE id = (SELECT id FROM jobs WHERE state = 'queued'
                 OR (state = 'running' AND lease_until < $3)
                 ORDER BY CASE WHEN attempts > $4 THEN 1 ELSE 0 END, created, id LIMIT 1
                 FOR UPDATE SKIP LOCKED)
             RETURNING *",
        );
        let now = self.now();
        let name = owner.to_owned();
        let row: Option<JobRow> = on!(self, |pool| {
            sqlx::query_as(sql)
                .bind(name)
                .bind(now + lease)
                .bind(now)
                .bind(SUSPICIOUS)
                .fetch_optional(&pool)
                .await
        })?;
        Ok(row.map(|row| {
            let ticket = Ticket {
                id: row.id.clone(),
                owner: owner.to_owned(),
                attempt: row.attempts,
            };
            (row, ticket)
        }))
    }

    /// Renews the lease and tells how far the job is. `false`: the job was
    /// cancelled or taken by somebody else, and the work is in vain.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn renew(&self, ticket: &Ticket, lease: i64, segments: Segments) -> Result<bool> {
        let until = self.now() + lease;
        let Ticket { id, owner, attempt } = ticket.clone();
        on!(self, |pool| {
            sqlx::query(
                "UPDATE jobs SET lease_until = $4, segments_done = $5, segments_total = $6
                 WHERE id = $1 AND owner = $2 AND attempts = $3 AND state = 'running'",
            )
            .bind(id)
            .bind(owner)
            .bind(attempt)
            .bind(until)
            .bind(segments.done)
            .bind(segments.total)
            .execute(&pool)
            .await
            .map(|done| done.rows_affected() == 1)
        })
    }

    /// Writes the outcome down, once. `false`: the job was cancelled or taken by
    /// somebody else, whose outcome counts.
    ///
    /// # Errors
    /// Those of the store; then nothing was written.
    pub async fn finish(
        &self,
        ticket: &Ticket,
        outcome: Outcome,
        segments: Segments,
    ) -> Result<bool> {
        let now = self.now();
        let Ticket { id, owner, attempt } = ticket.clone();
        let (state, result, code, detail) = match outcome {
            Outcome::Done(result) => (State::Done, Some(result), None, None),
            Outcome::Failed { code, detail } => (State::Failed, None, Some(code), Some(detail)),
        };
        on!(self, |pool| {
            sqlx::query(
                "UPDATE jobs SET state = $4, result = $5, error_code = $6, error_detail = $7,
                 finished = $8, segments_done = $9, segments_total = $10, owner = NULL,
                 webhook_state = CASE WHEN webhook IS NULL THEN NULL ELSE 'pending' END,
                 webhook_next = $8
                 WHERE id = $1 AND owner = $2 AND attempts = $3 AND state = 'running'",
            )
            .bind(id)
            .bind(owner)
            .bind(attempt)
            .bind(state.as_str())
            .bind(result)
            .bind(code)
            .bind(detail)
            .bind(now)
            .bind(segments.done)
            .bind(segments.total)
            .execute(&pool)
            .await
            .map(|done| done.rows_affected() == 1)
        })
    }

    /// Puts a job back that could not be worked on now.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn release(&self, ticket: &Ticket) -> Result<()> {
        let Ticket { id, owner, attempt } = ticket.clone();
        on!(self, |pool| {
            sqlx::query(
                "UPDATE jobs SET state = 'queued', owner = NULL, attempts = attempts - 1
                 WHERE id = $1 AND owner = $2 AND attempts = $3 AND state = 'running'",
            )
            .bind(id)
            .bind(owner)
            .bind(attempt)
            .execute(&pool)
            .await
            .map(drop)
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

pub fn no_job() -> Error {
    Error::NotFound("no job has this id".into())
}

#[cfg(test)]
mod tests;
