//! Where translations are made, and the settings of a server that makes them.

use std::time::Duration;

use crate::backoff::Backoff;
use crate::dispatch::ModelTag;
use crate::engine::remote::retry::Retry;
use crate::engine::remote::{Api, RemoteOptions, Secret};
use crate::error::Error;

/// Where translations are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum EngineKind {
    /// By a model of this process.
    #[default]
    Local,
    /// By a server that speaks OpenAI's interface; no model is fetched or loaded.
    Openai,
}

/// Settings of a server that translates in place of a local model. Its key is
/// read from `DEPESCHE_ENGINE_KEY` alone, since flags are seen by everybody on
/// a machine.
#[derive(Debug, Clone, PartialEq, clap::Args)]
#[command(next_help_heading = "Engine elsewhere (the key: DEPESCHE_ENGINE_KEY)")]
pub struct RemoteConfig {
    /// Where translations are made
    #[arg(
        long,
        env = "DEPESCHE_ENGINE",
        value_enum,
        default_value = "local",
        global = true
    )]
    pub engine: EngineKind,

    /// Base address of the server, as in http://host:8000/v1
    #[arg(long, env = "DEPESCHE_ENGINE_URL", global = true)]
    pub engine_url: Option<String>,

    /// Name of the server's model
    #[arg(long, env = "DEPESCHE_ENGINE_MODEL", global = true)]
    pub engine_model: Option<String>,

    /// Interface of the server
    #[arg(
        long,
        env = "DEPESCHE_ENGINE_API",
        value_enum,
        default_value = "chat",
        global = true
    )]
    pub engine_api: Api,

    /// Prompt in place of the built-in one, with {source} where the text goes
    #[arg(long, env = "DEPESCHE_ENGINE_PROMPT", global = true)]
    pub engine_prompt: Option<String>,

    /// Requests to the server at the same time
    #[arg(long, env = "DEPESCHE_ENGINE_CONCURRENCY", default_value_t = 8, global = true,
          value_parser = clap::value_parser!(u16).range(1..=256))]
    pub engine_concurrency: u16,

    /// Seconds that a request to the server may take
    #[arg(long, env = "DEPESCHE_ENGINE_TIMEOUT", default_value_t = 60, global = true,
          value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub engine_timeout: u16,

    /// Times that a request is sent before its segment has failed
    #[arg(long, env = "DEPESCHE_ENGINE_ATTEMPTS", default_value_t = 4, global = true,
          value_parser = clap::value_parser!(u8).range(1..=10))]
    pub engine_attempts: u8,
}

/// Variable that holds the key of the server that translates.
const ENGINE_KEY: &str = "DEPESCHE_ENGINE_KEY";

impl RemoteConfig {
    /// Name of the server's model as answers, feeds and the memory know it, and
    /// what stands for a prompt of one's own; `None` for a local engine.
    ///
    /// # Errors
    /// [`Error::Config`] when the server's model is not named.
    pub fn tag(&self) -> crate::Result<Option<ModelTag>> {
        match self.engine {
            EngineKind::Local => Ok(None),
            EngineKind::Openai => {
                let name = self.engine_model.as_deref().filter(|name| !name.is_empty());
                let name = name.ok_or_else(|| {
                    Error::Config("--engine openai needs --engine-model NAME".into())
                })?;
                let prompt = self.engine_prompt.as_ref().map(|prompt| {
                    let digest = crate::store::memory::digest(&[prompt]);
                    format!("prompt {}", digest.get(..12).unwrap_or(&digest))
                });
                Ok(Some(ModelTag {
                    name: format!("openai:{name}"),
                    adapter: prompt,
                }))
            }
        }
    }

    /// The server and how it is asked; `None` for a local engine.
    ///
    /// # Errors
    /// [`Error::Config`] when something of it is not given, or the key is no text.
    pub fn options(&self) -> crate::Result<Option<RemoteOptions>> {
        if self.tag()?.is_none() {
            return Ok(None);
        }
        let url = self.engine_url.clone().filter(|url| !url.is_empty());
        let key = match std::env::var(ENGINE_KEY) {
            Ok(key) => Some(key.trim().to_owned()).filter(|key| !key.is_empty()),
            Err(std::env::VarError::NotPresent) => None,
            Err(std::env::VarError::NotUnicode(_)) => {
                return Err(Error::Config(format!("{ENGINE_KEY} is no text")));
            }
        };
        if key
            .as_ref()
            .is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic()))
        {
            return Err(Error::Config(format!("{ENGINE_KEY} is no key")));
        }
        Ok(Some(RemoteOptions {
            url: url
                .ok_or_else(|| Error::Config("--engine openai needs --engine-url URL".into()))?,
            model: self.engine_model.clone().unwrap_or_default(),
            api: self.engine_api,
            prompt: self.engine_prompt.clone(),
            key: key.map(Secret::new),
            concurrency: usize::from(self.engine_concurrency),
            timeout: Duration::from_secs(u64::from(self.engine_timeout)),
            retry: Retry {
                attempts: u32::from(self.engine_attempts),
                ..Retry::default()
            },
            rest: Backoff {
                first: Duration::from_secs(2),
                longest: Duration::from_secs(60),
            },
        }))
    }

    /// Settings for tests: a local engine.
    pub fn for_testing() -> Self {
        RemoteConfig {
            engine: EngineKind::Local,
            engine_url: None,
            engine_model: None,
            engine_api: Api::Chat,
            engine_prompt: None,
            engine_concurrency: 4,
            engine_timeout: 5,
            engine_attempts: 3,
        }
    }
}
