//! What all handlers share.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::desk::Desk;
use super::documents::Documents;
use super::door::{Door, Pass};
use super::models::ModelList;
use crate::config::ServeConfig;
use crate::dispatch::Event;
use crate::error::{Error, Result};
use crate::glossaries::Glossaries;
use crate::jobs::{Jobs, Runner};
use crate::keys::{Gate, Source, ledger};
use crate::memory::Memory;
use crate::pipeline::{Context, Pipeline};
use crate::store::Store;
use crate::web::Reach;

/// Pages that are fetched at the same time.
const MOST_FETCHES: usize = 16;

/// The service: up from the start, ready once it has a pipeline whose model
/// has answered.
pub struct Service {
    config: ServeConfig,
    models: ModelList,
    metrics: PrometheusHandle,
    door: Door,
    desk: Desk,
    gate: Gate,
    fetches: Semaphore,
    glossaries: Glossaries,
    documents: Documents,
    pipeline: OnceLock<Pipeline>,
    kept: Option<Kept>,
    runner: Mutex<Option<Runner>>,
}

/// What a service with a store has besides.
struct Kept {
    jobs: Jobs,
    memory: Memory,
}

impl Service {
    /// A service that has no pipeline yet and answers work with `not_ready`.
    pub fn new(config: ServeConfig, models: ModelList, metrics: PrometheusHandle) -> Self {
        Service {
            config,
            models,
            metrics,
            door: Door::open(),
            desk: Desk::default(),
            gate: Gate::default(),
            fetches: Semaphore::new(MOST_FETCHES),
            glossaries: Glossaries::default(),
            documents: Documents::default(),
            pipeline: OnceLock::new(),
            kept: None,
            runner: Mutex::new(None),
        }
    }

    /// The same with glossaries that were stored before.
    pub fn with_glossaries(self, glossaries: Glossaries) -> Self {
        Service { glossaries, ..self }
    }

    /// The same with a gate, which by default is open to everybody.
    pub fn with_gate(self, gate: Gate) -> Self {
        Service { gate, ..self }
    }

    /// Takes up what keys have had translated before in this month.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn recall_usage(&self) -> Result<()> {
        match &self.kept {
            Some(kept) => {
                let (accounts, now) = (self.gate.accounts(), self.gate.now());
                ledger::restore(accounts, kept.jobs.store(), now).await
            }
            None => Ok(()),
        }
    }

    /// Writes down what keys have had translated; what cannot be written now is
    /// written the next time.
    pub async fn save_usage(&self) {
        if let Some(kept) = &self.kept {
            let (accounts, now) = (self.gate.accounts(), self.gate.now());
            if let Err(error) = ledger::save(accounts, kept.jobs.store(), now).await {
                tracing::warn!(%error, "the usage of keys cannot be written down now");
            }
        }
    }

    /// Looks whether the keys have changed. Blocks.
    pub fn refresh_keys(&self) {
        match self.gate.keys().map(Source::refresh) {
            Some(Ok(Some(count))) => tracing::info!(count, "the API keys are read anew"),
            Some(Err(error)) => tracing::error!(%error, "the API keys stay as they were"),
            Some(Ok(None)) | None => {}
        }
    }

    /// The same service, which keeps jobs in a store and shows the memory.
    ///
    /// # Errors
    /// [`Error::Config`] when the settings of webhooks contradict each other.
    pub fn keeping(mut self, store: Store, memory: Memory) -> Result<Self> {
        let jobs = Jobs::new(store, self.config.jobs.webhooks()?);
        self.kept = Some(Kept { jobs, memory });
        Ok(self)
    }

    /// The jobs.
    ///
    /// # Errors
    /// [`Error::NoStore`] when the service keeps none.
    pub fn jobs(&self) -> Result<&Jobs> {
        self.kept
            .as_ref()
            .map(|kept| &kept.jobs)
            .ok_or(Error::NoStore)
    }

    /// The memory.
    ///
    /// # Errors
    /// [`Error::NoStore`] when the service keeps none.
    pub fn memory(&self) -> Result<&Memory> {
        self.kept
            .as_ref()
            .map(|kept| &kept.memory)
            .ok_or(Error::NoStore)
    }

    /// Begins to work on jobs, if there are any to work on here.
    ///
    /// # Errors
    /// [`Error::Internal`] when the store is going away.
    fn start_runner(&self, pipeline: &Pipeline) -> Result<()> {
        let settings = self.config.jobs.settings();
        let Some(kept) = self.kept.as_ref().filter(|_| settings.concurrency > 0) else {
            return Ok(());
        };
        let runner = Runner::start(kept.jobs.clone(), pipeline.clone(), settings)?;
        *self.runner.lock().unwrap_or_else(PoisonError::into_inner) = Some(runner);
        Ok(())
    }

    /// Gives the service its pipeline; a second one is dropped.
    ///
    /// # Errors
    /// [`Error::Internal`] when the store is going away.
    pub fn install(&self, pipeline: Pipeline) -> Result<()> {
        if self.pipeline.set(pipeline.clone()).is_err() {
            tracing::warn!("the service has a pipeline already");
            return Ok(());
        }
        self.start_runner(&pipeline)
    }

    /// Lets a request for work in.
    ///
    /// # Errors
    /// [`Error::ShuttingDown`] when the door is closed, [`Error::NotReady`]
    /// before there is a pipeline.
    pub fn admit(&self) -> Result<(Pass, &Pipeline)> {
        let pass = self.door.enter()?;
        let pipeline = self.pipeline.get().ok_or(Error::NotReady)?;
        Ok((pass, pipeline))
    }

    /// Whether new work would be taken and done.
    ///
    /// # Errors
    /// [`Error::ShuttingDown`], [`Error::NotReady`] or
    /// [`Error::EngineUnavailable`] when not.
    pub fn ready(&self) -> Result<()> {
        if !self.door.is_open() {
            return Err(Error::ShuttingDown);
        }
        match self.pipeline.get() {
            Some(pipeline) => pipeline.engine().readiness(),
            None => Err(Error::NotReady),
        }
    }

    /// What a request's work is done under.
    pub fn context(&self, events: Option<UnboundedSender<Event>>) -> Context {
        Context {
            deadline: self.config.deadline(),
            events,
            glossary: None,
        }
    }

    /// Takes no new work and waits until all that was taken is done.
    pub async fn drain(&self) {
        self.door.close();
        let runner = self
            .runner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(runner) = runner {
            runner.stop().await;
        }
        self.door.emptied().await;
        // Only now: a request inside may still have segments to submit.
        if let Some(pipeline) = self.pipeline.get() {
            pipeline.engine().refuse_new();
            pipeline.engine().drained().await;
        }
        if let Some(kept) = &self.kept {
            kept.memory.settled().await;
        }
        self.save_usage().await;
    }

    /// Requests that are being worked on.
    pub fn inside(&self) -> usize {
        self.door.inside()
    }

    /// Whether new work is taken, now or once there is a pipeline.
    pub fn is_open(&self) -> bool {
        self.door.is_open()
    }

    pub fn config(&self) -> &ServeConfig {
        &self.config
    }

    pub fn models(&self) -> &ModelList {
        &self.models
    }

    /// Where clients that do not wait for long are served.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// A place among those who fetch a page, which takes a thread each.
    ///
    /// # Errors
    /// [`Error::UrlRefused`] when nothing is fetched here, [`Error::QueueFull`]
    /// when there is none.
    pub fn fetching(&self) -> Result<SemaphorePermit<'_>> {
        if self.config.fetch.fetch_urls == Reach::Off {
            return Err(Error::UrlRefused("nothing is fetched here".into()));
        }
        self.fetches.try_acquire().map_err(|_| Error::QueueFull {
            retry_after: Duration::from_secs(5),
        })
    }

    /// Who may come in, and how much they may have translated.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Files that clients have translated.
    pub fn documents(&self) -> &Documents {
        &self.documents
    }

    /// What clients have stored.
    pub fn glossaries(&self) -> &Glossaries {
        &self.glossaries
    }

    pub fn metrics(&self) -> &PrometheusHandle {
        &self.metrics
    }
}
