//! Settings of the logs and traces.

use url::Url;

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Settings of the logs.
#[derive(Debug, Clone, PartialEq, clap::Args)]
#[command(next_help_heading = "Logs")]
pub struct LogConfig {
    /// What to log, as a tracing filter such as `info` or `depesche=debug`
    /// [default: info for serve, else warn]
    #[arg(long, env = "DEPESCHE_LOG", global = true)]
    pub log: Option<String>,

    /// Form of the log lines on stderr
    #[arg(
        long,
        env = "DEPESCHE_LOG_FORMAT",
        value_enum,
        default_value = "text",
        global = true
    )]
    pub log_format: LogFormat,

    /// Send traces of the stages of each request to this OpenTelemetry
    /// collector (OTLP over HTTP, such as http://localhost:4318); they hold no
    /// text
    #[arg(
        long,
        env = "DEPESCHE_OTLP_ENDPOINT",
        global = true,
        value_name = "URL"
    )]
    pub otlp_endpoint: Option<Url>,
}
