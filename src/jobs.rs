//! Work that is accepted now and done later: once accepted, a job is done once,
//! whatever happens to the process.
//!
//! [`Jobs`] accepts, shows and cancels; the [`runner`] of any process with the
//! same store takes jobs from it, and tells [`webhook`]s of those that are over.

pub mod runner;
pub mod task;
pub mod webhook;

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::Notify;

use crate::error::{Error, Result};
use crate::store::Store;
use crate::store::jobs::{JobRow, NewJob, Segments, State, Wanted, no_job};
use crate::store::memory::digest;
pub use runner::{Runner, Settings};
pub use task::{Kind, Task};
pub use webhook::Webhooks;

/// Longest idempotency key in bytes.
const LONGEST_KEY: usize = 255;

/// A job as its client sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    pub id: String,
    pub kind: String,
    pub state: State,
    pub segments: Segments,
    /// How often the job was begun.
    pub attempts: i64,
    /// Milliseconds since 1970.
    pub created: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished: Option<i64>,
    /// What the route of the same kind would have answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Delivery>,
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    pub code: String,
    pub detail: String,
}

/// What became of a job's webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// `waiting`, `pending`, `delivered` or `failed`.
    pub state: String,
    pub attempts: i64,
}

impl Job {
    /// The job of a row, without its result.
    fn outline(row: &JobRow) -> Self {
        Job {
            id: row.id.clone(),
            kind: row.kind.clone(),
            state: row.state,
            segments: Segments {
                done: row.segments_done,
                total: row.segments_total,
            },
            attempts: row.attempts,
            created: row.created,
            started: row.started,
            finished: row.finished,
            result: None,
            error: row.error_code.clone().map(|code| Failure {
                code,
                detail: row.error_detail.clone().unwrap_or_default(),
            }),
            webhook: row.webhook_state.clone().map(|state| Delivery {
                state,
                attempts: row.webhook_attempts,
            }),
        }
    }

    /// The job of a row, with its result.
    ///
    /// # Errors
    /// [`Error::Store`] when the result is damaged.
    fn whole(row: &JobRow) -> Result<Self> {
        let result = row.result.as_deref().map(serde_json::from_str).transpose();
        Ok(Job {
            result: result.map_err(|_| Error::Store("a job's result is damaged".into()))?,
            ..Job::outline(row)
        })
    }
}

/// A page of jobs, without their results.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JobPage {
    pub jobs: Vec<Job>,
    /// What to ask for as `before` to see the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a client asks for besides the work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Under the same key the same job is accepted once.
    pub idempotency_key: Option<String>,
    /// URL to tell once the job is over.
    pub webhook: Option<String>,
    /// Name of the key that it is for; empty without keys.
    pub client: String,
}

/// The jobs of a store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Jobs {
    store: Store,
    webhooks: Webhooks,
    /// Something was accepted or cancelled in this process.
    news: Arc<Notify>,
}

impl Jobs {
    pub fn new(store: Store, webhooks: Webhooks) -> Self {
        Jobs {
            store,
            webhooks,
            news: Arc::default(),
        }
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Accepts a job, which survives the process from then on. The second part
    /// says whether it was accepted now, or before under the same key.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a key or webhook that is not allowed,
    /// [`Error::Conflict`] for a key that stands for another request, and those
    /// of the store.
    pub async fn accept(&self, task: &Task, wishes: Wishes) -> Result<(Job, bool)> {
        if let Some(key) = &wishes.idempotency_key {
            let printable = key.bytes().all(|byte| byte.is_ascii_graphic());
            if key.is_empty() || key.len() > LONGEST_KEY || !printable {
                return Err(Error::Malformed(format!(
                    "the Idempotency-Key must have from 1 to {LONGEST_KEY} printable characters without spaces"
                )));
            }
        }
        if let Some(url) = &wishes.webhook {
            self.webhooks.check(url)?;
        }
        let request = serde_json::to_string(task)
            .map_err(|error| Error::Internal(format!("a job cannot be written: {error}")))?;
        let webhook = wishes.webhook.as_deref().unwrap_or_default();
        let job = NewJob {
            id: new_id(self.store.now()),
            kind: task.kind().as_str(),
            request_hash: digest(&[&request, webhook]),
            request,
            // Clients cannot meet each other's jobs by choosing the same key.
            idempotency_key: wishes
                .idempotency_key
                .map(|key| match wishes.client.as_str() {
                    "" => key,
                    client => format!("{client} {key}"),
                }),
            webhook: wishes.webhook,
            client: wishes.client,
        };
        let (row, new) = self.store.accept(job).await?;
        if new {
            metrics::counter!("depesche_jobs_accepted_total", "kind" => task.kind().as_str())
                .increment(1);
            self.news.notify_waiters();
        }
        Ok((Job::whole(&row)?, new))
    }

    /// One job with its result; a client that has a name finds only its own.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of the store.
    pub async fn get(&self, id: &str, client: Option<&str>) -> Result<Job> {
        Job::whole(&self.row(id, client).await?)
    }

    async fn row(&self, id: &str, client: Option<&str>) -> Result<JobRow> {
        let row = self.store.job(id).await?;
        match client.is_none_or(|client| client == row.client) {
            true => Ok(row),
            false => Err(no_job()),
        }
    }

    /// A page of jobs, the newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn page(&self, wanted: Wanted) -> Result<JobPage> {
        let limit = wanted.limit;
        let rows = self.store.job_page(wanted).await?;
        let full = rows.len() as i64 == limit;
        Ok(JobPage {
            next: rows.last().filter(|_| full).map(|row| row.id.clone()),
            jobs: rows.iter().map(Job::outline).collect(),
        })
    }

    /// Cancels a job unless it is over; clients as with [`Jobs::get`].
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of the store.
    pub async fn cancel(&self, id: &str, client: Option<&str>) -> Result<Job> {
        self.row(id, client).await?;
        let row = self.store.cancel(id).await?;
        self.news.notify_waiters();
        Job::whole(&row)
    }
}

/// An id that sorts by the time of acceptance and cannot be guessed.
fn new_id(now: i64) -> String {
    let random = uuid::Uuid::new_v4().simple().to_string();
    format!("{now:012x}{}", &random[..20])
}

#[cfg(test)]
mod tests;
