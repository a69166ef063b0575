//! Failures of the cache's disk, told so that one knows what to do.

use std::io;
use std::path::Path;

use indicatif::DecimalBytes;

use crate::error::{Error, Result};

/// Something below `path` could not be created, written or deleted.
pub(super) fn unwritable(path: &Path, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Fetch(format!(
            "the disk of {} is full: free some space and try again, which goes on where it stopped, \
             or name a folder on another disk with --cache or DEPESCHE_CACHE",
            path.display()
        )),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            Error::Fetch(format!(
                "{} cannot be written ({error}): make it writable, or name another folder with --cache or \
             DEPESCHE_CACHE",
                path.display()
            ))
        }
        _ => Error::io(format!("cannot write {}", path.display()), error),
    }
}

/// Whether it is the disk that failed, and not the reader or the network.
pub(super) fn is_of_disk(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
    )
}

/// Refuses to begin what the disk of `folder` has no room for. A file system
/// that does not tell its free space is trusted.
pub(super) fn require_space(folder: &Path, needed: u64) -> Result<()> {
    match fs4::available_space(folder) {
        Ok(free) if free < needed => Err(shortage(folder, needed, free)),
        Ok(_) | Err(_) => Ok(()),
    }
}

fn shortage(folder: &Path, needed: u64, free: u64) -> Error {
    Error::Fetch(format!(
        "the disk of {} has {} free, and {} are needed: free some space, or name a folder on another disk \
         with --cache or DEPESCHE_CACHE",
        folder.display(),
        DecimalBytes(free),
        DecimalBytes(needed)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_how_much_space_is_missing() {
        let message = shortage(Path::new("/cache"), 1_200_000_000, 300_000).to_string();
        assert_eq!(
            message,
            "the model could not be fetched: the disk of /cache has 300.00 kB free, and 1.20 GB are needed: \
             free some space, or name a folder on another disk with --cache or DEPESCHE_CACHE"
        );
    }

    #[test]
    fn asks_the_disk_itself() {
        let folder = tempfile::tempdir().unwrap();
        assert!(require_space(folder.path(), 1).is_ok());
        assert!(require_space(folder.path(), u64::MAX).is_err());
        assert!(require_space(Path::new("/nowhere/at/all"), u64::MAX).is_ok());
    }

    #[test]
    fn a_full_disk_and_a_forbidden_one_have_different_remedies() {
        let told = |kind: io::ErrorKind| unwritable(Path::new("/cache"), kind.into()).to_string();
        assert!(told(io::ErrorKind::StorageFull).contains("free some space"));
        assert!(told(io::ErrorKind::ReadOnlyFilesystem).contains("make it writable"));
        assert!(told(io::ErrorKind::BrokenPipe).starts_with("cannot write /cache"));
    }
}
