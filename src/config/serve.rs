//! Settings of the HTTP service, with those of keys, pages and jobs in them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::{AccessConfig, FetchConfig, JobConfig, duration, seconds};

/// Settings of the HTTP service.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct ServeConfig {
    /// Address to listen on
    #[arg(long, env = "DEPESCHE_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Largest request body in bytes
    #[arg(long, env = "DEPESCHE_MAX_BODY", default_value_t = 2 * 1024 * 1024)]
    pub max_body: usize,

    /// Texts in one array at most
    #[arg(long, env = "DEPESCHE_MAX_TEXTS", default_value_t = 256)]
    pub max_texts: usize,

    /// Seconds after which a request is given up; 0 for never
    #[arg(long, env = "DEPESCHE_DEADLINE", default_value_t = 300.0, value_parser = seconds)]
    pub deadline: f64,

    /// Seconds that the body of a request may take to arrive
    #[arg(long, env = "DEPESCHE_BODY_TIMEOUT", default_value_t = 30.0, value_parser = seconds)]
    pub body_timeout: f64,

    /// Seconds of silence after which an event stream shows a sign of life
    #[arg(long, env = "DEPESCHE_HEARTBEAT", default_value_t = 10.0, value_parser = seconds)]
    pub heartbeat: f64,

    /// Folder for glossaries that clients store [default: they are kept in memory]
    #[arg(long, env = "DEPESCHE_GLOSSARIES")]
    pub glossaries: Option<PathBuf>,

    /// Folder of `depesche watch` whose feeds are served at /feeds/NAME [default: none]
    #[arg(long, env = "DEPESCHE_FEEDS_DIR", value_name = "DIR")]
    pub feeds_dir: Option<PathBuf>,

    /// Seconds that running requests get to finish after SIGTERM
    #[arg(long, env = "DEPESCHE_GRACE", default_value_t = 60)]
    pub grace: u64,

    #[command(flatten)]
    pub access: AccessConfig,

    #[command(flatten)]
    pub fetch: FetchConfig,

    #[command(flatten)]
    pub jobs: JobConfig,
}

impl ServeConfig {
    /// The deadline of a request; `None` for no limit.
    pub fn deadline(&self) -> Option<Duration> {
        duration(self.deadline)
    }

    /// The time a body may take; `None` for any.
    pub fn body_timeout(&self) -> Option<Duration> {
        duration(self.body_timeout)
    }

    /// The silence before a sign of life; `None` for ever.
    pub fn heartbeat(&self) -> Option<Duration> {
        duration(self.heartbeat)
    }

    /// Settings for tests: any free port, small limits.
    pub fn for_testing() -> Self {
        ServeConfig {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            max_body: 64 * 1024,
            max_texts: 8,
            deadline: 20.0,
            body_timeout: 1.0,
            heartbeat: 0.05,
            glossaries: None,
            feeds_dir: None,
            grace: 5,
            access: AccessConfig::for_testing(),
            fetch: FetchConfig::for_testing(),
            jobs: JobConfig::for_testing(),
        }
    }
}
