//! The life of a server: it listens before it has a model, works once it has
//! one, and finishes what runs before it ends.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::{HttpServer, web};
use tokio::sync::{mpsc, oneshot};

use super::{Service, app};
use crate::error::{Error, Result};
use crate::pipeline::Pipeline;

/// Threads that speak HTTP; the model's work is done elsewhere.
const WORKERS: usize = 4;
/// Connections of each of them at most; more wait until there is room. Together
/// they stay below the usual limit of 1,024 open files.
const CONNECTIONS: usize = 200;
/// What a client may take for the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// What a client may take to read the rest of a response after the end.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// Between rounds of tidying up histograms, which otherwise grow until read.
const UPKEEP: Duration = Duration::from_secs(5);
/// Between looks at the file of keys, and at what they have used.
const ACCOUNTING: Duration = Duration::from_secs(2);

/// Serves until told to stop: the first message on `stop` refuses new work and
/// waits for what runs, for as long as the configured grace; a second message
/// ends the waiting. To be called inside an actix system.
///
/// `load` makes the pipeline on a thread of its own.
///
/// # Errors
/// Those of `load`, [`Error::Io`] when the server cannot run, and
/// [`Error::Model`] when the model failed its first sentence or the engine's
/// thread ended: such a process cannot recover, and should be started anew.
pub async fn run(
    listener: TcpListener,
    service: web::Data<Service>,
    load: impl FnOnce() -> Result<Pipeline> + Send + 'static,
    mut stop: mpsc::Receiver<()>,
) -> Result<()> {
    service.recall_usage().await?;
    let server = {
        let service = service.clone();
        HttpServer::new(move || app(service.clone()))
            .workers(WORKERS)
            .max_connections(CONNECTIONS)
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(HEAD_TIMEOUT)
            .client_disconnect_timeout(CLOSE_TIMEOUT)
            // A client that closes its side has left, as far as we can tell;
            // its handler is dropped, and with it the work in the engine.
            .h1_allow_half_closed(false)
            .shutdown_timeout(CLOSE_TIMEOUT.as_secs())
            .disable_signals()
            .listen(listener)
            .map_err(|error| Error::io("listening for connections", error))?
            .run()
    };
    let handle = server.handle();
    let serving = actix_web::rt::spawn(server);
    let upkeep = actix_web::rt::spawn(keep_up(service.clone()));
    let accounting = actix_web::rt::spawn(keep_accounts(service.clone()));

    let outcome = tokio::select! {
        outcome = work(&service, load, &mut stop) => outcome,
        ended = serving => Err(Error::Internal(format!("the server ended by itself: {ended:?}"))),
    };
    let finished = match outcome {
        Ok(()) => finish(&service, &mut stop).await,
        // Who still waits for a service that cannot go on hears of it.
        Err(_) => tokio::time::timeout(CLOSE_TIMEOUT, service.drain())
            .await
            .is_ok(),
    };
    handle.stop(finished).await;
    upkeep.abort();
    accounting.abort();
    outcome
}

/// Loads the pipeline and works with it until told to stop.
async fn work(
    service: &Service,
    load: impl FnOnce() -> Result<Pipeline> + Send + 'static,
    stop: &mut mpsc::Receiver<()>,
) -> Result<()> {
    let (sender, loaded) = oneshot::channel();
    // Not one of the runtime's blocking threads: those are waited for at the
    // end, and a download would hold up the end for minutes.
    std::thread::Builder::new()
        .name("load".into())
        .spawn(move || sender.send(load()))
        .map_err(|error| Error::io("starting the thread that loads the model", error))?;
    let pipeline = tokio::select! {
        _ = stop.recv() => return Ok(()),
        loaded = loaded => {
            loaded.map_err(|_| Error::Internal("loading the model panicked".into()))??
        }
    };
    tracing::info!("the model is loaded");
    let engine = pipeline.engine().clone();
    service.install(pipeline)?;
    tokio::select! {
        biased;
        _ = stop.recv() => Ok(()),
        () = engine.broken() => Err(Error::Model("it cannot work on; see the log".into())),
    }
}

/// Whether what runs was finished in time.
async fn finish(service: &Service, stop: &mut mpsc::Receiver<()>) -> bool {
    tracing::info!("taking no new work, finishing what runs");
    tokio::select! {
        biased;
        () = service.drain() => true,
        () = tokio::time::sleep(Duration::from_secs(service.config().grace)) => {
            tracing::warn!("some requests were not finished within the grace period");
            false
        }
        Some(()) = stop.recv() => {
            tracing::warn!("told twice to stop, some requests were not finished");
            false
        }
    }
}

async fn keep_up(service: web::Data<Service>) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        service.metrics().run_upkeep();
    }
}

async fn keep_accounts(service: web::Data<Service>) {
    loop {
        tokio::time::sleep(ACCOUNTING).await;
        let looking = service.clone();
        // It is cancelled only when the process ends.
        web::block(move || looking.refresh_keys()).await.ok();
        service.save_usage().await;
    }
}
