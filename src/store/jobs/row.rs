//! A job as it lies in the table, and what may have become of it.

use serde::{Deserialize, Serialize};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

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
