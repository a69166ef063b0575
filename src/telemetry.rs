//! Logs and metrics of the process.
//!
//! Logs go to stderr, results of commands to stdout. No log line holds article
//! text: what is logged are codes, sizes, times and ids.

use std::any::Any;
use std::io::IsTerminal;
use std::panic;
use std::sync::OnceLock;

use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::{LogConfig, LogFormat};
use crate::error::{Error, Result};

pub mod traces;

/// Seconds that separate the buckets of duration histograms: from a health
/// check to an article of several pages.
const DURATIONS: [f64; 14] = [
    0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
];

/// Sends the log of this process to stderr, once, and traces to the collector
/// that is named; `usual` is the filter of the log when none is configured.
///
/// # Errors
/// [`Error::Config`] when the filter or the collector's address is not valid, or
/// logs go somewhere already.
pub fn init_logs(config: &LogConfig, usual: &str) -> Result<()> {
    let wanted = config.log.as_deref().unwrap_or(usual);
    // Whatever is sent to the port that is no HTTP would be an error there; who
    // wants to see it can say so, since what comes later counts.
    let filter = EnvFilter::try_new(format!("actix_http=off,{wanted},{}=off", traces::TARGET))
        .map_err(|error| Error::Config(format!("the log filter {wanted:?}: {error}")))?;
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let lines = match config.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let spans = config
        .otlp_endpoint
        .as_ref()
        .map(traces::layer)
        .transpose()?;
    tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .with(spans)
        .try_init()
        .map_err(|error| Error::Config(format!("logs cannot be set up: {error}")))
}

/// Tells the log of panics from now on, in place of writing them to stderr as
/// they are: their messages may quote the text that was being worked on, as
/// those of slicing strings do.
pub fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        tracing::error!(
            place = panic.location().map(tracing::field::display),
            thread = thread.name(),
            message = fixed_message(panic.payload()),
            "a thread panicked"
        );
    }));
}

/// The message of a panic when it stands in the program word for word.
fn fixed_message(payload: &(dyn Any + Send)) -> &'static str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or("withheld, since it may quote text")
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
    describe();
    metrics::gauge!("depesche_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(handle)
}

/// What each metric counts, for those who read `/metrics`.
fn describe() {
    describe_gauge!("depesche_build_info", "1, with the version of this program");

    describe_counter!(
        "depesche_http_requests_total",
        "HTTP requests that are over, by method, route and status (499: the client left)"
    );
    describe_histogram!(
        "depesche_http_request_duration_seconds",
        "From the head of a request to the last byte of its response"
    );
    describe_gauge!(
        "depesche_http_requests_in_flight",
        "HTTP requests that are not over yet"
    );

    describe_counter!(
        "depesche_key_requests_total",
        "Requests that were let in, by the name of the key"
    );
    describe_counter!(
        "depesche_key_characters_total",
        "Characters of source texts that were translated, by the name of the key"
    );
    describe_counter!(
        "depesche_key_refusals_total",
        "Requests beyond a limit, by the name of the key and the limit: rate, quota"
    );

    describe_gauge!(
        "depesche_queue_segments",
        "Segments that wait for a place in the batch"
    );
    describe_gauge!("depesche_active_segments", "Segments in the batch");
    describe_histogram!(
        "depesche_batch_sequences",
        "Sequences that the model worked on in one step"
    );
    describe_histogram!("depesche_step_seconds", "Duration of one step of the model");
    describe_histogram!(
        "depesche_segment_seconds",
        "From the arrival of a segment to its translation"
    );
    describe_histogram!(
        "depesche_first_segment_seconds",
        "From the arrival of a request to its first finished segment"
    );
    describe_counter!(
        "depesche_tokens_total",
        "Tokens that the model read (kind=\"fed\") and wrote (kind=\"written\")"
    );
    describe_counter!(
        "depesche_segments_total",
        "Segments that were answered, by outcome"
    );
    describe_counter!(
        "depesche_segments_shared_total",
        "Segments that cost nothing, by how: known already, or joined to an equal one"
    );
    describe_counter!(
        "depesche_segments_cancelled_total",
        "Segments whose client left"
    );
    describe_counter!(
        "depesche_repetitions_total",
        "Segments in which a phrase repeated without end at first"
    );
    describe_counter!(
        "depesche_memory_segments_total",
        "Segments that the memory was asked about, by outcome: hit, miss, damaged, failed"
    );
    describe_counter!(
        "depesche_jobs_accepted_total",
        "Jobs that this process accepted, by kind"
    );
    describe_counter!(
        "depesche_jobs_finished_total",
        "Jobs that this process finished, by state"
    );
    describe_gauge!("depesche_jobs", "Jobs in the store, by state");
    describe_counter!(
        "depesche_webhooks_total",
        "Webhooks that were sent, by outcome: delivered, failed, given up"
    );
    describe_counter!(
        "depesche_engine_requests_total",
        "Requests to the server that translates, by outcome: done, failed, busy, refused, given up"
    );
    describe_counter!(
        "depesche_engine_retries_total",
        "Requests to the server that translates that were sent again"
    );
    describe_histogram!(
        "depesche_engine_request_seconds",
        "Duration of a request to the server that translates"
    );
    describe_gauge!(
        "depesche_engine_resting",
        "1 while the server that translates is left alone after failures"
    );
    describe_counter!(
        "depesche_model_failures_total",
        "Steps in which the model failed"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The payload of the panic that `work` ends in.
    fn payload(work: impl FnOnce() + panic::UnwindSafe) -> Box<dyn Any + Send> {
        panic::catch_unwind(work).expect_err("it panics")
    }

    #[test]
    fn only_fixed_messages_of_panics_are_told() {
        let fixed = payload(|| panic!("the table has a row for each code"));
        assert_eq!(
            fixed_message(fixed.as_ref()),
            "the table has a row for each code"
        );
        let text = String::from("Der Kanzler sagte „nein“");
        let quoting = payload(move || drop(text[..text.len() - 2].to_owned()));
        assert!(!fixed_message(quoting.as_ref()).contains("Kanzler"));
    }
}
