//! Models that no manifest names: a `.gguf` file or a folder on this machine.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{Architecture, Entry, Limits, ModelFile, Source};
use crate::error::{Error, Result};

/// What a Marian model in a folder consists of, each file with the name of
/// another that will do in its place.
const MARIAN_FILES: [(&str, Option<&str>); 5] = [
    ("config.json", None),
    ("model.safetensors", Some("pytorch_model.bin")),
    ("source.spm", None),
    ("target.spm", None),
    ("vocab.json", None),
];

/// Whether a user's word can only mean a place on disk.
pub(super) fn is_path(wanted: &str) -> bool {
    wanted.contains(std::path::is_separator)
        || is_gguf(Path::new(wanted))
        || Path::new(wanted).is_dir()
}

/// Describes the model at a path: a `.gguf` file, a folder with exactly one,
/// or a folder with a Marian model.
pub(super) fn entry(path: &Path) -> Result<Entry> {
    let nothing = |fault: &str| Error::Config(format!("no model at {}: {fault}", path.display()));
    if path.is_dir() {
        let mut weights = gguf_files(path)?;
        return match (weights.pop(), weights.is_empty()) {
            (Some(only), true) => file_entry(&only),
            (Some(_), false) => Err(nothing(
                "the folder holds several .gguf files; name one of them",
            )),
            (None, _) => marian_entry(path),
        };
    }
    if !path.exists() {
        return Err(nothing("there is no such file or folder"));
    }
    if !is_gguf(path) {
        return Err(nothing("the file is not a .gguf"));
    }
    file_entry(path)
}

fn is_gguf(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("gguf"))
}

fn gguf_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = |error| {
        Error::io(
            format!("cannot read the folder {}", folder.display()),
            error,
        )
    };
    let mut found = Vec::new();
    for item in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = item.map_err(unreadable)?.path();
        if is_gguf(&path) && path.is_file() {
            found.push(path);
        }
    }
    Ok(found)
}

fn file_entry(path: &Path) -> Result<Entry> {
    let size = std::fs::metadata(path)
        .map_err(|error| Error::io(format!("cannot read {}", path.display()), error))?
        .len();
    let file = ModelFile {
        name: text(path.file_name()),
        alternative: None,
        size: Some(size),
        sha256: None,
    };
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    Ok(describe(text(path.file_stem()), None, vec![file], folder))
}

fn marian_entry(folder: &Path) -> Result<Entry> {
    let files = MARIAN_FILES.map(|(name, alternative)| ModelFile {
        name: name.to_owned(),
        alternative: alternative.map(str::to_owned),
        size: None,
        sha256: None,
    });
    let missing: Vec<String> = files
        .iter()
        .filter(|file| file.find_in(folder).is_none())
        .map(|file| file.names().collect::<Vec<_>>().join(" or "))
        .collect();
    if !missing.is_empty() {
        return Err(Error::Config(format!(
            "no model at {}: the folder holds no .gguf file, and for a Marian model it lacks {}",
            folder.display(),
            missing.join(", ")
        )));
    }
    Ok(describe(
        text(folder.file_name()),
        Some(Architecture::Marian),
        files.into(),
        folder.to_path_buf(),
    ))
}

fn describe(
    name: String,
    architecture: Option<Architecture>,
    files: Vec<ModelFile>,
    path: PathBuf,
) -> Entry {
    Entry {
        name,
        aliases: Vec::new(),
        summary: "a model on this machine".into(),
        architecture,
        files,
        licence: None,
        source: Source::Folder { path },
        prompt: None,
        limits: match architecture {
            // The size of Marian's table of positions.
            Some(Architecture::Marian) => Limits {
                window: 512,
                ..Limits::default()
            },
            Some(Architecture::Qwen2 | Architecture::Gemma3) | None => Limits::default(),
        },
        adapters: Vec::new(),
    }
}

fn text(name: Option<&OsStr>) -> String {
    name.unwrap_or(OsStr::new("model"))
        .to_string_lossy()
        .into_owned()
}
