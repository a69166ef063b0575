//! Settings of jobs and of their webhooks.

use std::time::Duration;

use super::{duration, seconds};
use crate::jobs::{Settings, Webhooks};
use crate::web::Reach;

/// Settings of jobs.
#[derive(Debug, Clone, PartialEq, clap::Args)]
#[command(next_help_heading = "Jobs")]
pub struct JobConfig {
    /// Jobs that this process works on at the same time; 0 for none
    #[arg(long, env = "DEPESCHE_JOB_CONCURRENCY", default_value_t = 2)]
    pub job_concurrency: usize,

    /// Seconds after which others take the jobs of a process that died
    #[arg(long, env = "DEPESCHE_JOB_LEASE", default_value_t = 15.0, value_parser = lease)]
    pub job_lease: f64,

    /// Hours for which jobs that are over can be asked for; 0 for ever
    #[arg(long, env = "DEPESCHE_JOB_RETENTION", default_value_t = 168.0, value_parser = hours)]
    pub job_retention: f64,

    /// Which webhooks jobs may have: none, those on public addresses, or any
    #[arg(long, env = "DEPESCHE_WEBHOOKS", value_enum, default_value = "off")]
    pub webhooks: Reach,

    /// Key that signs webhooks; better given by the variable
    #[arg(long, env = "DEPESCHE_WEBHOOK_SECRET", hide_env_values = true)]
    pub webhook_secret: Option<String>,
}

impl JobConfig {
    /// How the runner works.
    pub fn settings(&self) -> Settings {
        Settings {
            concurrency: self.job_concurrency,
            lease: duration(self.job_lease).unwrap_or(Duration::from_secs(15)),
            retention: duration(self.job_retention * 3600.0),
        }
    }

    /// Which webhooks are allowed.
    ///
    /// # Errors
    /// Those of [`Webhooks::new`].
    pub fn webhooks(&self) -> crate::Result<Webhooks> {
        Webhooks::new(self.webhooks, self.webhook_secret.clone())
    }

    /// Settings for tests: short leases, webhooks to this machine.
    pub fn for_testing() -> Self {
        JobConfig {
            job_concurrency: 2,
            job_lease: 1.0,
            job_retention: 1.0,
            webhooks: Reach::Any,
            webhook_secret: Some("secret".into()),
        }
    }
}

/// A lease in seconds: long enough to be renewed.
fn lease(text: &str) -> Result<f64, String> {
    match seconds(text)? {
        lease if (0.1..=3600.0).contains(&lease) => Ok(lease),
        _ => Err("it must be from 0.1 to 3600".into()),
    }
}

/// A time in hours; 0 stands for no limit.
fn hours(text: &str) -> Result<f64, String> {
    let hours = seconds(text)?;
    seconds(&(hours * 3600.0).to_string()).map(|_| hours)
}
