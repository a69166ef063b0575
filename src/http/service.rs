//! What all handlers share.

use std::sync::OnceLock;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::mpsc::UnboundedSender;

use super::deepl::Usage;
use super::desk::Desk;
use super::documents::Documents;
use super::door::{Door, Pass};
use super::models::ModelList;
use crate::config::ServeConfig;
use crate::dispatch::Event;
use crate::error::{Error, Result};
use crate::glossaries::Glossaries;
use crate::pipeline::{Context, Pipeline};

/// The service: up from the start, ready once it has a pipeline whose model
/// has answered.
pub struct Service {
    config: ServeConfig,
    models: ModelList,
    metrics: PrometheusHandle,
    door: Door,
    desk: Desk,
    usage: Usage,
    glossaries: Glossaries,
    documents: Documents,
    pipeline: OnceLock<Pipeline>,
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
            usage: Usage::default(),
            glossaries: Glossaries::default(),
            documents: Documents::default(),
            pipeline: OnceLock::new(),
        }
    }

    /// The same with glossaries that were stored before.
    pub fn with_glossaries(self, glossaries: Glossaries) -> Self {
        Service { glossaries, ..self }
    }

    /// Gives the service its pipeline; a second one is dropped.
    pub fn install(&self, pipeline: Pipeline) {
        if self.pipeline.set(pipeline).is_err() {
            tracing::warn!("the service has a pipeline already");
        }
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
    /// [`Error::ShuttingDown`] or [`Error::NotReady`] when not.
    pub fn ready(&self) -> Result<()> {
        if !self.door.is_open() {
            return Err(Error::ShuttingDown);
        }
        match self.pipeline.get() {
            Some(pipeline) if pipeline.engine().is_ready() => Ok(()),
            Some(_) | None => Err(Error::NotReady),
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
        self.door.emptied().await;
        // Only now: a request inside may still have segments to submit.
        if let Some(pipeline) = self.pipeline.get() {
            pipeline.engine().refuse_new();
            pipeline.engine().drained().await;
        }
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

    /// What DeepL's clients have had translated.
    pub fn usage(&self) -> &Usage {
        &self.usage
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
