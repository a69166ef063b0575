//! Where a translation comes from: what must be equal for it to be used again.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::config::EngineConfig;
use crate::dispatch::ModelTag;
use crate::engine::Decoding;
use crate::error::{Error, Result};
use crate::model::manifest::{Manifest, Task};
use crate::store::memory::{digest, hex};

/// A model with its adapter and the options of decoding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Name, and what is known of the file's content; of a server's model only
    /// the name is known.
    pub model: String,
    /// Name and SHA-256; empty without an adapter.
    pub adapter: String,
    /// What decoding depends on, as `name=value` with spaces between.
    pub options: String,
}

impl Origin {
    /// The origin of everything that a configured model translates, but for the
    /// options of a request.
    ///
    /// # Errors
    /// Those of the manifest; [`Error::Io`] when the adapter cannot be read.
    pub fn of(config: &EngineConfig, tag: &ModelTag) -> Result<Self> {
        if config.remote.tag()?.is_some() {
            return Ok(Origin {
                model: tag.name.clone(),
                adapter: tag.adapter.clone().unwrap_or_default(),
                options: format!("api={:?}", config.remote.engine_api).to_lowercase(),
            });
        }
        let manifest = Manifest::open(config.manifest.as_deref())?;
        let entry = manifest.resolve(&config.model)?;
        let file = entry.files.first().and_then(|file| file.sha256.as_ref());
        let model = match file {
            Some(sha256) => format!("{} {}", tag.name, sha256),
            None => match std::fs::metadata(&config.model) {
                Ok(file) => format!("{} {} bytes", tag.name, file.len()),
                Err(_) => tag.name.clone(),
            },
        };
        let adapter = match &config.adapter {
            Some(none) if none.as_os_str() == "none" => None,
            Some(path) => Some(path.clone()),
            None => entry
                .adapter(Task::Translate)
                .map(|adapter| manifest.adapter_path(adapter))
                .transpose()?,
        };
        let adapter = match (&tag.adapter, adapter) {
            (Some(name), Some(path)) => format!("{name} {}", sha256_of(&path)?),
            _ => String::new(),
        };
        let vocabulary = if config.whole_vocabulary {
            "whole"
        } else {
            "adapter"
        };
        Ok(Origin {
            model,
            adapter,
            options: format!("vocabulary={vocabulary}"),
        })
    }

    /// The same model and adapter, with the options of a request.
    pub fn with(&self, decoding: Decoding) -> Self {
        let Decoding {
            beams,
            length_penalty,
        } = decoding;
        let options = format!("{} beams={beams} length={length_penalty}", self.options);
        Origin {
            options: options.trim().to_owned(),
            ..self.clone()
        }
    }

    /// What stands for all of it in the table.
    pub fn scope(&self) -> String {
        digest(&[&self.model, &self.adapter, &self.options])
    }
}

fn sha256_of(path: &Path) -> Result<String> {
    let mut file = std::fs::File::open(path)
        .map_err(|error| Error::io(format!("opening {}", path.display()), error))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = std::io::Read::read(&mut file, &mut buffer)
            .map_err(|error| Error::io(format!("reading {}", path.display()), error))?;
        match buffer.get(..read) {
            Some([]) | None => return Ok(hex(&hash.finalize())),
            Some(bytes) => hash.update(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{EngineKind, RemoteConfig};

    fn scope(model: &str, prompt: Option<&str>) -> String {
        let config = EngineConfig {
            remote: RemoteConfig {
                engine: EngineKind::Openai,
                engine_model: Some(model.into()),
                engine_prompt: prompt.map(str::to_owned),
                ..RemoteConfig::for_testing()
            },
            ..EngineConfig::for_testing()
        };
        let tag = config.remote.tag().unwrap().unwrap();
        let origin = Origin::of(&config, &tag).unwrap();
        assert!(origin.model.contains(model), "{}", origin.model);
        origin.with(Decoding::default()).scope()
    }

    #[test]
    fn a_servers_model_and_prompt_are_part_of_the_key() {
        assert_eq!(scope("big", None), scope("big", None));
        assert_ne!(scope("big", None), scope("bigger", None));
        assert_ne!(
            scope("big", None),
            scope("big", Some("Auf Englisch: {source}"))
        );
    }
}
