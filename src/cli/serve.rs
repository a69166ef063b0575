//! `depesche serve`: the HTTP service, from the socket to the last response.

use std::net::TcpListener;

use actix_web::web;
use tokio::sync::mpsc;

use crate::cli::{progress, start_pipeline};
use crate::config::EngineConfig;
pub use crate::config::ServeConfig as Args;
use crate::error::{Error, Result};
use crate::glossaries::Glossaries;
use crate::http::models::ModelList;
use crate::http::{Service, server};
use crate::model::manifest::Manifest;
use crate::pipeline::Pipeline;
use crate::telemetry;

/// Serves the model of the configuration; see [`serve`].
///
/// # Errors
/// Those of the manifest, of loading the model, and of [`serve`].
pub fn run(args: Args, config: EngineConfig) -> Result<()> {
    let manifest = Manifest::open(config.manifest.as_deref())?;
    let serving = manifest.resolve(&config.model)?.name;
    let models = ModelList::of(&manifest, serving);
    serve(args, models, move || {
        start_pipeline(&config, progress::downloads().as_ref())
    })
}

/// Serves until SIGTERM or SIGINT, then finishes what runs; a second signal
/// ends at once. `load` is called on a thread of its own while the service
/// answers `/healthz` already.
///
/// # Errors
/// [`Error::Io`] when the address cannot be listened on, and those of `load`.
pub fn serve(
    config: Args,
    models: ModelList,
    load: impl FnOnce() -> Result<Pipeline> + Send + 'static,
) -> Result<()> {
    telemetry::log_panics();
    let listener = TcpListener::bind(config.listen)
        .map_err(|error| Error::io(format!("listening on {}", config.listen), error))?;
    let address = listener
        .local_addr()
        .map_err(|error| Error::io("asking for the address", error))?;
    let glossaries = match &config.glossaries {
        Some(folder) => Glossaries::open(folder)?,
        None => Glossaries::default(),
    };
    let service = Service::new(config, models, telemetry::metrics()?).with_glossaries(glossaries);
    let service = web::Data::new(service);
    actix_web::rt::System::new().block_on(async move {
        let (sender, stop) = mpsc::channel(2);
        let mut signals = Signals::new()?;
        actix_web::rt::spawn(async move {
            loop {
                let name = signals.next().await;
                tracing::info!(signal = name, "told to stop");
                if sender.send(()).await.is_err() {
                    break;
                }
            }
        });
        eprintln!("depesche listens on http://{address}");
        server::run(listener, service, load, stop).await
    })
}

/// The signals that end the service.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(|error| Error::io("listening for signals", error));
        Ok(Signals {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Result<Self> {
        Ok(Signals)
    }

    async fn next(&mut self) -> &'static str {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}
