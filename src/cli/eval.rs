//! `depesche eval`: how good are the translations?

mod accounts;
mod answer;
mod made;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::article::json;
use crate::cli::{input, output};
use crate::config::EngineConfig;
use crate::dispatch::RepairPolicy;
use crate::error::{Error, Result};
use crate::eval::{Report, Sample, compare};
use crate::pipeline::MAX_BEAMS;
use answer::{Answer, text};
use made::translate;

/// Resamples of the paired bootstrap.
const RESAMPLES: usize = 1000;

/// What the model is given at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Unit {
    /// Sentences, as everywhere else: the whole pipeline
    Sentence,
    /// Each line as it is, however many sentences it has: the engine alone
    Line,
}

/// Arguments of `depesche eval`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// German segments, one a line
    #[arg(long, required_unless_present = "tsv", requires = "reference")]
    pub src: Option<PathBuf>,

    /// English references, one a line
    #[arg(long = "ref", id = "reference", requires = "src")]
    pub reference: Option<PathBuf>,

    /// In place of both: a table with German and English in its first columns
    #[arg(long, conflicts_with_all = ["src", "reference"])]
    pub tsv: Option<PathBuf>,

    /// Hypotheses, one a line; without them the model translates
    #[arg(long)]
    pub hyp: Option<PathBuf>,

    /// Hypotheses of another system, for a paired bootstrap against it
    #[arg(long)]
    pub against: Option<PathBuf>,

    /// Only the first so many segments
    #[arg(long)]
    pub limit: Option<usize>,

    /// Beam width of the model; 1 is greedy, 0 as suits the engine (4 for a local model)
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=MAX_BEAMS as i64))]
    pub beams: u8,

    /// What may be done for figures that the model got wrong
    #[arg(long, value_enum, default_value_t)]
    pub repair: RepairPolicy,

    /// What the model is given at a time
    #[arg(long, value_enum, default_value = "sentence")]
    pub unit: Unit,

    /// Write the hypotheses to this file
    #[arg(long)]
    pub out: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// # Errors
/// Those of reading, of the model, [`Error::Empty`] without segments, and
/// [`Error::Malformed`] when the files do not have the same number of lines.
pub async fn run(args: Args, config: EngineConfig) -> Result<ExitCode> {
    let (sources, references) = segments(&args)?;
    if sources.is_empty() {
        return Err(Error::Empty);
    }
    let (hypotheses, speed, accounts) = match &args.hyp {
        Some(file) => (lines(file, args.limit)?, None, None),
        None => {
            let (made, speed) = translate(&sources, &args, config).await?;
            (made.hypotheses, Some(speed), made.accounts)
        }
    };
    same_length("hypotheses", hypotheses.len(), sources.len())?;
    let samples: Vec<Sample<'_>> = sources
        .iter()
        .zip(&hypotheses)
        .zip(&references)
        .map(|((source, hypothesis), reference)| Sample {
            source,
            hypothesis,
            reference,
        })
        .collect();
    let mut report = Report::of(&samples);
    if let Some(file) = &args.against {
        let others = lines(file, args.limit)?;
        same_length("other hypotheses", others.len(), sources.len())?;
        report.comparison = Some(compare(
            &strs(&hypotheses),
            &strs(&others),
            &strs(&references),
            RESAMPLES,
        ));
    }
    if let Some(file) = &args.out {
        let text: String = hypotheses.iter().flat_map(|line| [line, "\n"]).collect();
        std::fs::write(file, text)
            .map_err(|error| Error::io(format!("writing {}", file.display()), error))?;
    }
    if args.json {
        output::print(&json(&Answer {
            report,
            speed,
            accounts,
        })?)?;
    } else {
        output::print(&text(&report, speed, accounts))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn strs(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

/// Sources and references, aligned.
fn segments(args: &Args) -> Result<(Vec<String>, Vec<String>)> {
    match (&args.tsv, &args.src, &args.reference) {
        (Some(table), ..) => lines(table, args.limit)?
            .iter()
            .enumerate()
            .map(|(index, line)| {
                let mut columns = line.split('\t').map(str::to_owned);
                columns.next().zip(columns.next()).ok_or_else(|| {
                    Error::Malformed(format!("line {} has fewer than two columns", index + 1))
                })
            })
            .collect(),
        (None, Some(source), Some(reference)) => {
            let (sources, references) = (lines(source, args.limit)?, lines(reference, args.limit)?);
            same_length("references", references.len(), sources.len())?;
            Ok((sources, references))
        }
        _ => Err(Error::Config("give --tsv, or --src and --ref".into())),
    }
}

fn lines(file: &Path, limit: Option<usize>) -> Result<Vec<String>> {
    Ok(input::read(file)?
        .lines()
        .take(limit.unwrap_or(usize::MAX))
        .map(str::to_owned)
        .collect())
}

fn same_length(what: &str, found: usize, expected: usize) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(Error::Malformed(format!(
        "there are {found} {what} for {expected} sources"
    )))
}
