//! One struct of settings for each part: a command-line flag, a `DEPESCHE_*`
//! variable and a default for each setting.

mod access;
mod engine;
mod fetch;
mod jobs;
mod logs;
mod remote;
mod serve;
mod store;

use std::time::Duration;

pub use access::AccessConfig;
pub use engine::EngineConfig;
pub use fetch::FetchConfig;
pub use jobs::JobConfig;
pub use logs::{LogConfig, LogFormat};
pub use remote::{EngineKind, RemoteConfig};
pub use serve::ServeConfig;
pub use store::StoreConfig;

/// A time in seconds; 0 stands for no limit.
fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "it is not a number")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(_) => Ok(seconds),
        Err(error) => Err(error.to_string()),
    }
}

fn duration(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|duration| !duration.is_zero())
}
