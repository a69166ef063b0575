//! Logs and metrics of the process.
//!
//! Logs go to stderr, results of commands to stdout. No log line holds article
//! text: what is logged are codes, sizes, times and ids.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};
use crate::error::{Error, Result};

/// Seconds that separate the buckets of duration histograms: from a health
/// check to an article of several pages.
const DURATIONS: [f64; 14] = [
    0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
];

/// Sends the log of this process to stderr, once.
///
/// # Errors
/// [`Error::Config`] when the filter is not valid or logs go somewhere already.
pub fn init_logs(config: &LogConfig) -> Result<()> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| Error::Config(format!("the log filter {:?}: {error}", config.log)))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    }
    .map_err(|error| Error::Config(format!("logs cannot be set up: {error}")))
}

/// The metrics of this process; they are recorded from the first call on.
///
/// # Errors
/// [`Error::Internal`] when another recorder was installed before.
pub fn metrics() -> Result<PrometheusHandle> {
    static HANDLE: OnceLock<Result<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            install().map_err(|error| Error::Internal(format!("metrics cannot be set up: {error}")))
        })
        .clone()
}

fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &DURATIONS)?
        .install_recorder()?;
    metrics::gauge!("depesche_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(handle)
}
