//! One struct of settings: a command-line flag, a `DEPESCHE_*` variable and a
//! default for each.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::backoff::Backoff;
use crate::dispatch::ModelTag;
use crate::engine::remote::retry::Retry;
use crate::engine::remote::{Api, RemoteOptions, Secret};
use crate::error::Error;
use crate::figures::{ClockStyle, FigureStyle, HouseStyle};
use crate::http::cors::Origin;
use crate::jobs::{Settings, Webhooks};
use crate::keys::{Allowance, Gate, Source};
use crate::store::{Address, Clock, Store};
use crate::web::{Bounds, Reach, fetch};

/// Settings of the model and of the engine, for every command that translates.
#[derive(Debug, Clone, PartialEq, clap::Args)]
#[command(next_help_heading = "Model")]
pub struct EngineConfig {
    /// Model: a name or alias of the manifest, a .gguf file or a Marian folder
    #[arg(long, env = "DEPESCHE_MODEL", default_value = "default", global = true)]
    pub model: String,

    /// Folder for model files [default: the user's cache folder]
    #[arg(long, env = "DEPESCHE_CACHE", global = true)]
    pub cache: Option<PathBuf>,

    /// Manifest of models to use in place of the built-in one
    #[arg(long, env = "DEPESCHE_MANIFEST", global = true)]
    pub manifest: Option<PathBuf>,

    /// Adapter (.safetensors) in place of the manifest's; "none" for no adapter
    #[arg(long, env = "DEPESCHE_ADAPTER", global = true)]
    pub adapter: Option<PathBuf>,

    /// Score every token of the vocabulary at each step, even when the adapter
    /// names those that a translation can need
    #[arg(long, env = "DEPESCHE_WHOLE_VOCABULARY", global = true)]
    pub whole_vocabulary: bool,

    /// Sequences that are decoded together [default: the model's]
    #[arg(long, env = "DEPESCHE_SEQUENCES", global = true,
          value_parser = clap::value_parser!(u16).range(1..=256))]
    pub sequences: Option<u16>,

    /// Segments that may wait in the queue before requests are refused
    #[arg(long, env = "DEPESCHE_QUEUE", default_value_t = 4096, global = true,
          value_parser = positive)]
    pub queue: usize,

    /// Bytes for segments that were translated before; 0 for none
    #[arg(long, env = "DEPESCHE_SEGMENT_CACHE", default_value_t = 64 * 1024 * 1024, global = true)]
    pub segment_cache: usize,

    /// Threads of the model [default: all cores]
    #[arg(long, env = "DEPESCHE_THREADS", global = true,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// How money and percentages are written: as the model wrote them, as
    /// €3.5 billion and 25%, or as 3.5 billion euros and 25 percent
    #[arg(
        long,
        env = "DEPESCHE_FIGURE_STYLE",
        value_enum,
        default_value_t,
        global = true,
        help_heading = "House style"
    )]
    pub figure_style: FigureStyle,

    /// How times of day are written: as the model wrote them, as 8:15 p.m., or as 20:15
    #[arg(
        long,
        env = "DEPESCHE_CLOCK_STYLE",
        value_enum,
        default_value_t,
        global = true,
        help_heading = "House style"
    )]
    pub clock_style: ClockStyle,

    #[command(flatten)]
    pub remote: RemoteConfig,
}

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

/// Where jobs and the translation memory are kept.
#[derive(Debug, Clone, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Store")]
pub struct StoreConfig {
    /// Database of jobs and memory: sqlite:PATH, postgres://…, or "off" for none
    /// [default: the file depesche.db in the data folder]
    #[arg(
        long,
        env = "DEPESCHE_DATABASE_URL",
        hide_env_values = true,
        global = true
    )]
    pub database: Option<String>,

    /// Folder for data that must be kept [default: the user's data folder]
    #[arg(long, env = "DEPESCHE_DATA", global = true)]
    pub data: Option<PathBuf>,
}

/// Settings of the HTTP service.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct ServeConfig {
    /// Address to listen on
    #[arg(long, env = "DEPESCHE_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Largest request body in bytes
    #[arg(long, env = "DEPESCHE_MAX_BODY", default_value_t = 2 * 1024 * 1024)]
    pub max_body: usize,

    /// Texts in one array at most
    #[arg(long, env = "DEPESCHE_MAX_TEXTS", default_value_t = 256)]
    pub max_texts: usize,

    /// Seconds after which a request is given up; 0 for never
    #[arg(long, env = "DEPESCHE_DEADLINE", default_value_t = 300.0, value_parser = seconds)]
    pub deadline: f64,

    /// Seconds that the body of a request may take to arrive
    #[arg(long, env = "DEPESCHE_BODY_TIMEOUT", default_value_t = 30.0, value_parser = seconds)]
    pub body_timeout: f64,

    /// Seconds of silence after which an event stream shows a sign of life
    #[arg(long, env = "DEPESCHE_HEARTBEAT", default_value_t = 10.0, value_parser = seconds)]
    pub heartbeat: f64,

    /// Folder for glossaries that clients store [default: they are kept in memory]
    #[arg(long, env = "DEPESCHE_GLOSSARIES")]
    pub glossaries: Option<PathBuf>,

    /// Folder of `depesche watch` whose feeds are served at /feeds/NAME [default: none]
    #[arg(long, env = "DEPESCHE_FEEDS_DIR", value_name = "DIR")]
    pub feeds_dir: Option<PathBuf>,

    /// Seconds that running requests get to finish after SIGTERM
    #[arg(long, env = "DEPESCHE_GRACE", default_value_t = 60)]
    pub grace: u64,

    #[command(flatten)]
    pub access: AccessConfig,

    #[command(flatten)]
    pub fetch: FetchConfig,

    #[command(flatten)]
    pub jobs: JobConfig,
}

/// Settings of keys, rates and quotas.
#[derive(Debug, Clone, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Keys and limits")]
pub struct AccessConfig {
    /// File of API keys, one a line as `depesche keys new` writes it; it is read
    /// again when it changes [default: no key is needed]
    #[arg(long, env = "DEPESCHE_API_KEYS_FILE", value_name = "FILE")]
    pub api_keys: Option<PathBuf>,

    /// An API key; better given by the variable, which may hold several with
    /// commas between them
    #[arg(
        long = "api-key",
        env = "DEPESCHE_API_KEYS",
        hide_env_values = true,
        value_name = "NAME=KEY",
        value_delimiter = ','
    )]
    pub api_key: Vec<String>,

    /// Ask for a key at /metrics as well
    #[arg(long, env = "DEPESCHE_GUARD_METRICS")]
    pub guard_metrics: bool,

    /// Requests per minute of each key or, without keys, of each client's address
    /// [default: any number]
    #[arg(long, env = "DEPESCHE_REQUESTS_PER_MINUTE", value_name = "NUMBER")]
    pub requests_per_minute: Option<NonZeroU32>,

    /// Requests that may come at once [default: those of a minute]
    #[arg(long, env = "DEPESCHE_BURST", value_name = "NUMBER")]
    pub burst: Option<NonZeroU32>,

    /// Characters of source text in a calendar month of each key or, without keys,
    /// of all clients together [default: any number]
    #[arg(long, env = "DEPESCHE_CHARACTERS_PER_MONTH", value_name = "NUMBER")]
    pub characters_per_month: Option<u64>,

    /// Origin of pages that may read what the service answers, as
    /// https://example.org; may be given several times [default: none]
    #[arg(
        long = "cors-origin",
        env = "DEPESCHE_CORS_ORIGINS",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub cors_origins: Vec<Origin>,
}

impl AccessConfig {
    /// What guards the service.
    ///
    /// # Errors
    /// Those of [`Source::open`].
    pub fn gate(&self) -> crate::Result<Gate> {
        let keys = Source::open(self.api_keys.as_deref(), &self.api_key)?;
        let usual = Allowance {
            requests_per_minute: self.requests_per_minute,
            burst: self.burst,
            characters_per_month: self.characters_per_month,
        };
        Ok(Gate::new(keys, usual, Clock::system()))
    }

    /// Settings for tests: no keys and no limits.
    pub fn for_testing() -> Self {
        AccessConfig::default()
    }
}

/// Settings of pages that clients name by their address.
#[derive(Debug, Clone, PartialEq, clap::Args)]
#[command(next_help_heading = "Pages")]
pub struct FetchConfig {
    /// Which pages are fetched for clients that name them: none, those on public
    /// addresses, or any
    #[arg(long, env = "DEPESCHE_FETCH_URLS", value_enum, default_value = "off")]
    pub fetch_urls: Reach,

    /// Ports that pages may be fetched from
    #[arg(
        long,
        env = "DEPESCHE_FETCH_PORTS",
        value_name = "PORT",
        value_delimiter = ',',
        default_value = "80,443"
    )]
    pub fetch_ports: Vec<u16>,

    /// Address that pages may be fetched from although it is not public
    #[arg(
        long,
        env = "DEPESCHE_FETCH_ALSO",
        value_name = "ADDRESS:PORT",
        value_delimiter = ','
    )]
    pub fetch_also: Vec<SocketAddr>,

    /// Seconds that fetching a page may take, redirections included
    #[arg(long, env = "DEPESCHE_FETCH_TIMEOUT", default_value_t = 10.0, value_parser = timeout)]
    pub fetch_timeout: f64,

    /// Largest page in bytes
    #[arg(long, env = "DEPESCHE_FETCH_MAX_BYTES", default_value_t = 4 * 1024 * 1024)]
    pub fetch_max_bytes: usize,
}

impl FetchConfig {
    /// Where pages may be fetched from.
    pub fn bounds(&self) -> Bounds {
        Bounds {
            reach: self.fetch_urls,
            ports: self.fetch_ports.clone(),
            also: self.fetch_also.clone(),
        }
    }

    /// Limits of time and size.
    pub fn limits(&self) -> fetch::Limits {
        fetch::Limits {
            timeout: duration(self.fetch_timeout).unwrap_or(Duration::from_secs(10)),
            bytes: self.fetch_max_bytes,
        }
    }

    /// Settings for tests: nothing is fetched, and small limits.
    pub fn for_testing() -> Self {
        FetchConfig {
            fetch_urls: Reach::Off,
            fetch_ports: vec![80, 443],
            fetch_also: Vec::new(),
            fetch_timeout: 2.0,
            fetch_max_bytes: 64 * 1024,
        }
    }
}

/// A time in seconds that ends.
fn timeout(text: &str) -> Result<f64, String> {
    match seconds(text)? {
        timeout if (0.1..=600.0).contains(&timeout) => Ok(timeout),
        _ => Err("it must be from 0.1 to 600".into()),
    }
}

/// Settings of jobs.
#[derive(Debug, Clone, PartialEq, clap::Args)]
#[command(next_help_heading = "Jobs")]
pub struct JobConfig {
    /// Jobs that this process works on at the same time; 0 for none
    #[arg(long, env = "DEPESCHE_JOB_CONCURRENCY", default_value_t = 2)]
    pub job_concurrency: usize,

    /// Seconds after which others take the jobs of a process that died
    #[arg(long, env = "DEPESCHE_JOB_LEASE", default_value_t = 15.0, value_parser = lease)]
    pub job_lease: f64,

    /// Hours for which jobs that are over can be asked for; 0 for ever
    #[arg(long, env = "DEPESCHE_JOB_RETENTION", default_value_t = 168.0, value_parser = hours)]
    pub job_retention: f64,

    /// Which webhooks jobs may have: none, those on public addresses, or any
    #[arg(long, env = "DEPESCHE_WEBHOOKS", value_enum, default_value = "off")]
    pub webhooks: Reach,

    /// Key that signs webhooks; better given by the variable
    #[arg(long, env = "DEPESCHE_WEBHOOK_SECRET", hide_env_values = true)]
    pub webhook_secret: Option<String>,
}

impl JobConfig {
    /// How the runner works.
    pub fn settings(&self) -> Settings {
        Settings {
            concurrency: self.job_concurrency,
            lease: duration(self.job_lease).unwrap_or(Duration::from_secs(15)),
            retention: duration(self.job_retention * 3600.0),
        }
    }

    /// Which webhooks are allowed.
    ///
    /// # Errors
    /// Those of [`Webhooks::new`].
    pub fn webhooks(&self) -> crate::Result<Webhooks> {
        Webhooks::new(self.webhooks, self.webhook_secret.clone())
    }

    /// Settings for tests: short leases, webhooks to this machine.
    pub fn for_testing() -> Self {
        JobConfig {
            job_concurrency: 2,
            job_lease: 1.0,
            job_retention: 1.0,
            webhooks: Reach::Any,
            webhook_secret: Some("secret".into()),
        }
    }
}

/// A lease in seconds: long enough to be renewed.
fn lease(text: &str) -> Result<f64, String> {
    match seconds(text)? {
        lease if (0.1..=3600.0).contains(&lease) => Ok(lease),
        _ => Err("it must be from 0.1 to 3600".into()),
    }
}

/// A time in hours; 0 stands for no limit.
fn hours(text: &str) -> Result<f64, String> {
    let hours = seconds(text)?;
    seconds(&(hours * 3600.0).to_string()).map(|_| hours)
}

impl ServeConfig {
    /// The deadline of a request; `None` for no limit.
    pub fn deadline(&self) -> Option<Duration> {
        duration(self.deadline)
    }

    /// The time a body may take; `None` for any.
    pub fn body_timeout(&self) -> Option<Duration> {
        duration(self.body_timeout)
    }

    /// The silence before a sign of life; `None` for ever.
    pub fn heartbeat(&self) -> Option<Duration> {
        duration(self.heartbeat)
    }
}

/// A whole number that is not 0.
fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1".into()),
        Ok(number) => Ok(number),
        Err(error) => Err(error.to_string()),
    }
}

/// A time in seconds; 0 stands for no limit.
fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "it is not a number")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(_) => Ok(seconds),
        Err(error) => Err(error.to_string()),
    }
}

fn duration(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|duration| !duration.is_zero())
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Settings of the logs.
#[derive(Debug, Clone, PartialEq, clap::Args)]
#[command(next_help_heading = "Logs")]
pub struct LogConfig {
    /// What to log, as a tracing filter such as `info` or `depesche=debug`
    /// [default: info for serve, else warn]
    #[arg(long, env = "DEPESCHE_LOG", global = true)]
    pub log: Option<String>,

    /// Form of the log lines on stderr
    #[arg(
        long,
        env = "DEPESCHE_LOG_FORMAT",
        value_enum,
        default_value = "text",
        global = true
    )]
    pub log_format: LogFormat,

    /// Send traces of the stages of each request to this OpenTelemetry
    /// collector (OTLP over HTTP, such as http://localhost:4318); they hold no
    /// text
    #[arg(
        long,
        env = "DEPESCHE_OTLP_ENDPOINT",
        global = true,
        value_name = "URL"
    )]
    pub otlp_endpoint: Option<Url>,
}

impl EngineConfig {
    /// The style that figures are written in.
    pub const fn style(&self) -> HouseStyle {
        HouseStyle {
            figures: self.figure_style,
            clock: self.clock_style,
        }
    }

    /// Settings for tests: few sequences, a small queue, nothing from the
    /// environment.
    pub fn for_testing() -> Self {
        EngineConfig {
            model: "default".into(),
            cache: None,
            manifest: None,
            adapter: None,
            whole_vocabulary: false,
            segment_cache: 0,
            sequences: Some(4),
            queue: 64,
            threads: Some(1),
            remote: RemoteConfig::for_testing(),
            figure_style: FigureStyle::Keep,
            clock_style: ClockStyle::Keep,
        }
    }
}

impl StoreConfig {
    /// Settings for tests: no store.
    pub fn for_testing() -> Self {
        StoreConfig {
            database: Some("off".into()),
            data: None,
        }
    }

    /// Opens the store; `None` when it is switched off.
    ///
    /// # Errors
    /// Those of [`Address::read`] and [`Store::open`].
    pub fn open(&self) -> crate::Result<Option<Store>> {
        let address = Address::read(self.database.as_deref(), self.data.as_deref())?;
        Store::open(&address, Clock::system())
    }
}

impl ServeConfig {
    /// Settings for tests: any free port, small limits.
    pub fn for_testing() -> Self {
        ServeConfig {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            max_body: 64 * 1024,
            max_texts: 8,
            deadline: 20.0,
            body_timeout: 1.0,
            heartbeat: 0.05,
            glossaries: None,
            feeds_dir: None,
            grace: 5,
            access: AccessConfig::for_testing(),
            fetch: FetchConfig::for_testing(),
            jobs: JobConfig::for_testing(),
        }
    }
}
