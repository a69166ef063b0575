//! One fetcher per model at a time, over all processes.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::{Progress, fault};
use crate::error::Result;

/// Held while a model's folder in the cache is being written. The operating
/// system lets go of it when the holder ends, however it ends; the file stays,
/// since deleting it would let two processes lock two files of that name.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Locks the folder, waiting for whoever has it.
    pub fn acquire(folder: &Path, model: &str, progress: &dyn Progress) -> Result<Self> {
        let path = folder.join(".lock");
        let refused = |error| fault::unwritable(&path, error);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                progress.say(&format!(
                    "another process is fetching {model}; waiting for it"
                ));
                file.lock().map_err(refused)?;
            }
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        Ok(Lock { _file: file })
    }
}
