//! `depesche summarize`: a short English summary.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::article::{figures, json, terms};
use crate::cli::input::{self, Choices, SummaryChoices};
use crate::cli::{output, progress, start_pipeline, strict_exit};
use crate::config::EngineConfig;
use crate::dispatch::{self, LanguagePolicy, SourceLanguage};
use crate::error::Result;
use crate::pipeline::{Context, summarize_english};

/// Arguments of `depesche summarize`.
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

    /// Print the summary with its sources and figures as JSON
    #[arg(long)]
    pub json: bool,

    /// Language of the article; an English one needs no model
    #[arg(long, value_enum, default_value_t)]
    pub lang: SourceLanguage,

    #[command(flatten)]
    pub choices: Choices,
    #[command(flatten)]
    pub summary: SummaryChoices,
}

/// # Errors
/// Those of reading, of loading the model and of the pipeline.
pub async fn run(args: Args, config: EngineConfig) -> Result<ExitCode> {
    let article = input::article(&args.file, args.title, args.extract, &args.choices)?;
    if args.lang == SourceLanguage::English {
        let options = args
            .choices
            .options(LanguagePolicy::Trust, Some(&args.summary));
        let answer = summarize_english(article, options).await?;
        match args.json {
            true => output::print(&json(&answer)?)?,
            false => output::print(&answer.summary.text)?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let glossary = args.choices.glossary()?;
    let pipeline = start_pipeline(&config, progress::downloads().as_ref())?;
    let options = args
        .choices
        .options(LanguagePolicy::Refuse, Some(&args.summary));
    let context = Context {
        deadline: None,
        events: progress::segments(),
        glossary,
    };
    let answer = pipeline.summarize(article, options, context).await?;
    let open: Vec<_> = answer
        .figures
        .iter()
        .filter(|figure| !figure.status.resolved())
        .cloned()
        .collect();
    if args.json {
        output::print(&json(&answer)?)?;
    } else {
        output::print(&answer.summary.text)?;
        if !open.is_empty() {
            output::complain(&figures(&open));
        }
        if dispatch::missed_terms(&answer.terms) > 0 {
            output::complain(&terms(&answer.terms));
        }
    }
    let missed = dispatch::missed_terms(&answer.terms);
    Ok(strict_exit(args.choices.strict, open.len() + missed))
}
