//! From settings to a model that is ready to run.

use std::path::{Path, PathBuf};

use crate::config::EngineConfig;
use crate::dispatch::ModelTag;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::model::decoder::{Decoder, DecoderOptions};
use crate::model::fetch::{Cache, Progress, locate};
use crate::model::gguf::Gguf;
use crate::model::manifest::{Architecture, Entry, Manifest, Prompt, Task};
use crate::model::marian::{Marian, MarianOptions};
use crate::model::prompt::PromptTemplate;

/// A model and the name that answers carry.
pub struct Loaded {
    pub model: Box<dyn Model>,
    pub tag: ModelTag,
}

/// Finds the configured model, fetches it when it is missing, and loads it
/// with the adapter for translation.
///
/// # Errors
/// Those of [`locate`] and of the architecture's loader.
pub fn load(config: &EngineConfig, progress: &dyn Progress) -> Result<Loaded> {
    let manifest = Manifest::open(config.manifest.as_deref())?;
    let cache = Cache::new(config.cache.clone())?;
    let (entry, path) = locate(&manifest, &cache, &config.model, progress)?;
    let architecture = match entry.architecture {
        Some(architecture) => architecture,
        None => architecture_of(&path)?,
    };
    let sequences = config.sequences.map_or(entry.limits.sequences, usize::from);
    let adapter = adapter(&manifest, &entry, config)?;
    let tag = ModelTag {
        name: entry.name.clone(),
        adapter: adapter.as_deref().map(label),
    };
    let model: Box<dyn Model> = match architecture {
        Architecture::Qwen2 | Architecture::Gemma3 => {
            let own = own_prompt(&entry, config);
            let prompt = own
                .or_else(|| manifest.prompt_of(architecture))
                .ok_or_else(|| Error::Config(format!("the model {} has no prompt", entry.name)))?;
            Box::new(Decoder::load(DecoderOptions {
                gguf: path,
                adapter,
                base_sha256: entry
                    .files
                    .first()
                    .and_then(|file| file.sha256.as_ref())
                    .map(ToString::to_string),
                prompt: template(prompt),
                sequences,
                window: Some(entry.limits.window),
                answer: entry.limits.answer(),
                whole_vocabulary: config.whole_vocabulary,
                ..DecoderOptions::default()
            })?)
        }
        Architecture::Marian if adapter.is_some() => {
            return Err(Error::Config(format!(
                "{} is a Marian model, and those take no adapter",
                entry.name
            )));
        }
        Architecture::Marian => Box::new(Marian::load(
            &path,
            MarianOptions {
                sequences,
                answer: entry.limits.answer(),
            },
        )?),
    };
    Ok(Loaded { model, tag })
}

/// What the weights themselves say they are.
fn architecture_of(path: &Path) -> Result<Architecture> {
    match Gguf::open(path)?.architecture()? {
        "qwen2" => Ok(Architecture::Qwen2),
        "gemma3" => Ok(Architecture::Gemma3),
        other => Err(Error::Model(format!(
            "{} is of the architecture {other:?}; Depesche runs qwen2 and gemma3",
            path.display()
        ))),
    }
}

/// The adapter that was asked for, or the manifest's; "none" for none.
fn adapter(manifest: &Manifest, entry: &Entry, config: &EngineConfig) -> Result<Option<PathBuf>> {
    match &config.adapter {
        Some(none) if none.as_os_str() == "none" => Ok(None),
        Some(path) => Ok(Some(path.clone())),
        None => entry
            .adapter(Task::Translate)
            .map(|adapter| manifest.adapter_path(adapter))
            .transpose(),
    }
}

fn label(adapter: &Path) -> String {
    let folder = adapter.parent().and_then(Path::file_name);
    let file = adapter.file_stem();
    [folder, file]
        .into_iter()
        .flatten()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// The prompt of the manifest's adapter, when that is the one in use, or the
/// model's own. An adapter file may still carry another.
fn own_prompt<'a>(entry: &'a Entry, config: &EngineConfig) -> Option<&'a Prompt> {
    match config.adapter {
        None => entry.prompt(Task::Translate),
        Some(_) => entry.prompt.as_ref(),
    }
}

fn template(prompt: &Prompt) -> PromptTemplate {
    PromptTemplate {
        prefix: prompt.prefix.clone(),
        template: prompt.template.clone(),
        end: prompt.end.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_manifests_adapter_brings_the_manifests_prompt() {
        let manifest = Manifest::embedded().unwrap();
        let mut entry = manifest.find("default").unwrap().clone();
        let trained = Prompt {
            prefix: String::new(),
            template: "{source} = ".into(),
            end: vec!["<eos>".into()],
        };
        entry.adapters = vec![crate::model::manifest::Adapter {
            task: Task::Translate,
            path: "a.safetensors".into(),
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
                .parse()
                .unwrap(),
            prompt: Some(trained.clone()),
        }];
        let prompt = |adapter: Option<&str>| {
            let config = EngineConfig {
                adapter: adapter.map(PathBuf::from),
                ..EngineConfig::for_testing()
            };
            own_prompt(&entry, &config).cloned()
        };
        assert_eq!(prompt(None), Some(trained));
        assert_eq!(prompt(Some("other.safetensors")), entry.prompt);
        assert_eq!(prompt(Some("none")), entry.prompt);
    }
}
