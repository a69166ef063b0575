//! `depesche feed`: a feed in, the same feed in English out.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;

use crate::cli::article::json;
use crate::cli::{output, progress, start_pipeline};
use crate::config::EngineConfig;
use crate::dispatch::{LanguagePolicy, Options};
use crate::error::{Code, Error, Result};
use crate::feed::compose::Style;
use crate::feed::convert::{Counted, Target};
use crate::feed::fetch::{self, Fetched, Limits, Validators};
use crate::feed::memory::{Forgetful, Key};
use crate::feed::report::{FeedReport, ItemStatus};
use crate::feed::state::{Folder, Visit};
use crate::feed::{Feed, Memory, atomic, date};
use crate::pipeline::{FeedContext, FeedOptions, MAX_BEAMS, Pipeline};

/// Exit code of a feed that was written, though not all of it in English.
pub const PARTLY: u8 = 4;

/// Items under way; a run that is killed loses at most so many.
const AT_ONCE: usize = 8;

/// What makes a run fail that has written its feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// A figure is changed, missing or added, or a translation is empty, cut
    /// off or still German: exit code 3.
    Unresolved,
    /// A part of the feed could not be read: exit code 4.
    Malformed,
}

/// Arguments of `depesche feed`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// File or http(s) address of the German feed, or - for standard input
    #[arg(value_name = "FILE|URL")]
    pub source: String,

    /// File to write [default: standard output]; it is replaced in one step, and only by a whole feed
    #[arg(long, short)]
    pub out: Option<PathBuf>,

    /// Folder that remembers translated items, so that each is translated once
    #[arg(long, env = "DEPESCHE_FEED_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,

    /// Let the run fail, though the feed is written (can be given twice)
    #[arg(long, value_enum, value_name = "WHAT")]
    pub fail_on: Vec<FailOn>,

    /// File for an account of the run in JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,

    #[command(flatten)]
    pub manner: Manner,
}

/// How feeds are fetched, translated and shown.
#[derive(Debug, Clone, clap::Args)]
pub struct Manner {
    /// Format of the output
    #[arg(long, value_enum, default_value = "keep")]
    pub format: Target,

    /// Translate at most so many items, the newest; the others stay as they are
    #[arg(long, value_name = "N")]
    pub max_items: Option<usize>,

    /// Translate items from this date on: 2026-11-20, or a moment of RFC 3339 or RFC 2822
    #[arg(long, value_name = "DATE",
          value_parser = |text: &str| date::read(text).ok_or("it is no date"))]
    pub since: Option<jiff::Timestamp>,

    /// Put the German text behind its translation
    #[arg(long)]
    pub bilingual: bool,

    /// Put a summary in the place of descriptions and contents
    #[arg(long)]
    pub summary: bool,

    /// Most sentences of a summary
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=20))]
    pub sentences: u8,

    /// End each item with a line on what became of its figures
    #[arg(long)]
    pub figures_note: bool,

    /// End each item with this line, in which {link} and {model} are filled in
    #[arg(long, value_name = "TEXT")]
    pub attribution: Option<String>,

    /// Translate categories as well
    #[arg(long)]
    pub categories: bool,

    /// Translate the feed's own title as well, which mostly is a name
    #[arg(long)]
    pub feed_title: bool,

    /// What to do with items that are not German
    #[arg(long, value_enum, default_value = "pass")]
    pub language: LanguagePolicy,

    /// Hypotheses that are followed at once, to 8: 1 is twice as fast and less good; 0 as suits the engine (4 for a local
    /// model)
    #[arg(long, env = "DEPESCHE_BEAMS", default_value_t = 0,
          value_parser = clap::value_parser!(u8).range(0..=MAX_BEAMS as i64))]
    pub beams: u8,

    /// Seconds that fetching may take
    #[arg(long, env = "DEPESCHE_FEED_TIMEOUT", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,

    /// Largest feed in bytes
    #[arg(long, env = "DEPESCHE_FEED_MAX_BYTES", default_value_t = 16 * 1024 * 1024)]
    pub max_bytes: usize,

    /// Fetch from this machine and from private networks, too
    #[arg(long)]
    pub allow_private: bool,
}

const AFTER_HELP: &str = "\
Exit codes:
  0  the feed was written, or its server says that it has not changed
  1  failed; the output is what it was before
  2  wrong usage or configuration
  3  written, but something is unresolved (--fail-on unresolved)
  4  written, but items could not be translated, or parts not be read (--fail-on malformed)";

impl Manner {
    fn options(&self) -> FeedOptions {
        FeedOptions {
            translation: Options {
                beams: usize::from(self.beams),
                summary_sentences: usize::from(self.sentences),
                strict: false,
                language: self.language,
                ..Options::default()
            },
            style: Style {
                bilingual: self.bilingual,
                summary: self.summary,
                figures_note: self.figures_note,
                attribution: self.attribution.clone(),
            },
            categories: self.categories,
            feed_title: self.feed_title,
            max_items: self.max_items,
            since: self.since,
            format: self.format,
        }
    }
}

/// # Errors
/// Those of [`produce`].
pub async fn run(args: Args, config: EngineConfig) -> Result<ExitCode> {
    let (model, config) = prepare(&args.manner, config)?;
    let start = || start_pipeline(&config, progress::downloads().as_ref());
    produce(&args, &model, start).await.map(ExitCode::from)
}

/// What names the model, and settings with a queue for whole feeds.
///
/// # Errors
/// [`Error::Config`] when a server's model is not named.
pub(super) fn prepare(manner: &Manner, mut config: EngineConfig) -> Result<(String, EngineConfig)> {
    // One feed fills the queue, and nobody else waits here.
    config.queue = config.queue.max(manner.max_bytes);
    let model = match config.remote.tag()? {
        Some(tag) => format!("{} {:?}", tag.name, tag.adapter),
        None => format!("{} {:?}", config.model, config.adapter),
    };
    Ok((model, config))
}

/// Reads, translates and writes a feed; the exit code. `model` names the model
/// that `start` loads, which is not asked for where nothing has changed.
///
/// # Errors
/// Those of reading and fetching, of loading the model, of the pipeline and of
/// writing. What stood in the place of the output still stands there then.
pub async fn produce(
    args: &Args,
    model: &str,
    start: impl FnOnce() -> Result<Pipeline>,
) -> Result<u8> {
    let options = args.manner.options();
    let state = args.state.as_deref().map(Folder::open).transpose()?;
    let order = format!("{model} {options:?} {}", env!("CARGO_PKG_VERSION"));
    let is_url = fetch::is_url(&args.source);
    let known = match (&state, &args.out) {
        (Some(state), Some(out)) if is_url => known(state, out, &args.source, &order),
        _ => Validators::default(),
    };
    let Some(Source {
        bytes,
        charset,
        validators,
    }) = obtain(args, known).await?
    else {
        output::complain("the feed has not changed; the output stays as it is");
        return Ok(0);
    };
    let feed = Feed::read(&bytes, charset.as_deref())?;
    for fault in feed.faults() {
        output::complain(&format!("line {}: {}", fault.line, fault.message));
    }
    let pipeline = start()?;
    let memory: Arc<dyn Memory> = match &state {
        Some(folder) => Arc::new(folder.clone()),
        None => Arc::new(Forgetful),
    };
    let (items, told) = progress::items(feed.items.len());
    let context = FeedContext {
        deadline: None,
        memory,
        at_once: AT_ONCE,
        items: Some(items),
    };
    let translated = pipeline.feed(feed, options, context).await;
    told.await.ok();
    let translated = translated?;
    match &args.out {
        Some(out) => atomic::write(out, translated.text.as_bytes())?,
        None => output::copy(&[&translated.text])?,
    }
    let report = translated.report;
    if let Some(file) = &args.report {
        atomic::write(file, json(&report)?.as_bytes())?;
    }
    if let (Some(state), Some(_), true) = (&state, &args.out, is_url && report.failed() == 0) {
        let visit = Visit {
            validators,
            order,
            written: Key::digest(&translated.text).as_str().to_owned(),
        };
        state.visited(&args.source, &visit)?;
    }
    if let Some(conversion) = &report.conversion {
        for Counted { what, count } in &conversion.lost {
            output::complain(&format!("not carried over: {count} × {what}"));
        }
    }
    output::complain(&account(&report));
    Ok(exit(args, &report))
}

/// What the server said last time, if what was written then is still there and
/// would be written again.
fn known(state: &Folder, out: &Path, url: &str, order: &str) -> Validators {
    let visit = state.visit(url).filter(|visit| visit.order == order);
    let still_there = |visit: &Visit| {
        std::fs::read_to_string(out).is_ok_and(|text| Key::digest(&text).as_str() == visit.written)
    };
    visit
        .filter(still_there)
        .map(|visit| visit.validators)
        .unwrap_or_default()
}

/// A feed's bytes and what a server said of them.
struct Source {
    bytes: Vec<u8>,
    charset: Option<String>,
    validators: Validators,
}

/// Gets the feed from where it is; `None` when it has not changed.
async fn obtain(args: &Args, known: Validators) -> Result<Option<Source>> {
    if !fetch::is_url(&args.source) {
        let bytes = read(&args.source, args.manner.max_bytes)?;
        return Ok(Some(Source {
            bytes,
            charset: None,
            validators: Validators::default(),
        }));
    }
    let limits = Limits {
        timeout: Duration::from_secs(args.manner.timeout),
        bytes: args.manner.max_bytes,
        allow_private: args.manner.allow_private,
    };
    let url = args.source.clone();
    let fetched = spawn_blocking(move || fetch::fetch(&url, &known, limits))
        .await
        .map_err(|_| Error::Internal("fetching panicked".into()))??;
    Ok(match fetched {
        Fetched::Feed {
            bytes,
            charset,
            validators,
        } => Some(Source {
            bytes,
            charset,
            validators,
        }),
        Fetched::NotModified => None,
    })
}

fn read(source: &str, limit: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let read = if source == "-" {
        std::io::stdin().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(source).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| Error::io(format!("reading {source}"), error))?;
    if bytes.len() > limit {
        return Err(Error::TooLarge {
            what: "the feed",
            actual: bytes.len(),
            limit,
        });
    }
    Ok(bytes)
}

/// One line for people.
fn account(report: &FeedReport) -> String {
    let count = |status| {
        report
            .items
            .iter()
            .filter(|item| item.status == status)
            .count()
    };
    let mut parts = vec![format!("{} items", report.items.len())];
    for (status, word) in [
        (ItemStatus::Translated, "translated"),
        (ItemStatus::Remembered, "remembered"),
        (ItemStatus::Passed, "not German"),
        (ItemStatus::Blank, "without text"),
        (ItemStatus::Skipped, "skipped"),
        (ItemStatus::Failed, "failed"),
    ] {
        let count = count(status);
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    parts.push(format!("{} unresolved", report.unresolved()));
    format!("{} in {:.1} s", parts.join(", "), report.total_ms / 1e3)
}

fn exit(args: &Args, report: &FeedReport) -> u8 {
    let fails_on = |what| args.fail_on.contains(&what);
    if report.failed() > 0 || fails_on(FailOn::Malformed) && !report.faults.is_empty() {
        PARTLY
    } else if fails_on(FailOn::Unresolved) && report.unresolved() > 0 {
        Code::Unresolved.entry().exit
    } else {
        0
    }
}
