//! `depesche eval`: how good are the translations?

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use serde::Serialize;

use crate::cli::article::json;
use crate::cli::{input, output, progress, start_pipeline};
use crate::config::EngineConfig;
use crate::dispatch::{LanguagePolicy, Options, RepairPolicy, SegmentStatus, Translations};
use crate::document::Format;
use crate::engine::{Decoding, Submission};
use crate::error::{Error, Result};
use crate::eval::{Report, Sample, compare};
use crate::figures::Status;
use crate::pipeline::{Context, MAX_BEAMS, Pipeline, Text};

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

/// How fast the model was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Speed {
    seconds: f64,
    segments_per_second: f64,
    tokens_per_second: f64,
}

/// What the pipeline itself says of its translations. Unlike the report it
/// counts figures in words and names, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
struct Accounts {
    kept: usize,
    converted: usize,
    changed: usize,
    missing: usize,
    added: usize,
    /// Sentences with a figure that was put right, or for which another
    /// hypothesis than the first was taken.
    repaired: usize,
    /// Sentences with an open figure.
    unresolved: usize,
    /// Share of the time that the last check of all figures took, in percent.
    check_percent: f64,
}

impl Accounts {
    fn of(answer: &Translations) -> Self {
        let mut accounts = Accounts {
            check_percent: 100.0 * answer.timings.figures_ms / answer.timings.total_ms,
            ..Accounts::default()
        };
        for text in &answer.translations {
            for figure in &text.figures {
                *match figure.status {
                    Status::Kept => &mut accounts.kept,
                    Status::Converted => &mut accounts.converted,
                    Status::Changed => &mut accounts.changed,
                    Status::Missing => &mut accounts.missing,
                    Status::Added => &mut accounts.added,
                } += 1;
            }
            for segment in &text.segments {
                match segment.status {
                    SegmentStatus::Repaired => accounts.repaired += 1,
                    SegmentStatus::Unresolved => accounts.unresolved += 1,
                    SegmentStatus::Ok | SegmentStatus::Incomplete | SegmentStatus::Copied => {}
                }
            }
        }
        accounts
    }
}

/// What the model made of the sources.
struct Made {
    hypotheses: Vec<String>,
    tokens: usize,
    /// None where the pipeline was passed by.
    accounts: Option<Accounts>,
}

#[derive(Debug, Serialize)]
struct Answer {
    #[serde(flatten)]
    report: Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    speed: Option<Speed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accounts: Option<Accounts>,
}

/// # Errors
/// Those of reading, of the model, and [`Error::Malformed`] when the files do
/// not have the same number of lines.
pub async fn run(args: Args, config: EngineConfig) -> Result<ExitCode> {
    let (sources, references) = segments(&args)?;
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

async fn translate(
    sources: &[String],
    args: &Args,
    mut config: EngineConfig,
) -> Result<(Made, Speed)> {
    config.queue = config.queue.max(sources.iter().map(String::len).sum());
    let pipeline = start_pipeline(&config, progress::downloads().as_ref())?;
    pipeline.engine().ready().await;
    let clock = Instant::now();
    let mut made = match args.unit {
        Unit::Sentence => by_sentence(&pipeline, sources, args).await?,
        Unit::Line => by_line(&pipeline, sources, usize::from(args.beams)).await?,
    };
    let seconds = clock.elapsed().as_secs_f64();
    let speed = Speed {
        seconds,
        segments_per_second: sources.len() as f64 / seconds,
        tokens_per_second: made.tokens as f64 / seconds,
    };
    for hypothesis in &mut made.hypotheses {
        *hypothesis = hypothesis.lines().collect::<Vec<_>>().join(" ");
    }
    Ok((made, speed))
}

/// The whole pipeline, each line a text of its own.
async fn by_sentence(pipeline: &Pipeline, sources: &[String], args: &Args) -> Result<Made> {
    let texts = sources
        .iter()
        .map(|source| Text {
            text: source.clone(),
            format: Format::Text,
        })
        .collect();
    let options = Options {
        beams: usize::from(args.beams),
        repair: args.repair,
        language: LanguagePolicy::Trust,
        ..Options::default()
    };
    let context = Context {
        deadline: None,
        events: progress::segments(),
        glossary: None,
    };
    let answer = pipeline.translate(texts, options, context).await?;
    Ok(Made {
        tokens: answer.timings.tokens,
        accounts: Some(Accounts::of(&answer)),
        hypotheses: answer
            .translations
            .into_iter()
            .map(|translation| translation.text)
            .collect(),
    })
}

/// As [`by_sentence`], but past the pipeline: a line is a segment.
async fn by_line(pipeline: &Pipeline, sources: &[String], beams: usize) -> Result<Made> {
    let mut replies = pipeline.engine().submit(Submission {
        texts: sources.to_vec(),
        decoding: Decoding {
            beams: match beams {
                0 => pipeline.engine().usual_beams(),
                beams => beams,
            },
            ..Decoding::default()
        },
        required: Vec::new(),
        expires: None,
    })?;
    let mut hypotheses = vec![String::new(); sources.len()];
    let mut tokens = 0;
    while let Some((line, translated)) = replies.next().await {
        let translated = translated?;
        tokens += translated.tokens;
        hypotheses[line] = translated.text;
    }
    Ok(Made {
        hypotheses,
        tokens,
        accounts: None,
    })
}

/// The report for people.
fn text(report: &Report, speed: Option<Speed>, accounts: Option<Accounts>) -> String {
    let mut out = String::new();
    let figures = &report.figures;
    let faults = &report.faults;
    writeln!(out, "segments      {}", report.segments).ok();
    writeln!(
        out,
        "BLEU          {:.2}  ({})",
        report.bleu, report.bleu_signature
    )
    .ok();
    writeln!(
        out,
        "chrF          {:.2}  ({})",
        report.chrf, report.chrf_signature
    )
    .ok();
    writeln!(out, "length ratio  {:.3}", report.length_ratio).ok();
    writeln!(out, "figures       {} in the sources; {:.2} % kept ({} changed, {} missing), {:.2} % of those written are right ({} added)",
        figures.source,
        figures.recall,
        figures.changed,
        figures.missing,
        figures.precision,
        figures.added
    )
    .ok();
    writeln!(
        out,
        "faults        {} empty, {} truncated, {} repeated, {} untranslated",
        faults.empty, faults.truncated, faults.repeated, faults.untranslated
    )
    .ok();
    if let Some(accounts) = accounts {
        writeln!(
            out,
            "accounts      {} figures and names kept, {} converted, {} changed, {} missing, {} added; {} sentences repaired, \
             {} with something open; {:.1} % of the time for the last check",
            accounts.kept,
            accounts.converted,
            accounts.changed,
            accounts.missing,
            accounts.added,
            accounts.repaired,
            accounts.unresolved,
            accounts.check_percent
        )
        .ok();
    }
    if let Some(speed) = speed {
        writeln!(
            out,
            "speed         {:.1} s, {:.2} segments/s, {:.1} tokens/s",
            speed.seconds, speed.segments_per_second, speed.tokens_per_second
        )
        .ok();
    }
    if let Some(comparison) = &report.comparison {
        writeln!(
            out,
            "bootstrap     chrF {:+.2} (p = {:.3}), BLEU {:+.2} (p = {:.3}), {} resamples",
            comparison.chrf_difference,
            comparison.chrf_p,
            comparison.bleu_difference,
            comparison.bleu_p,
            comparison.resamples
        )
        .ok();
    }
    out
}
