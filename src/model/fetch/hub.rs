//! The model hub: repositories of files, and the cache that its tools share.

use std::path::{Path, PathBuf};

use hf_hub::api::sync::{Api, ApiBuilder, ApiError};
use hf_hub::{Cache, Repo, RepoType};

use super::{Progress, fault};
use crate::error::{Error, Result};
use crate::model::manifest::{Checksum, Entry};

/// A repository at a revision.
#[derive(Debug, Clone)]
pub(super) struct Hub {
    repo: Repo,
}

/// Whom to ask and where to put the answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Access<'a> {
    /// The hub cache that is written.
    pub cache: &'a Path,
    /// The user's own hub cache, where an access token may lie.
    pub home: Option<&'a Path>,
    /// The address of the hub, when it is not the usual one.
    pub endpoint: Option<&'a str>,
}

/// What a failed download was.
struct Failure {
    error: Error,
    /// The repository does not have the file.
    absent: bool,
}

impl Hub {
    pub fn new(repository: &str, revision: &str) -> Self {
        Hub {
            repo: Repo::with_revision(repository.to_owned(), RepoType::Model, revision.to_owned()),
        }
    }

    /// Where a hub cache keeps this repository.
    pub fn folder(&self, cache: &Path) -> PathBuf {
        cache.join(self.repo.folder_name())
    }

    /// The folder in a hub cache that has the model's files at this revision,
    /// if at least the first of them is there.
    pub fn snapshot(&self, cache: &Path, entry: &Entry) -> Option<PathBuf> {
        let first = &entry.files.first()?.name;
        let known = Cache::new(cache.to_owned())
            .repo(self.repo.clone())
            .get(first);
        // A revision that is a commit has no reference to look up.
        let commit = self
            .folder(cache)
            .join("snapshots")
            .join(self.repo.revision());
        known
            .and_then(|file| file.parent().map(Path::to_path_buf))
            .or_else(|| commit.join(first).is_file().then_some(commit))
    }

    /// Downloads the files, each under the first of its names that the
    /// repository has.
    pub fn download(
        &self,
        access: Access<'_>,
        entry: &Entry,
        progress: &dyn Progress,
    ) -> Result<()> {
        let cache = access.cache;
        std::fs::create_dir_all(cache).map_err(|error| fault::unwritable(cache, error))?;
        let repo = self.api(access)?.repo(self.repo.clone());
        for file in &entry.files {
            let mut names = file.names().peekable();
            while let Some(name) = names.next() {
                let meter = Meter {
                    file: name,
                    progress,
                    bytes: 0,
                };
                let Err(error) = repo.download_with_progress(name, meter) else {
                    break;
                };
                let failure = self.explain(cache, name, error);
                if !failure.absent || names.peek().is_none() {
                    return Err(failure.error);
                }
            }
        }
        Ok(())
    }

    fn api(&self, access: Access<'_>) -> Result<Api> {
        let Access {
            cache,
            home,
            endpoint,
        } = access;
        let token = home.and_then(|home| Cache::new(home.to_owned()).token());
        let mut builder = ApiBuilder::from_cache(Cache::new(cache.to_owned()))
            .with_token(std::env::var("HF_TOKEN").ok().or(token))
            .with_retries(3);
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(endpoint.to_owned());
        }
        builder
            .build()
            .map_err(|error| self.explain(cache, "the client", error).error)
    }

    fn explain(&self, cache: &Path, file: &str, error: ApiError) -> Failure {
        let mut absent = false;
        let error = match error {
            ApiError::TooManyRetries(last) => *last,
            other => other,
        };
        let reason = match error {
            ApiError::IoError(error) if fault::is_of_disk(&error) => {
                return Failure {
                    error: fault::unwritable(cache, error),
                    absent,
                };
            }
            ApiError::LockAcquisition(_) => "another program is downloading it".to_owned(),
            // The error's own text would carry addresses.
            ApiError::RequestError(error) => {
                let kind = error.kind().to_string();
                match error.into_response() {
                    Some(response) => {
                        absent = response.status() == 404;
                        format!("the hub answered with status {}", response.status())
                    }
                    None => format!("no connection to the model hub ({kind})"),
                }
            }
            other => other.to_string(),
        };
        let error = Error::Fetch(format!(
            "{file} of {}: {reason}. Check the network and try again, or put the files into a folder of your own \
             and name it in DEPESCHE_MODEL_DIR",
            self.repo.url()
        ));
        Failure { error, absent }
    }
}

/// The SHA-256 that the hub states for a file of its cache: large files are
/// kept under their checksum, and the path leads there by a symbolic link.
pub(super) fn stated_checksum(path: &Path) -> Option<Checksum> {
    let blob = std::fs::read_link(path).ok()?;
    blob.file_name()?.to_str()?.parse().ok()
}

/// Passes the hub client's progress on.
struct Meter<'a> {
    file: &'a str,
    progress: &'a dyn Progress,
    bytes: u64,
}

impl hf_hub::api::Progress for Meter<'_> {
    fn init(&mut self, size: usize, _filename: &str) {
        self.bytes = 0;
        self.progress
            .start(&format!("fetching {}", self.file), size as u64);
    }

    fn update(&mut self, size: usize) {
        self.bytes += size as u64;
        self.progress.at(self.bytes);
    }

    fn finish(&mut self) {
        self.progress.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_link_to_a_large_file_states_a_checksum() {
        let folder = tempfile::tempdir().unwrap();
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let plain = folder.path().join("plain");
        std::fs::write(&plain, "abc").unwrap();
        assert_eq!(stated_checksum(&plain), None);
        #[cfg(unix)]
        for (name, blob, stated) in [
            ("large", sum, true),
            ("small", "0da41bcf74fa9a6af4855c7350e27819796d9ca9", false),
        ] {
            let link = folder.path().join(name);
            std::os::unix::fs::symlink(Path::new("../../blobs").join(blob), &link).unwrap();
            assert_eq!(stated_checksum(&link).is_some(), stated);
        }
    }
}
