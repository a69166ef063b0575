//! Commands of the command line. Results go to stdout, progress and
//! complaints to stderr.
//!
//! Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 done but with
//! figures unresolved under `--strict`, 4 done in part (`feed`).

pub mod article;
pub mod bench;
pub mod eval;
pub mod feed;
pub mod health;
pub mod input;
pub mod keys;
pub mod memory;
pub mod models;
pub mod output;
pub mod page;
pub mod progress;
pub mod serve;
mod signals;
pub mod summarize;
pub mod translate;
pub mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{EngineConfig, LogConfig, StoreConfig};
use crate::engine::{Engine, EngineOptions};
use crate::error::{Code, Error, Result};
use crate::kernels::pool;
use crate::model::fetch::{Cache, Progress};
use crate::model::load;
use crate::model::manifest::Manifest;
use crate::pipeline::Pipeline;
use crate::telemetry;

/// Translates German news into English on this machine and accounts for every
/// figure: kept, converted, changed, missing or added.
///
/// Results go to standard output, progress and warnings to standard error.
/// The model is fetched once, when it is first needed.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    pub engine: EngineConfig,
    #[command(flatten)]
    pub store: StoreConfig,
    #[command(flatten)]
    pub log: LogConfig,
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  depesche article report.txt                 translation, summary and figures
  depesche article page.html --html > out.html
  depesche translate - < report.md --format markdown
  depesche summarize report.txt --sentences 2
  depesche feed https://example.org/rss.xml -o english.xml --state .depesche
  depesche watch --opml feeds.opml --out english --every 15m
  depesche serve --listen 127.0.0.1:8080

Exit codes:
  0  done
  1  failed: the input cannot be read, is empty or not German, or the model failed
  2  wrong usage or configuration
  3  done, but figures are unresolved and --strict or --fail-on unresolved was given
  4  a feed was written, but some of its items could not be translated";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a dispatch of a German article: translation, summary, figures report
    Article(article::Args),
    /// Translate a German text, HTML page or Markdown file and nothing more
    Translate(translate::Args),
    /// Summarise a German article in a few English sentences
    Summarize(summarize::Args),
    /// Translate a feed (RSS, Atom, JSON Feed) and leave everything else in it as it is
    Feed(feed::Args),
    /// Refresh a list of feeds into a folder, once or again and again
    Watch(watch::Args),
    /// Measure translations against references: BLEU, chrF, figures, faults
    Eval(eval::Args),
    /// Measure how fast the model is here: throughput, latency, memory
    Bench(bench::Args),
    /// Serve the HTTP interface
    Serve(serve::Args),
    /// Fetch, verify and list models
    Models {
        #[command(subcommand)]
        command: models::Command,
    },
    /// Export, import and count what was translated before
    Memory {
        #[command(subcommand)]
        command: memory::Command,
    },
    /// Make API keys for the service
    Keys {
        #[command(subcommand)]
        command: keys::Command,
    },
    /// Ask a running service whether it is alive
    Health(health::Args),
}

/// Runs a command to its end.
///
/// # Errors
/// Whatever ended it early; `main` turns the error into an exit code.
pub fn run(cli: Cli) -> Result<ExitCode> {
    let usual = match cli.command {
        Command::Serve(_) => "info",
        _ => "warn",
    };
    telemetry::init_logs(&cli.log, usual)?;
    match cli.command {
        Command::Article(args) => block_on(article::run(args, cli.engine)),
        Command::Translate(args) => block_on(translate::run(args, cli.engine)),
        Command::Summarize(args) => block_on(summarize::run(args, cli.engine)),
        Command::Feed(args) => block_on(feed::run(args, cli.engine)),
        Command::Watch(args) => block_on(watch::run(args, cli.engine)),
        Command::Eval(args) => block_on(eval::run(args, cli.engine)),
        Command::Bench(args) => block_on(bench::run(args, cli.engine)),
        Command::Serve(args) => {
            serve::run(args, cli.engine, &cli.store).map(|()| ExitCode::SUCCESS)
        }
        Command::Models { command } => {
            let manifest = Manifest::open(cli.engine.manifest.as_deref())?;
            let cache = Cache::new(cli.engine.cache)?;
            let progress = progress::downloads();
            let mut out = std::io::stdout().lock();
            let chosen = &cli.engine.model;
            models::run(
                &command,
                chosen,
                (&manifest, &cache),
                progress.as_ref(),
                &mut out,
            )
            .map(|()| ExitCode::SUCCESS)
        }
        Command::Memory { command } => block_on(memory::run(command, cli.store)),
        Command::Keys { command } => keys::run(&command),
        Command::Health(args) => health::run(&args),
    }
}

fn block_on(work: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::io("starting the runtime", error))?
        .block_on(work)
}

/// Gives the model's work so many threads; without a number, one for each core.
fn use_threads(threads: Option<u16>) -> Result<()> {
    let Some(threads) = threads.map(usize::from) else {
        return Ok(());
    };
    let built = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global();
    // Who asks a second time, for the same number, has what they ask for.
    match built {
        Err(error) if rayon::current_num_threads() != threads => {
            Err(Error::Config(format!("{threads} threads: {error}")))
        }
        Ok(()) | Err(_) => match pool::use_threads(threads) {
            found if found == threads => Ok(()),
            found => Err(Error::Config(format!(
                "{threads} threads: there are {found} already"
            ))),
        },
    }
}

/// Starts the engine: with a model that is loaded, and fetched before when it
/// is missing, or with the server that is to translate.
///
/// # Errors
/// Those of [`load::load`] or of [`Engine::connect`].
pub fn start_pipeline(config: &EngineConfig, downloads: &dyn Progress) -> Result<Pipeline> {
    use_threads(config.threads)?;
    let options = EngineOptions {
        queue: config.queue,
        cache: config.segment_cache,
        ..EngineOptions::default()
    };
    if let (Some(server), Some(tag)) = (config.remote.options()?, config.remote.tag()?) {
        let engine = Engine::connect(server, options)?;
        return Ok(Pipeline::new(engine, tag).with_style(config.style()));
    }
    let loaded = load::load(config, downloads)?;
    let engine = Engine::start(loaded.model, options)?;
    Ok(Pipeline::new(engine, loaded.tag).with_style(config.style()))
}

/// 3 when strictness was asked for and something is unresolved.
fn strict_exit(strict: bool, unresolved: usize) -> ExitCode {
    if strict && unresolved > 0 {
        output::complain(&format!("depesche: {}", Error::Unresolved(unresolved)));
        ExitCode::from(Code::Unresolved.entry().exit)
    } else {
        ExitCode::SUCCESS
    }
}
