//! Settings of the store.

use std::path::PathBuf;

use crate::store::{Address, Clock, Store};

/// Where jobs and the translation memory are kept.
#[derive(Debug, Clone, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Store")]
pub struct StoreConfig {
    /// Database of jobs and memory: sqlite:PATH, postgres://…, or "off" for none
    /// [default: the file depesche.db in the data folder]
    #[arg(
        long,
        env = "DEPESCHE_DATABASE_URL",
        hide_env_values = true,
        global = true
    )]
    pub database: Option<String>,

    /// Folder for data that must be kept [default: the user's data folder]
    #[arg(long, env = "DEPESCHE_DATA", global = true)]
    pub data: Option<PathBuf>,
}

impl StoreConfig {
    /// Settings for tests: no store.
    pub fn for_testing() -> Self {
        StoreConfig {
            database: Some("off".into()),
            data: None,
        }
    }

    /// Opens the store; `None` when it is switched off.
    ///
    /// # Errors
    /// Those of [`Address::read`] and [`Store::open`].
    pub fn open(&self) -> crate::Result<Option<Store>> {
        let address = Address::read(self.database.as_deref(), self.data.as_deref())?;
        Store::open(&address, Clock::system())
    }
}
