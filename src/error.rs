//! The one error type of the domain and the one table from its codes to HTTP
//! status and process exit code.

use std::time::Duration;

/// Everything that can go wrong, as the caller of Depesche sees it.
///
/// Messages never carry article text; they may carry sizes, languages, model
/// names and paths.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Malformed(String),
    #[error("the text is empty: there is nothing to translate")]
    Empty,
    #[error("the text is not German: it looks like {detected}")]
    NotGerman { detected: String },
    #[error("{what} is too large: {actual}, and the limit is {limit}")]
    TooLarge {
        what: &'static str,
        actual: usize,
        limit: usize,
    },
    #[error("the body did not arrive within {} s", .0.as_secs_f64())]
    SlowBody(Duration),
    #[error("{0}")]
    UnsupportedMediaType(String),
    #[error("no such resource: {0}")]
    NotFound(String),
    #[error("method {0} is not allowed here")]
    MethodNotAllowed(String),
    #[error("{0}")]
    Conflict(String),
    #[error("the store cannot be used: {0}")]
    Store(String),
    #[error("the store is full: {0}")]
    StoreFull(String),
    #[error("this service keeps neither jobs nor a memory: it runs with --database off")]
    NoStore,
    #[error("a key that this service knows is needed")]
    Unauthorized,
    #[error("too many requests; try again in {} s", .retry_after.as_secs().max(1))]
    RateLimited { retry_after: Duration },
    #[error(
        "the quota of {limit} characters a month is used up but for {left}, and this takes more"
    )]
    QuotaExceeded {
        limit: u64,
        left: u64,
        /// Time until the next month.
        resets: Duration,
    },
    #[error("{0} figures, terms or segments could not be verified and strict mode was asked for")]
    Unresolved(usize),
    #[error("the queue is full; try again in {} s", .retry_after.as_secs().max(1))]
    QueueFull { retry_after: Duration },
    #[error("the service is shutting down and takes no new work")]
    ShuttingDown,
    #[error("the model is not ready yet")]
    NotReady,
    #[error("the request's deadline of {} s passed", .0.as_secs_f64())]
    Deadline(Duration),
    #[error("no model is called {name:?}; known models: {known}")]
    UnknownModel { name: String, known: String },
    #[error("the model could not be fetched: {0}")]
    Fetch(String),
    #[error("it could not be fetched: {0}")]
    Download(String),
    #[error("there is no article on the page")]
    NoArticle,
    #[error("the address is refused: {0}")]
    UrlRefused(String),
    #[error("the model file is damaged: {0}")]
    Corrupt(String),
    #[error("the model failed: {0}")]
    Model(String),
    #[error("the server that translates failed: {0}")]
    Engine(String),
    #[error("the server that translates is left alone for {} s: {why}", .retry_after.as_secs().max(1))]
    EngineUnavailable { why: String, retry_after: Duration },
    #[error("{what}: {source}")]
    Io {
        what: String,
        source: std::sync::Arc<std::io::Error>,
    },
    #[error("invalid configuration: {0}")]
    Config(String),
    #[error("internal error: {0}")]
    Internal(String),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The stable, machine-readable name of an error; the last part of a problem's
/// `type` and its `code` member. Never renamed once released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    Malformed,
    Empty,
    NotGerman,
    TooLarge,
    SlowBody,
    UnsupportedMediaType,
    NotFound,
    MethodNotAllowed,
    Conflict,
    Store,
    StoreFull,
    NoStore,
    Unauthorized,
    RateLimited,
    QuotaExceeded,
    Unresolved,
    QueueFull,
    ShuttingDown,
    NotReady,
    Deadline,
    UnknownModel,
    Fetch,
    Download,
    NoArticle,
    UrlRefused,
    Corrupt,
    Model,
    Engine,
    EngineUnavailable,
    Io,
    Config,
    Internal,
}

/// One row of the error table.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub slug: &'static str,
    /// HTTP status of the problem response.
    pub status: u16,
    /// Exit code of the command line: 1 failed, 2 usage, 3 unresolved figures or segments.
    pub exit: u8,
    pub title: &'static str,
    /// Whether the same work may succeed a little later.
    pub passing: bool,
}

impl Code {
    pub const ALL: [Code; 32] = [
        Code::Malformed,
        Code::Empty,
        Code::NotGerman,
        Code::TooLarge,
        Code::SlowBody,
        Code::UnsupportedMediaType,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::Conflict,
        Code::Store,
        Code::StoreFull,
        Code::NoStore,
        Code::Unauthorized,
        Code::RateLimited,
        Code::QuotaExceeded,
        Code::Unresolved,
        Code::QueueFull,
        Code::ShuttingDown,
        Code::NotReady,
        Code::Deadline,
        Code::UnknownModel,
        Code::Fetch,
        Code::Download,
        Code::NoArticle,
        Code::UrlRefused,
        Code::Corrupt,
        Code::Model,
        Code::Engine,
        Code::EngineUnavailable,
        Code::Io,
        Code::Config,
        Code::Internal,
    ];

    /// The table: one line per code.
    pub const fn entry(self) -> Entry {
        const fn row(slug: &'static str, status: u16, exit: u8, title: &'static str) -> Entry {
            Entry {
                slug,
                status,
                exit,
                title,
                passing: false,
            }
        }
        /// As `row`, of what passes.
        const fn passing(slug: &'static str, status: u16, title: &'static str) -> Entry {
            Entry {
                passing: true,
                ..row(slug, status, 1, title)
            }
        }
        match self {
            Code::Malformed => row("malformed", 400, 1, "The request cannot be read"),
            Code::Empty => row("empty", 422, 1, "There is no text"),
            Code::NotGerman => row("not_german", 422, 1, "The text is not German"),
            Code::TooLarge => row("too_large", 413, 1, "The request is too large"),
            Code::SlowBody => row("slow_body", 408, 1, "The body came too slowly"),
            Code::UnsupportedMediaType => {
                row("unsupported_media_type", 415, 1, "Unsupported media type")
            }
            Code::NotFound => row("not_found", 404, 1, "Not found"),
            Code::MethodNotAllowed => row("method_not_allowed", 405, 1, "Method not allowed"),
            Code::Conflict => row("conflict", 409, 1, "It contradicts an earlier request"),
            Code::Store => row("store", 503, 1, "The store cannot be used"),
            Code::StoreFull => passing("store_full", 507, "The store is full"),
            Code::NoStore => row("no_store", 501, 2, "There is no store"),
            Code::Unauthorized => row("unauthorized", 401, 1, "A key is needed"),
            Code::RateLimited => row("rate_limited", 429, 1, "There are too many requests"),
            Code::QuotaExceeded => row("quota_exceeded", 429, 1, "The quota is used up"),
            Code::Unresolved => row("unresolved", 422, 3, "Figures or segments are unresolved"),
            Code::QueueFull => passing("queue_full", 429, "The queue is full"),
            Code::ShuttingDown => passing("shutting_down", 503, "The service is shutting down"),
            Code::NotReady => passing("not_ready", 503, "The model is not ready"),
            Code::Deadline => row("deadline", 504, 1, "The deadline passed"),
            Code::UnknownModel => row("unknown_model", 404, 2, "Unknown model"),
            Code::Fetch => row("fetch", 503, 1, "The model cannot be fetched"),
            Code::Download => row(
                "download",
                502,
                1,
                "What the address names cannot be fetched",
            ),
            Code::NoArticle => row("no_article", 422, 1, "There is no article on the page"),
            Code::UrlRefused => row("url_refused", 422, 1, "The address may not be fetched"),
            Code::Corrupt => row("corrupt", 500, 1, "The model file is damaged"),
            Code::Model => row("model", 500, 1, "The model failed"),
            Code::Engine => row("engine", 502, 1, "The server that translates failed"),
            Code::EngineUnavailable => passing(
                "engine_unavailable",
                503,
                "The server that translates cannot be used",
            ),
            Code::Io => row("io", 500, 1, "Input or output failed"),
            Code::Config => row("config", 500, 2, "Invalid configuration"),
            Code::Internal => row("internal", 500, 1, "Internal error"),
        }
    }
}

impl Error {
    pub const fn code(&self) -> Code {
        match self {
            Error::Malformed(_) => Code::Malformed,
            Error::Empty => Code::Empty,
            Error::NotGerman { .. } => Code::NotGerman,
            Error::TooLarge { .. } => Code::TooLarge,
            Error::SlowBody(_) => Code::SlowBody,
            Error::UnsupportedMediaType(_) => Code::UnsupportedMediaType,
            Error::NotFound(_) => Code::NotFound,
            Error::MethodNotAllowed(_) => Code::MethodNotAllowed,
            Error::Conflict(_) => Code::Conflict,
            Error::Store(_) => Code::Store,
            Error::StoreFull(_) => Code::StoreFull,
            Error::NoStore => Code::NoStore,
            Error::Unauthorized => Code::Unauthorized,
            Error::RateLimited { .. } => Code::RateLimited,
            Error::QuotaExceeded { .. } => Code::QuotaExceeded,
            Error::Unresolved(_) => Code::Unresolved,
            Error::QueueFull { .. } => Code::QueueFull,
            Error::ShuttingDown => Code::ShuttingDown,
            Error::NotReady => Code::NotReady,
            Error::Deadline(_) => Code::Deadline,
            Error::UnknownModel { .. } => Code::UnknownModel,
            Error::Fetch(_) => Code::Fetch,
            Error::Download(_) => Code::Download,
            Error::NoArticle => Code::NoArticle,
            Error::UrlRefused(_) => Code::UrlRefused,
            Error::Corrupt(_) => Code::Corrupt,
            Error::Model(_) => Code::Model,
            Error::Engine(_) => Code::Engine,
            Error::EngineUnavailable { .. } => Code::EngineUnavailable,
            Error::Io { .. } => Code::Io,
            Error::Config(_) => Code::Config,
            Error::Internal(_) => Code::Internal,
        }
    }

    /// How long a client should wait before it tries again, where that helps.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::QueueFull { retry_after }
            | Error::RateLimited { retry_after }
            | Error::EngineUnavailable { retry_after, .. } => Some(*retry_after),
            Error::QuotaExceeded { resets, .. } => Some(*resets),
            Error::ShuttingDown | Error::NotReady | Error::Store(_) => Some(Duration::from_secs(5)),
            _ => None,
        }
    }

    /// Attaches what was being done to an I/O error.
    pub fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Error::Io {
            what: what.into(),
            source: std::sync::Arc::new(source),
        }
    }
}

impl From<candle_core::Error> for Error {
    fn from(error: candle_core::Error) -> Self {
        Error::Model(error.to_string())
    }
}
