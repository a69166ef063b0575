//! How a stage is run: no longer than the deadline, and not on the threads that answer
//! requests.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// Gives up when the deadline passes; what was submitted is cancelled.
pub(super) async fn within<T>(
    deadline: Option<Duration>,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    match deadline {
        None => work.await,
        Some(deadline) => match tokio::time::timeout(deadline, work).await {
            // The engine may notice first, and knows only how long it was.
            Err(_) | Ok(Err(Error::Deadline(_))) => Err(Error::Deadline(deadline)),
            Ok(result) => result,
        },
    }
}

/// Runs work that needs the processor for more than a moment.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        // Without the panic's message, which may quote the text.
        .unwrap_or_else(|_| Err(Error::Internal("a stage panicked".into())))
}

pub(super) fn milliseconds(since: Instant) -> f64 {
    (since.elapsed().as_secs_f64() * 1e6).round() / 1e3
}
