//! `GET /v1/jobs/{id}/events`: a job's progress as server-sent events, from any
//! process that shares the store.

use std::time::{Duration, Instant};

use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;

use crate::error::Result;
use crate::http::caller::Caller;
use crate::http::{Service, sse};
use crate::jobs::{Job, Jobs};

/// How often the store is asked.
const POLL: Duration = Duration::from_millis(250);

/// Somebody who watches a job.
struct Watching {
    jobs: Jobs,
    id: String,
    /// What was told last.
    last: Option<Job>,
    heartbeat: Option<Duration>,
    told: Instant,
    over: bool,
}

/// Answers with `progress` whenever something has changed, and with `end` once
/// the job is over.
///
/// # Errors
/// [`NotFound`](crate::Error::NotFound), [`NoStore`](crate::Error::NoStore), and
/// those of the store before the first event.
pub async fn stream(
    _: HttpRequest,
    service: web::Data<Service>,
    id: web::Path<String>,
    caller: Caller,
) -> Result<HttpResponse> {
    let jobs = service.jobs()?.clone();
    // Whatever is wrong with the id is told with a status.
    jobs.get(&id, caller.name()).await?;
    let watching = Watching {
        jobs,
        id: id.into_inner(),
        last: None,
        heartbeat: service.config().heartbeat(),
        told: Instant::now(),
        over: false,
    };
    Ok(sse::response(stream::unfold(watching, Watching::step)))
}

impl Watching {
    async fn step(mut self) -> Option<(Result<Bytes>, Self)> {
        if self.over {
            return None;
        }
        loop {
            match self.jobs.get(&self.id, None).await {
                Ok(job) if job.state.is_final() => {
                    self.over = true;
                    return Some((sse::frame("end", &job), self));
                }
                Ok(job) if self.last.as_ref() != Some(&job) => {
                    let frame = sse::frame("progress", &job);
                    self.last = Some(job);
                    self.told = Instant::now();
                    return Some((frame, self));
                }
                Ok(_) => {}
                Err(error) => {
                    self.over = true;
                    return Some((sse::problem(&error), self));
                }
            }
            if self
                .heartbeat
                .is_some_and(|beat| self.told.elapsed() >= beat)
            {
                self.told = Instant::now();
                return Some((Ok(Bytes::from_static(sse::HEARTBEAT)), self));
            }
            tokio::time::sleep(POLL).await;
        }
    }
}
