//! `depesche keys`: making keys for the service's file.

use std::num::NonZeroU32;
use std::process::ExitCode;

use clap::Subcommand;

use crate::cli::output;
use crate::error::Result;
use crate::keys::{Allowance, Key};

/// API keys
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Make a key: its line for the file goes to standard output, the key itself to
    /// standard error, and nowhere else
    New {
        /// Name under which usage is counted and shown
        name: String,
        /// Requests per minute [default: the service's]
        #[arg(long)]
        requests_per_minute: Option<NonZeroU32>,
        /// Requests that may come at once [default: those of a minute]
        #[arg(long)]
        burst: Option<NonZeroU32>,
        /// Characters of source text in a calendar month [default: the service's]
        #[arg(long)]
        characters_per_month: Option<u64>,
    },
}

/// # Errors
/// Those of [`Key::fresh`] and of standard output.
pub fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::New {
            name,
            requests_per_minute,
            burst,
            characters_per_month,
        } => {
            let allowance = Allowance {
                requests_per_minute: *requests_per_minute,
                burst: *burst,
                characters_per_month: *characters_per_month,
            };
            let (key, secret) = Key::fresh(name, allowance)?;
            output::print(&key.to_string())?;
            output::complain(&format!(
                "The key of {name}, which is shown this once:\n{secret}"
            ));
            Ok(ExitCode::SUCCESS)
        }
    }
}
