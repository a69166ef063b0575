//! The manifest: which models there are, where their files come from and how
//! they want to be spoken to.
//!
//! `models/manifest.toml` is part of the binary; `models/README.md` describes
//! its form. Whatever a manifest holds is checked when it is read, so that the
//! rest of the crate can join its names to paths and pass them to programs.

mod checksum;
mod local;
mod validate;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use checksum::Checksum;

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

/// One model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Letters, digits, `.`, `_` and `-`; also the folder in the cache.
    pub name: String,
    /// Further names, unique over the whole manifest. `default` is the model
    /// of every command that is told no other.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// One line for people who choose.
    #[serde(default)]
    pub summary: String,
    /// `None`: the weights themselves say it (a `.gguf` given by its path).
    pub architecture: Option<Architecture>,
    pub files: Vec<ModelFile>,
    pub licence: Option<Licence>,
    pub source: Source,
    /// How a source text is put to a decoder-only model. `None` for
    /// encoder–decoders, and for weights given by their path, where
    /// [`Manifest::prompt_of`] helps.
    pub prompt: Option<Prompt>,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub adapters: Vec<Adapter>,
}

/// The kinds of model that Depesche can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    Qwen2,
    Gemma3,
    Marian,
}

/// A file of a model, by its plain name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    pub name: String,
    /// Bytes.
    pub size: Option<u64>,
    pub sha256: Option<Checksum>,
}

/// On what terms a model may be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    pub name: String,
    /// Where the text is.
    pub url: String,
    /// What the licence wants users to be told; shown before a download.
    pub notice: Option<String>,
}

/// Where a model's files come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Source {
    /// Python wheels; the one file is their entries, put together in order.
    Wheels { wheels: Vec<Wheel> },
    /// A repository of the model hub that holds the files by their names.
    Hub {
        repository: String,
        #[serde(default = "Source::main")]
        revision: String,
    },
    /// A folder that holds the files; nothing is ever fetched.
    Folder { path: PathBuf },
}

impl Source {
    fn main() -> String {
        "main".into()
    }
}

/// A package and the entry of its wheel that carries a piece of the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wheel {
    pub package: String,
    pub version: String,
    /// Path inside the wheel, with forward slashes.
    pub entry: String,
}

impl Wheel {
    /// The requirement that names this wheel exactly (PEP 508).
    pub fn requirement(&self) -> String {
        format!("{}=={}", self.package, self.version)
    }
}

/// How a source text is put to a decoder-only model: `prefix`, then `template`
/// with the text in the place of `{source}`. Both may spell special tokens
/// (`<|im_start|>`, `<bos>`); in the source text such words are plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    /// The same for every text, so that it is computed once.
    #[serde(default)]
    pub prefix: String,
    /// Holds `{source}` exactly once.
    pub template: String,
    /// Tokens (as text) that end an answer.
    pub end: Vec<String>,
}

impl Prompt {
    pub const PLACEHOLDER: &'static str = "{source}";

    /// The template's text before and after the source.
    pub fn around(&self) -> (&str, &str) {
        self.template
            .split_once(Self::PLACEHOLDER)
            .unwrap_or((&self.template, ""))
    }
}

/// How much a model can take at once.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Tokens of one sequence: prompt and answer together.
    pub window: usize,
    /// Sequences that are decoded together at most.
    pub sequences: usize,
    /// Tokens of an answer per token of its source, at most …
    pub output_factor: f32,
    /// … and tokens granted on top, for very short texts.
    pub output_extra: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            window: 4096,
            sequences: 16,
            output_factor: 2.5,
            output_extra: 24,
        }
    }
}

impl Limits {
    /// The most tokens that an answer to so many source tokens may have.
    pub fn output(&self, source_tokens: usize) -> usize {
        // Saturates where the product does not fit, as float casts do.
        let scaled = (source_tokens as f64 * f64::from(self.output_factor)).ceil() as usize;
        scaled.saturating_add(self.output_extra)
    }
}

/// What a model is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    Translate,
    Summarize,
}

/// A trained difference to the weights, for one task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adapter {
    pub task: Task,
    /// A safetensors file, relative to the folder of the manifest.
    pub path: PathBuf,
    pub sha256: Checksum,
    /// What the adapter was trained with, in place of the model's own prompt.
    pub prompt: Option<Prompt>,
}

impl Entry {
    /// The adapter of a task.
    pub fn adapter(&self, task: Task) -> Option<&Adapter> {
        self.adapters.iter().find(|adapter| adapter.task == task)
    }

    /// The prompt of a task: its adapter's, or else the model's own.
    pub fn prompt(&self, task: Task) -> Option<&Prompt> {
        self.adapter(task)
            .and_then(|adapter| adapter.prompt.as_ref())
            .or(self.prompt.as_ref())
    }

    /// Bytes of all files, when the manifest states them.
    pub fn size(&self) -> Option<u64> {
        self.files.iter().map(|file| file.size).sum()
    }

    fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.aliases.iter().any(|alias| alias == name)
    }
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
