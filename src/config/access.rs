//! Settings of keys, rates, quotas and of the origins of pages.

use std::num::NonZeroU32;
use std::path::PathBuf;

use crate::http::cors::Origin;
use crate::keys::{Allowance, Gate, Source};
use crate::store::Clock;

/// Settings of keys, rates and quotas.
#[derive(Debug, Clone, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Keys and limits")]
pub struct AccessConfig {
    /// File of API keys, one a line as `depesche keys new` writes it; it is read
    /// again when it changes [default: no key is needed]
    #[arg(long, env = "DEPESCHE_API_KEYS_FILE", value_name = "FILE")]
    pub api_keys: Option<PathBuf>,

    /// An API key; better given by the variable, which may hold several with
    /// commas between them
    #[arg(
        long = "api-key",
        env = "DEPESCHE_API_KEYS",
        hide_env_values = true,
        value_name = "NAME=KEY",
        value_delimiter = ','
    )]
    pub api_key: Vec<String>,

    /// Ask for a key at /metrics as well
    #[arg(long, env = "DEPESCHE_GUARD_METRICS")]
    pub guard_metrics: bool,

    /// Requests per minute of each key or, without keys, of each client's address
    /// [default: any number]
    #[arg(long, env = "DEPESCHE_REQUESTS_PER_MINUTE", value_name = "NUMBER")]
    pub requests_per_minute: Option<NonZeroU32>,

    /// Requests that may come at once [default: those of a minute]
    #[arg(long, env = "DEPESCHE_BURST", value_name = "NUMBER")]
    pub burst: Option<NonZeroU32>,

    /// Characters of source text in a calendar month of each key or, without keys,
    /// of all clients together [default: any number]
    #[arg(long, env = "DEPESCHE_CHARACTERS_PER_MONTH", value_name = "NUMBER")]
    pub characters_per_month: Option<u64>,

    /// Origin of pages that may read what the service answers, as
    /// https://example.org; may be given several times [default: none]
    // The help shows the words as they are.
    #[allow(rustdoc::bare_urls)]
    #[arg(
        long = "cors-origin",
        env = "DEPESCHE_CORS_ORIGINS",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub cors_origins: Vec<Origin>,
}

impl AccessConfig {
    /// What guards the service.
    ///
    /// # Errors
    /// Those of [`Source::open`].
    pub fn gate(&self) -> crate::Result<Gate> {
        let keys = Source::open(self.api_keys.as_deref(), &self.api_key)?;
        let usual = Allowance {
            requests_per_minute: self.requests_per_minute,
            burst: self.burst,
            characters_per_month: self.characters_per_month,
        };
        Ok(Gate::new(keys, usual, Clock::system()))
    }

    /// Settings for tests: no keys and no limits.
    pub fn for_testing() -> Self {
        AccessConfig::default()
    }
}
