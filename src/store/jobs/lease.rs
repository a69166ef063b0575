//! The lease under which a job is worked on: it is taken, renewed, and ends with
//! the outcome or with the job put back.

use serde::Serialize;

use super::{JobRow, State};
use crate::error::Result;
use crate::store::{Store, on};

/// Jobs that were begun so many times come behind all others: they may be what
/// ended the process.
pub(super) const SUSPICIOUS: i64 = 3;

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

impl Store {
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
}
