//! `depesche serve`: the HTTP service, from the socket to the last response.

use std::net::TcpListener;

use actix_web::web;
use tokio::sync::mpsc;

use crate::cli::signals::Signals;
use crate::cli::{progress, start_pipeline};
pub use crate::config::ServeConfig as Args;
use crate::config::{EngineConfig, StoreConfig};
use crate::error::{Error, Result};
use crate::glossaries::Glossaries;
use crate::http::models::ModelList;
use crate::http::{Service, server};
use crate::memory::{Memory, Origin};
use crate::model::manifest::Manifest;
use crate::pipeline::Pipeline;
use crate::telemetry;

/// Serves the model of the configuration; see [`serve`].
///
/// # Errors
/// Those of the manifest, of the store, of loading the model, and of [`serve`].
pub fn run(args: Args, config: EngineConfig, store: &StoreConfig) -> Result<()> {
    // Before the store is opened, so that what is wrong there is logged alike.
    telemetry::log_panics();
    let manifest = Manifest::open(config.manifest.as_deref())?;
    let serving = match config.remote.tag()? {
        Some(tag) => tag.name,
        None => manifest.resolve(&config.model)?.name,
    };
    let models = ModelList::of(&manifest, serving);
    let glossaries = match &args.glossaries {
        Some(folder) => Glossaries::open(folder)?,
        None => Glossaries::default(),
    };
    let gate = args.access.gate()?;
    let mut service = Service::new(args, models, telemetry::metrics()?)
        .with_glossaries(glossaries)
        .with_gate(gate);
    let mut memory = None;
    if let Some(store) = store.open()? {
        let remembering = Memory::new(store.clone())?;
        memory = Some(remembering.clone());
        service = service.keeping(store, remembering)?;
    }
    serve(service, move || {
        let pipeline = start_pipeline(&config, progress::downloads().as_ref())?;
        match memory {
            Some(memory) => {
                let origin = Origin::of(&config, pipeline.model())?;
                Ok(pipeline.with_memory(memory, origin))
            }
            None => Ok(pipeline),
        }
    })
}

/// Serves until SIGTERM or SIGINT, then finishes what runs; a second signal
/// ends at once. `load` is called on a thread of its own while the service
/// answers `/healthz` already.
///
/// # Errors
/// [`Error::Io`] when the address cannot be listened on, and those of `load`.
pub fn serve(
    service: Service,
    load: impl FnOnce() -> Result<Pipeline> + Send + 'static,
) -> Result<()> {
    let listen = service.config().listen;
    let listener = TcpListener::bind(listen)
        .map_err(|error| Error::io(format!("listening on {listen}"), error))?;
    let address = listener
        .local_addr()
        .map_err(|error| Error::io("asking for the address", error))?;
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
