//! `depesche article`: the whole dispatch.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::input::{self, Choices, SummaryChoices};
use crate::cli::{output, page, progress, start_pipeline, strict_exit};
use crate::config::EngineConfig;
use crate::dispatch::{Dispatch, FigureReport, LanguagePolicy, TermReport, Warning, WarningCode};
use crate::error::{Error, Result};
use crate::pipeline::Context;
use crate::terms::Status;

/// Arguments of `depesche article`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// File with the German article, or - for standard input
    pub file: PathBuf,

    /// Headline of the article when it is not in the file
    #[arg(long)]
    pub title: Option<String>,

    /// The file is a whole web page (HTML): take the article out of it, without navigation,
    /// banners and comments
    #[arg(long)]
    pub extract: bool,

    /// Print JSON, the same object that POST /v1/articles answers
    #[arg(long, conflicts_with = "html")]
    pub json: bool,

    /// Print an HTML page with the figures marked
    #[arg(long)]
    pub html: bool,

    /// What to do with text that is not German
    #[arg(long, value_enum, default_value = "refuse")]
    pub language: LanguagePolicy,

    #[command(flatten)]
    pub choices: Choices,
    #[command(flatten)]
    pub summary: SummaryChoices,
}

/// # Errors
/// Those of reading, of loading the model and of the pipeline.
pub async fn run(args: Args, config: EngineConfig) -> Result<ExitCode> {
    let article = input::article(&args.file, args.title, args.extract, &args.choices)?;
    let glossary = args.choices.glossary()?;
    let pipeline = start_pipeline(&config, progress::downloads().as_ref())?;
    let options = args.choices.options(args.language, Some(&args.summary));
    let context = Context {
        deadline: None,
        events: progress::segments(),
        glossary,
    };
    let dispatch = pipeline.article(article, options, context).await?;
    let answer = if args.json {
        json(&dispatch)?
    } else if args.html {
        page::render(&dispatch)
    } else {
        text(&dispatch)
    };
    output::print(answer.trim_end())?;
    let open = dispatch.unresolved() + dispatch.missed_terms() + dispatch.incomplete();
    Ok(strict_exit(args.choices.strict, open))
}

/// Pretty JSON of any answer.
pub(super) fn json(answer: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string_pretty(answer).map_err(|error| Error::Internal(error.to_string()))
}

/// The dispatch for people.
fn text(dispatch: &Dispatch) -> String {
    let mut out = String::new();
    if let Some(title) = &dispatch.translation.title {
        out.push_str(title);
        out.push_str("\n\n");
    }
    out.push_str(dispatch.translation.text.trim_end());
    out.push('\n');
    if !dispatch.summary.sentences.is_empty() {
        section(&mut out, "SUMMARY");
        for sentence in &dispatch.summary.sentences {
            let numbers: Vec<String> = sentence
                .segments
                .iter()
                .map(|segment| (segment + 1).to_string())
                .collect();
            writeln!(out, "{} [{}]", sentence.text, numbers.join(", ")).ok();
        }
    }
    if !dispatch.key_figures.is_empty() {
        section(&mut out, "KEY FIGURES");
        for figure in &dispatch.key_figures {
            let place = match figure.in_summary {
                true => "in the summary",
                false => "",
            };
            let line = format!(
                "{:>5}  {:<9} {:<24} {place}",
                figure.segment + 1,
                figure.kind.as_str(),
                figure.text
            );
            writeln!(out, "{}", line.trim_end()).ok();
        }
    }
    if !dispatch.figures.is_empty() {
        section(&mut out, &figures_heading(dispatch));
        out.push_str(&figures(&dispatch.figures));
    }
    if !dispatch.terms.is_empty() {
        section(&mut out, &terms_heading(dispatch));
        out.push_str(&terms(&dispatch.terms));
    }
    let others: Vec<&Warning> = dispatch
        .warnings
        .iter()
        .filter(|warning| {
            !matches!(
                warning.code,
                WarningCode::FigureUnresolved | WarningCode::TermMissed
            )
        })
        .collect();
    if !others.is_empty() {
        section(&mut out, "WARNINGS");
        for warning in others {
            match warning.segment {
                Some(segment) => writeln!(out, "segment {}: {}", segment + 1, warning.message),
                None => writeln!(out, "{}", warning.message),
            }
            .ok();
        }
    }
    let timings = &dispatch.timings;
    writeln!(
        out,
        "\n{} · {} segments · {} tokens in {:.1} s",
        dispatch.model.name,
        dispatch.translation.segments.len(),
        timings.tokens,
        timings.total_ms / 1e3
    )
    .ok();
    out
}

fn section(out: &mut String, heading: &str) {
    writeln!(out, "\n── {heading} ──").ok();
}

fn figures_heading(dispatch: &Dispatch) -> String {
    let all = dispatch.figures.len();
    match dispatch.unresolved() {
        0 => format!("FIGURES: all {all} accounted for"),
        open => format!("FIGURES: {open} of {all} unresolved"),
    }
}

fn terms_heading(dispatch: &Dispatch) -> String {
    let all = dispatch.terms.len();
    match dispatch.missed_terms() {
        0 => format!("TERMS: all {all} used"),
        open => format!("TERMS: {open} of {all} missed"),
    }
}

/// The terms as a table; missed ones are marked with `!`.
pub(super) fn terms(terms: &[TermReport]) -> String {
    let mut out = String::new();
    for term in terms {
        let mark = match term.status {
            Status::Used | Status::Replaced => ' ',
            Status::Missed => '!',
        };
        writeln!(
            out,
            "{mark} {:>3}  {:<9}  {} → {}",
            term.segment + 1,
            term.status.as_str(),
            term.source.text,
            term.english
        )
        .ok();
    }
    out
}

/// The figures report as a table; unresolved ones are marked with `!`.
pub(super) fn figures(figures: &[FigureReport]) -> String {
    let mut out = String::new();
    for figure in figures {
        let mark = if figure.status.resolved() { ' ' } else { '!' };
        let side = |mention: &Option<crate::figures::Mention>| {
            mention
                .as_ref()
                .map_or_else(|| "—".to_owned(), |mention| mention.text.clone())
        };
        writeln!(
            out,
            "{mark} {:>3}  {:<9}  {:<8}  {} → {}",
            figure.segment + 1,
            figure.status.as_str(),
            figure.kind.as_str(),
            side(&figure.source),
            side(&figure.target)
        )
        .ok();
    }
    out
}
