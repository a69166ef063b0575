//! An engine whose model runs elsewhere: a few threads ask a server that speaks
//! OpenAI's interface, one segment a request.
//!
//! Everything else is as with a model of this process: segments take turns, equal
//! ones are asked for once, answers are remembered, and who leaves is forgotten
//! (the connection is closed, which ends the work of most servers). One more
//! thread, the keeper, tries the server with a sentence at the start and whenever
//! the breaker has left it alone for long enough: work is risked on no server
//! that may be down.

mod answer;
mod attempt;
pub mod breaker;
mod clean;
mod pool;
pub mod retry;
mod server;

use std::sync::Arc;
use std::time::Duration;

use super::line::Command;
use super::{EngineOptions, Shared};
use crate::backoff::Backoff;
use crate::error::{Error, Result};
use pool::Pool;
use retry::Retry;

/// The interface that is spoken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Api {
    /// Chat completions.
    #[default]
    Chat,
    /// Plain completions, for models that were trained for translation only.
    Completions,
}

/// A secret that no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(secret: String) -> Self {
        Secret(secret)
    }

    fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret")
    }
}

/// A server, and how it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteOptions {
    /// Base address, as in `http://host:8000/v1`.
    pub url: String,
    pub model: String,
    pub api: Api,
    /// In place of the built-in one; with `{source}` once.
    pub prompt: Option<String>,
    pub key: Option<Secret>,
    /// Requests at the same time.
    pub concurrency: usize,
    /// For a request, from the connection to the last byte.
    pub timeout: Duration,
    pub retry: Retry,
    /// How long a server that fails is left alone.
    pub rest: Backoff,
}

impl RemoteOptions {
    /// A server for tests: short pauses, no key.
    pub fn for_testing(url: &str) -> Self {
        let backoff = Backoff {
            first: Duration::from_millis(10),
            longest: Duration::from_millis(40),
        };
        RemoteOptions {
            url: url.into(),
            model: "big".into(),
            api: Api::Chat,
            prompt: None,
            key: None,
            concurrency: 4,
            timeout: Duration::from_secs(5),
            retry: Retry {
                attempts: 3,
                backoff,
            },
            rest: backoff,
        }
    }
}

/// Why a request gave no translation.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    /// Another attempt may succeed.
    Passing {
        why: String,
        retry_after: Option<Duration>,
    },
    /// The server has too much to do; it works well otherwise.
    Busy(Option<Duration>),
    /// The server would refuse any text.
    Refused(String),
    /// It refuses this text.
    Text(String),
    /// A text of so many bytes is too long for the model's window.
    TooLong(usize),
    /// Nobody waits for it any more.
    Unwanted,
    /// The server is left alone.
    Resting,
}

impl Fault {
    fn passing(why: &str) -> Self {
        Fault::Passing {
            why: why.to_owned(),
            retry_after: None,
        }
    }

    fn outcome(&self) -> &'static str {
        match self {
            Fault::Passing { .. } => "failed",
            Fault::Busy(_) => "busy",
            Fault::Refused(_) | Fault::Text(_) | Fault::TooLong(_) => "refused",
            Fault::Unwanted | Fault::Resting => "given up",
        }
    }
}

/// The handle's side; the threads end when the last one is gone and nothing is
/// left to do.
#[derive(Debug, Clone)]
pub(super) struct Remote(Arc<Handle>);

#[derive(Debug)]
struct Handle(Arc<Pool>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.let_go();
    }
}

impl Remote {
    pub fn start(
        options: RemoteOptions,
        engine: EngineOptions,
        shared: Arc<Shared>,
    ) -> Result<Self> {
        let concurrency = options.concurrency.max(1);
        let pool = Arc::new(Pool::new(options, engine, shared)?);
        let handle = Remote(Arc::new(Handle(pool.clone())));
        let start = |name: String, work: fn(&Pool)| {
            let pool = pool.clone();
            std::thread::Builder::new()
                .name(name)
                .spawn(move || work(&pool))
                .map_err(|error| Error::io("starting a thread of the engine", error))
        };
        start("depesche-engine".into(), Pool::keep)?;
        for number in 0..concurrency {
            start(format!("depesche-ask-{number}"), Pool::work)?;
        }
        Ok(handle)
    }

    /// Takes a submission that has been admitted.
    pub fn accept(&self, command: Command) {
        self.0.0.accept(command);
    }

    /// Why the server gets no work; `None` when it does.
    pub fn unavailable(&self) -> Option<Error> {
        self.0.0.unavailable()
    }
}
