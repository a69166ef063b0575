//! Takes jobs from the store and works on them under leases.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tracing::Instrument;

use super::{Jobs, Task, webhook};
use crate::dispatch::Event;
use crate::error::{Error, Result};
use crate::pipeline::Pipeline;
use crate::store::jobs::{JobRow, Outcome, Segments, State, Ticket};
use crate::telemetry::traces;

/// How often the store is asked for jobs that other processes accepted or left.
const POLL: Duration = Duration::from_millis(500);
/// How often progress is written down at most.
const PROGRESS: Duration = Duration::from_millis(500);
/// How long to wait with a job that the engine has no room for, and with a store
/// that fails.
const PAUSE: Duration = Duration::from_secs(1);
/// Between rounds of tidying up.
const TIDYING: Duration = Duration::from_secs(5);

/// How jobs are worked on.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Jobs at the same time.
    pub concurrency: usize,
    /// How long a job belongs to a process that gives no sign of life.
    pub lease: Duration,
    /// How long jobs that are over can be asked for; `None` for ever.
    pub retention: Option<Duration>,
}

/// The tasks that work on jobs.
#[derive(Debug)]
pub struct Runner {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// What the tasks share.
struct Crew {
    jobs: Jobs,
    pipeline: Pipeline,
    settings: Settings,
    /// A name that no other process has.
    owner: String,
}

impl Runner {
    /// Begins to work on the jobs of the store.
    ///
    /// # Errors
    /// [`Error::Internal`] when the store is going away.
    pub fn start(jobs: Jobs, pipeline: Pipeline, settings: Settings) -> Result<Self> {
        let (stop, told) = watch::channel(false);
        let store = jobs.store().clone();
        let crew = Arc::new(Crew {
            jobs,
            pipeline,
            settings,
            owner: uuid::Uuid::new_v4().simple().to_string(),
        });
        let tasks = vec![
            store.spawn(Arc::clone(&crew).work(told.clone()))?,
            store.spawn(until_told(told.clone(), tidy(Arc::clone(&crew))))?,
            store.spawn(until_told(told, webhook::deliver_all(crew.jobs.clone())))?,
        ];
        Ok(Runner { stop, tasks })
    }

    /// Takes no more jobs and puts those back that are worked on, for the next
    /// process to go on with: their finished segments are in the memory.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            // One that panicked has ended as well.
            task.await.ok();
        }
    }
}

/// Works until it is told to stop, or until nobody could tell it any more.
async fn until_told(mut told: watch::Receiver<bool>, work: impl Future<Output = ()>) {
    tokio::select! {
        () = work => {}
        _ = told.wait_for(|stop| *stop) => {}
    }
}

impl Crew {
    async fn work(self: Arc<Self>, mut told: watch::Receiver<bool>) {
        let mut hands: JoinSet<()> = JoinSet::new();
        loop {
            // Before the question, so that nothing is missed that comes after it.
            let news = self.jobs.news.notified();
            tokio::pin!(news);
            news.as_mut().enable();
            while hands.len() < self.settings.concurrency {
                match self.claim().await {
                    Some((row, ticket)) => {
                        let crew = Arc::clone(&self);
                        let trace = tracing::info_span!(
                            target: traces::TARGET,
                            "job",
                            otel.kind = "consumer",
                            kind = row.kind,
                            attempt = ticket.attempt,
                        );
                        let work = crew.see_through(row, ticket, told.clone());
                        hands.spawn(work.instrument(trace));
                    }
                    None => break,
                }
            }
            tokio::select! {
                _ = told.wait_for(|stop| *stop) => break,
                Some(_) = hands.join_next() => {}
                () = &mut news => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        while hands.join_next().await.is_some() {}
    }

    async fn claim(&self) -> Option<(JobRow, Ticket)> {
        let lease = milliseconds(self.settings.lease);
        match self.jobs.store.claim(&self.owner, lease).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::warn!(%error, "no job can be taken");
                tokio::time::sleep(PAUSE).await;
                None
            }
        }
    }

    /// Works on a job until it is over, somebody else's, or put back.
    async fn see_through(
        self: Arc<Self>,
        row: JobRow,
        ticket: Ticket,
        mut told: watch::Receiver<bool>,
    ) {
        tracing::info!(
            job = ticket.id,
            kind = row.kind,
            attempt = ticket.attempt,
            "job begun"
        );
        let mut segments = Segments::default();
        let ended = tokio::select! {
            ended = self.attempt(&row, &ticket, &mut segments) => ended,
            _ = told.wait_for(|stop| *stop) => Some(Err(Error::ShuttingDown)),
        };
        let Some(result) = ended else {
            tracing::info!(
                job = ticket.id,
                "job cancelled, or taken by another process"
            );
            return;
        };
        let outcome = match result {
            Ok(result) => Outcome::Done(result),
            Err(error) if error.code().entry().passing => {
                if !*told.borrow() {
                    tokio::time::sleep(PAUSE).await;
                }
                if let Err(error) = self.jobs.store.release(&ticket).await {
                    // Its lease runs out, and somebody takes it then.
                    tracing::warn!(%error, job = ticket.id, "the job cannot be put back");
                }
                return;
            }
            Err(error) => failure(&error, &ticket),
        };
        tokio::select! {
            () = self.write_down(&ticket, outcome, segments) => {}
            _ = told.wait_for(|stop| *stop) => {}
        }
    }

    /// The result of the work; `None` when it is in vain.
    async fn attempt(
        &self,
        row: &JobRow,
        ticket: &Ticket,
        segments: &mut Segments,
    ) -> Option<Result<String>> {
        let task: Task = match serde_json::from_str(&row.request) {
            Ok(task) => task,
            Err(_) => return Some(Err(Error::Store("the job's request is damaged".into()))),
        };
        let (sender, mut events) = mpsc::unbounded_channel();
        let work = AssertUnwindSafe(task.perform(&self.pipeline, sender)).catch_unwind();
        tokio::pin!(work);
        let renewal = self.settings.lease / 3;
        let mut beat = tokio::time::interval(renewal.min(PROGRESS));
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut told = Segments::default();
        let mut renewed = Instant::now();
        let cancelled = &self.jobs.news;
        loop {
            tokio::select! {
                biased;
                Some(event) = events.recv() => {
                    count(segments, &event);
                    continue;
                }
                result = &mut work => {
                    // What was told in the last moment of the work counts as well.
                    while let Ok(event) = events.try_recv() {
                        count(segments, &event);
                    }
                    return Some(result.unwrap_or_else(|_| {
                        Err(Error::Internal("the work on a job panicked".into()))
                    }));
                }
                () = cancelled.notified() => {}
                _ = beat.tick() => {
                    if *segments == told && renewed.elapsed() < renewal {
                        continue;
                    }
                }
            }
            let lease = milliseconds(self.settings.lease);
            match self.jobs.store.renew(ticket, lease, *segments).await {
                Ok(true) => (told, renewed) = (*segments, Instant::now()),
                Ok(false) => return None,
                // The work goes on: if the job is taken by somebody else
                // meanwhile, only one of the two can write the outcome down.
                Err(error) => tracing::warn!(%error, job = ticket.id, "no sign of life given"),
            }
        }
    }

    /// Writes the outcome down, however long that takes.
    async fn write_down(&self, ticket: &Ticket, outcome: Outcome, segments: Segments) {
        let state = match &outcome {
            Outcome::Done(_) => State::Done,
            Outcome::Failed { .. } => State::Failed,
        };
        loop {
            match self
                .jobs
                .store
                .finish(ticket, outcome.clone(), segments)
                .await
            {
                Ok(true) => {
                    tracing::info!(job = ticket.id, state = state.as_str(), "job over");
                    metrics::counter!("depesche_jobs_finished_total", "state" => state.as_str())
                        .increment(1);
                    self.jobs.news.notify_waiters();
                    return;
                }
                Ok(false) => {
                    tracing::info!(job = ticket.id, "another outcome of the job counts");
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, job = ticket.id, "the outcome cannot be written yet");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
}

fn count(segments: &mut Segments, event: &Event) {
    match event {
        Event::Started { segments: total } => segments.total = *total as i64,
        Event::Segment(_) | Event::Item(_) => segments.done += 1,
        Event::Figures(_) | Event::Summary(_) | Event::Done(_) => {}
    }
}

/// What is told of a failure; the rest of our own faults stays in the log.
fn failure(error: &Error, ticket: &Ticket) -> Outcome {
    let entry = error.code().entry();
    let detail = if entry.status == 500 {
        tracing::error!(%error, job = ticket.id, "job failed");
        "the service's log tells more, under the id of this job".to_owned()
    } else {
        error.to_string()
    };
    Outcome::Failed {
        code: entry.slug,
        detail,
    }
}

/// Forgets old jobs and measures the queue, again and again.
async fn tidy(crew: Arc<Crew>) {
    loop {
        let store = &crew.jobs.store;
        if let Some(retention) = crew.settings.retention {
            let before = store.now().saturating_sub(milliseconds(retention));
            match store.forget_jobs(before).await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "old jobs forgotten"),
                Err(error) => tracing::warn!(%error, "old jobs cannot be forgotten"),
            }
        }
        match store.job_counts().await {
            Ok(counts) => {
                for state in State::ALL {
                    let name = state.as_str();
                    let count = counts.iter().find(|(counted, _)| counted == name);
                    metrics::gauge!("depesche_jobs", "state" => name)
                        .set(count.map_or(0, |(_, count)| *count) as f64);
                }
            }
            Err(error) => tracing::warn!(%error, "jobs cannot be counted"),
        }
        tokio::time::sleep(TIDYING).await;
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}
