//! `depesche watch`: a list of feeds, refreshed into a folder.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt};

use crate::backoff;
use crate::cli::feed::{self, Manner, PARTLY};
use crate::cli::signals::Signals;
use crate::cli::{output, progress, start_pipeline};
use crate::config::EngineConfig;
use crate::error::{Error, Result};
use crate::feed::convert::Target;
use crate::feed::opml::{self, Subscription};
use crate::feed::schedule::{self, Schedule, Turn};
use crate::pipeline::Pipeline;

/// Feeds that are fetched and translated at the same time.
const AT_ONCE: usize = 4;
/// Folder within the output that remembers items and what was fetched.
const STATE: &str = ".depesche";

/// Arguments of `depesche watch`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = AFTER_HELP, group = clap::ArgGroup::new("list").required(true))]
pub struct Args {
    /// List of feeds in OPML
    #[arg(long, value_name = "FILE", group = "list")]
    pub opml: Option<PathBuf>,

    /// List of feeds: an address a line, with a name before it or not
    #[arg(long, value_name = "FILE", group = "list")]
    pub feeds: Option<PathBuf>,

    /// Folder to write to: NAME.xml or NAME.json for each feed
    #[arg(long, short, value_name = "DIR")]
    pub out: PathBuf,

    /// Time between two rounds, such as 15m or 1h [default: one round]
    #[arg(long, value_name = "TIME", value_parser = every)]
    pub every: Option<Duration>,

    #[command(flatten)]
    pub manner: Manner,
}

const AFTER_HELP: &str = "\
A feed that fails keeps the file that it had, stops no other, and is asked less
often until it works again. Each is asked whether it has changed first.

Exit codes:
  0  all feeds are up to date, or the watch was told to stop
  1  a feed failed
  2  wrong usage or configuration
  4  written, but items of a feed could not be translated";

/// A time such as `15m`.
fn every(text: &str) -> Result<Duration, String> {
    let time: jiff::SignedDuration = text
        .parse()
        .map_err(|_| "it is no time: 15m, 1h, 90s".to_owned())?;
    match Duration::try_from(time) {
        Ok(time) if (1..=30 * 86_400).contains(&time.as_secs()) => Ok(time),
        Ok(_) | Err(_) => Err("it must be from a second to 30 days".into()),
    }
}

/// # Errors
/// Those of the list, [`Error::Io`] when the folder cannot be made, and
/// [`Error::Conflict`] when another process writes to it. Feeds that fail are
/// told of and end nothing.
pub async fn run(args: Args, config: EngineConfig) -> Result<ExitCode> {
    let (model, config) = feed::prepare(&args.manner, config)?;
    let start = || start_pipeline(&config, progress::downloads().as_ref());
    let mut signals = Signals::new()?;
    let told = async move {
        signals.next().await;
    };
    watch(&args, &model, start, told).await.map(ExitCode::from)
}

/// Refreshes until `told` to stop; the exit code. The model is loaded when a feed
/// has changed.
///
/// # Errors
/// As [`run`].
pub async fn watch(
    args: &Args,
    model: &str,
    start: impl Fn() -> Result<Pipeline>,
    told: impl Future<Output = ()>,
) -> Result<u8> {
    let feeds = subscriptions(args)?;
    let _lock = lock(&args.out)?;
    let pipeline = OnceCell::new();
    let start = || match pipeline.get() {
        Some(pipeline) => Ok(Pipeline::clone(pipeline)),
        None => start().map(|new| pipeline.get_or_init(|| new).clone()),
    };
    let work = rounds(args, model, &feeds, &start);
    tokio::select! {
        code = work => Ok(code),
        // What was under way is dropped; files are whole, and finished items are
        // remembered.
        () = told => {
            output::complain("told to stop");
            Ok(0)
        }
    }
}

/// One round, or rounds without end; the exit code.
async fn rounds(
    args: &Args,
    model: &str,
    feeds: &[Subscription],
    start: &impl Fn() -> Result<Pipeline>,
) -> u8 {
    let clock = Instant::now();
    let mut turns = vec![Turn::default(); feeds.len()];
    loop {
        let now = clock.elapsed();
        let due = match schedule::due(&turns, now) {
            Ok(due) => due,
            Err(pause) => {
                tokio::time::sleep(pause).await;
                continue;
            }
        };
        let codes: Vec<(usize, u8)> = stream::iter(due)
            .filter_map(async |at| Some((at, feeds.get(at)?)))
            .map(async |(at, subscription)| (at, refresh(args, model, subscription, start).await))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let Some(every) = args.every else {
            let worst = |code: &u8| match *code {
                0 => 0,
                PARTLY => 1,
                _ => 2,
            };
            let codes = codes.into_iter().map(|(_, code)| code);
            return codes.max_by_key(worst).unwrap_or(0);
        };
        for (at, code) in codes {
            if let Some(turn) = turns.get_mut(at) {
                let is_fine = matches!(code, 0 | PARTLY);
                *turn = Schedule { every }.next(*turn, clock.elapsed(), is_fine, backoff::dice());
            }
        }
    }
}

/// Brings one feed up to date; the exit code that `depesche feed` would have.
async fn refresh(
    args: &Args,
    model: &str,
    subscription: &Subscription,
    start: &impl Fn() -> Result<Pipeline>,
) -> u8 {
    let Subscription { name, url } = subscription;
    let extension = match args.manner.format {
        Target::Json => "json",
        Target::Keep | Target::Rss | Target::Atom => "xml",
    };
    let state = args.out.join(STATE);
    let one = feed::Args {
        source: url.clone(),
        out: Some(args.out.join(format!("{name}.{extension}"))),
        report: Some(state.join(format!("{name}.json"))),
        state: Some(state),
        fail_on: Vec::new(),
        manner: args.manner.clone(),
    };
    match feed::produce(&one, model, start).await {
        Ok(code) => {
            if code != 0 {
                output::complain(&format!("depesche: {name}: some items stand in German"));
            }
            code
        }
        Err(error) => {
            output::complain(&format!("depesche: {name}: {error}"));
            error.code().entry().exit
        }
    }
}

fn subscriptions(args: &Args) -> Result<Vec<Subscription>> {
    let read = |file: &Path| {
        std::fs::read(file).map_err(|error| Error::io(format!("reading {}", file.display()), error))
    };
    let feeds = match (&args.opml, &args.feeds) {
        (Some(file), _) => opml::read(&read(file)?)?,
        (None, Some(file)) => opml::read_lines(&String::from_utf8_lossy(&read(file)?))?,
        (None, None) => return Err(Error::Config("--opml or --feeds is missing".into())),
    };
    // Files are no feeds of a list: they would be read anew each time.
    match feeds
        .iter()
        .find(|feed| !crate::feed::fetch::is_url(&feed.url))
    {
        Some(feed) => Err(Error::Malformed(format!(
            "{:?} is no address of a feed",
            feed.url
        ))),
        None => Ok(feeds),
    }
}

/// Makes the folder, and keeps other processes from writing to it. The operating
/// system lets go of the lock when the process ends, however it ends.
fn lock(out: &Path) -> Result<std::fs::File> {
    let folder = out.join(STATE);
    std::fs::create_dir_all(&folder)
        .map_err(|error| Error::io(format!("making {}", folder.display()), error))?;
    let path = folder.join("lock");
    let failed = |error| Error::io(format!("opening {}", path.display()), error);
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::Conflict(format!(
            "another process refreshes {}",
            out.display()
        ))),
        Err(std::fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, seconds) in [("15m", 900), ("1h", 3600), ("1h 30m", 5400), ("90s", 90)] {
            assert_eq!(every(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "15", "0s", "-5m", "99999h", "soon"] {
            assert!(every(text).is_err(), "{text}");
        }
    }
}
