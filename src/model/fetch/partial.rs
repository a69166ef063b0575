//! A file that is still being put together, and the record of how far it is.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Progress, fault};
use crate::error::{Error, Result};
use crate::model::manifest::Checksum;

const COPY_SIZE: usize = 1 << 18;

/// What the finished file must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    pub sha256: Checksum,
}

/// `FILE.partial`. Everything up to [`Record::bytes`] is known to be on disk;
/// what lies beyond was being written when an earlier attempt ended, and is
/// cut off.
#[derive(Debug)]
pub(super) struct Partial {
    target: Target,
    file: File,
    record: Record,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    /// Of the finished file: another target makes the record worthless.
    sha256: Checksum,
    /// The pieces that are in, by their requirements.
    pieces: Vec<String>,
    bytes: u64,
}

impl Partial {
    /// Opens the partial file where an earlier attempt left it, or an empty
    /// one when there was none or it was put together from other pieces.
    pub fn open(target: Target, pieces: &[String]) -> Result<Self> {
        let path = beside(&target.path, ".partial");
        let refused = |error| fault::unwritable(&path, error);
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(refused)?;
        let length = file.metadata().map_err(refused)?.len();
        let record = Record::read(&target)
            .filter(|record| {
                record.sha256 == target.sha256
                    && pieces.starts_with(&record.pieces)
                    && record.bytes <= length
            })
            .unwrap_or(Record {
                sha256: target.sha256,
                pieces: Vec::new(),
                bytes: 0,
            });
        file.set_len(record.bytes).map_err(refused)?;
        file.seek(SeekFrom::End(0)).map_err(refused)?;
        Ok(Partial {
            target,
            file,
            record,
        })
    }

    /// Bytes that are in.
    pub fn bytes(&self) -> u64 {
        self.record.bytes
    }

    /// Pieces that are in.
    pub fn pieces(&self) -> usize {
        self.record.pieces.len()
    }

    /// Appends a piece, and records it once it is safely on disk.
    pub fn append(
        &mut self,
        piece: &str,
        content: &mut dyn Read,
        progress: &dyn Progress,
    ) -> Result<()> {
        let path = beside(&self.target.path, ".partial");
        let refused = |error| fault::unwritable(&path, error);
        let mut buffer = vec![0; COPY_SIZE];
        let mut bytes = self.record.bytes;
        loop {
            let count = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    return Err(Error::Fetch(format!(
                        "{piece} arrived damaged ({error}); try again"
                    )));
                }
            };
            bytes += count as u64;
            if bytes > self.target.size {
                return Err(Error::Fetch(format!(
                    "{piece} holds more than the manifest says it should"
                )));
            }
            self.file
                .write_all(buffer.get(..count).unwrap_or_default())
                .map_err(refused)?;
            progress.at(bytes);
        }
        self.file.sync_data().map_err(refused)?;
        self.record.bytes = bytes;
        self.record.pieces.push(piece.to_owned());
        self.record.write(&self.target)
    }

    /// Checks the whole and gives it its name. A file that is not what the
    /// target says is deleted.
    pub fn seal(self, progress: &dyn Progress) -> Result<()> {
        let Partial {
            target,
            file,
            record,
        } = self;
        let path = beside(&target.path, ".partial");
        let refused = |error| fault::unwritable(&path, error);
        file.sync_all().map_err(refused)?;
        drop(file);
        let name = target
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        progress.start(&format!("verifying {name}"), record.bytes);
        let found = Checksum::of_file(&path, |bytes| progress.at(bytes));
        progress.finish();
        let found = found?;
        if record.bytes != target.size || found != target.sha256 {
            Record::remove(&target)?;
            std::fs::remove_file(&path).map_err(refused)?;
            return Err(Error::Corrupt(format!(
                "the pieces of {} make {} bytes with the SHA-256 {found}, but the manifest says {} bytes and {}; \
                 they were deleted: try again, and if it stays, the manifest or the source is wrong",
                target.path.display(),
                record.bytes,
                target.size,
                target.sha256
            )));
        }
        std::fs::rename(&path, &target.path).map_err(refused)?;
        sync_folder(&target.path);
        Record::remove(&target)
    }
}

impl Record {
    fn place(target: &Target) -> PathBuf {
        beside(&target.path, ".partial.json")
    }

    /// A record that is missing or unreadable is no record.
    fn read(target: &Target) -> Option<Self> {
        let text = std::fs::read(Self::place(target)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    fn write(&self, target: &Target) -> Result<()> {
        let place = Self::place(target);
        let draft = beside(&place, ".new");
        let text = serde_json::to_vec(self).map_err(|error| Error::Internal(error.to_string()))?;
        let written = File::create(&draft).and_then(|mut file| {
            file.write_all(&text)?;
            file.sync_data()?;
            std::fs::rename(&draft, &place)
        });
        written.map_err(|error| fault::unwritable(&place, error))
    }

    fn remove(target: &Target) -> Result<()> {
        let place = Self::place(target);
        match std::fs::remove_file(&place) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(fault::unwritable(&place, error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// Makes a rename survive a power cut where the system can; not being able to
/// costs no more than fetching again.
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent() {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}
