//! The manifest: which models there are, where their files come from and how
//! they want to be spoken to.
//!
//! `models/manifest.toml` is part of the binary; `models/README.md` describes
//! its form. Whatever a manifest holds is checked when it is read, so that the
//! rest of the crate can join its names to paths and pass them to programs.

mod checksum;
mod entry;
mod local;
mod validate;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use checksum::Checksum;
pub use entry::{
    Adapter, Architecture, Entry, Licence, Limits, ModelFile, Prompt, Source, Task, Wheel,
};

use crate::error::{Error, Result};

const EMBEDDED: &str = include_str!("../../models/manifest.toml");

/// The models that Depesche knows, in the order of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    #[serde(rename = "model", default)]
    entries: Vec<Entry>,
    /// Where relative paths of the manifest may start, best first.
    #[serde(skip)]
    folders: Vec<PathBuf>,
}

impl Manifest {
    /// The manifest that is part of the binary. Paths in it start at the
    /// `models` folder beside the program: of an installation
    /// (`PREFIX/share/depesche/models`) or of the source tree.
    ///
    /// # Errors
    /// [`Error::Config`] when it is invalid, which the tests rule out.
    pub fn embedded() -> Result<Self> {
        let program = std::env::current_exe().ok();
        let prefix = program
            .as_deref()
            .and_then(Path::parent)
            .and_then(Path::parent);
        let folders = prefix
            .map(|prefix| prefix.join("share/depesche/models"))
            .into_iter()
            .chain([Path::new(env!("CARGO_MANIFEST_DIR")).join("models")])
            .collect();
        Self::parse(EMBEDDED, folders)
            .map_err(|fault| Error::Config(format!("the built-in manifest: {fault}")))
    }

    /// A manifest in a file; paths in it start at the file's folder.
    ///
    /// # Errors
    /// [`Error::Config`] when the file cannot be read or is not valid.
    pub fn load(path: &Path) -> Result<Self> {
        let invalid =
            |fault: String| Error::Config(format!("the manifest {}: {fault}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| invalid(error.to_string()))?;
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Self::parse(&text, vec![folder]).map_err(invalid)
    }

    /// The manifest in the file when one is given, else the built-in one.
    ///
    /// # Errors
    /// As [`Manifest::load`] and [`Manifest::embedded`].
    pub fn open(path: Option<&Path>) -> Result<Self> {
        path.map_or_else(Self::embedded, Self::load)
    }

    fn parse(text: &str, folders: Vec<PathBuf>) -> Result<Self, String> {
        let mut manifest: Manifest =
            toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        validate::manifest(&manifest)?;
        for entry in &mut manifest.entries {
            if let (Source::Folder { path }, Some(folder)) = (&mut entry.source, folders.first()) {
                *path = folder.join(&path);
            }
        }
        manifest.folders = folders;
        Ok(manifest)
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The model with this name or alias.
    ///
    /// # Errors
    /// [`Error::UnknownModel`], naming those there are.
    pub fn find(&self, name: &str) -> Result<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.answers_to(name))
            .ok_or_else(|| Error::UnknownModel {
                name: name.to_owned(),
                known: self.names(),
            })
    }

    /// The model that a user means: a name or an alias, or the path of a
    /// `.gguf` file or of a folder with a model's files.
    ///
    /// # Errors
    /// [`Error::UnknownModel`] for an unknown name, [`Error::Config`] for a
    /// path where no model is.
    pub fn resolve(&self, wanted: &str) -> Result<Entry> {
        match self.find(wanted) {
            Ok(entry) => Ok(entry.clone()),
            Err(_) if local::is_path(wanted) => local::entry(Path::new(wanted)),
            Err(unknown) => Err(unknown),
        }
    }

    /// The prompt of the first model of an architecture: what to use for
    /// weights that no manifest describes.
    pub fn prompt_of(&self, architecture: Architecture) -> Option<&Prompt> {
        self.entries
            .iter()
            .filter(|entry| entry.architecture == Some(architecture))
            .find_map(|entry| entry.prompt.as_ref())
    }

    /// Where an adapter's file is, its checksum verified.
    ///
    /// # Errors
    /// [`Error::Config`] when it is missing, [`Error::Corrupt`] when its
    /// checksum is wrong, [`Error::Io`] when it cannot be read.
    pub fn adapter_path(&self, adapter: &Adapter) -> Result<PathBuf> {
        let places: Vec<PathBuf> = self
            .folders
            .iter()
            .map(|folder| folder.join(&adapter.path))
            .collect();
        let Some(path) = places.iter().find(|place| place.is_file()) else {
            let tried: Vec<String> = places
                .iter()
                .map(|place| place.display().to_string())
                .collect();
            return Err(Error::Config(format!(
                "the adapter is not at {}",
                tried.join(" nor at ")
            )));
        };
        let found = Checksum::of_file(path, |_| ())?;
        if found != adapter.sha256 {
            return Err(Error::Corrupt(format!(
                "{} has the SHA-256 {found}, but the manifest says {}",
                path.display(),
                adapter.sha256
            )));
        }
        Ok(path.clone())
    }

    /// Every name with its aliases, for messages.
    fn names(&self) -> String {
        let names: Vec<String> = self
            .entries
            .iter()
            .map(|entry| match entry.aliases.as_slice() {
                [] => entry.name.clone(),
                aliases => format!("{} ({})", entry.name, aliases.join(", ")),
            })
            .collect();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests;
