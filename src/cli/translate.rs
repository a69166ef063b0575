//! `depesche translate`: text in, text out.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::article::json;
use crate::cli::input::{self, Choices};
use crate::cli::{progress, start_pipeline, strict_exit};
use crate::config::EngineConfig;
use crate::dispatch::{LanguagePolicy, Translations};
use crate::document::Format;
use crate::error::Result;
use crate::pipeline::{Context, Text};

/// Arguments of `depesche translate`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The text; - is standard input
    pub file: PathBuf,

    /// Each line is a text of its own; the output has a line for each
    #[arg(long)]
    pub lines: bool,

    /// Print segments, figures and warnings as JSON
    #[arg(long)]
    pub json: bool,

    /// What to do with text that is not German [default: refuse, trust with --lines]
    #[arg(long, value_enum)]
    pub language: Option<LanguagePolicy>,

    #[command(flatten)]
    pub choices: Choices,
}

/// # Errors
/// Those of reading, of loading the model and of the pipeline.
pub async fn run(args: Args, config: EngineConfig) -> Result<ExitCode> {
    let format = args.choices.format(&args.file);
    let text = input::read(&args.file)?;
    let texts: Vec<Text> = if args.lines {
        text.lines().map(|line| piece(line, format)).collect()
    } else {
        vec![piece(&text, format)]
    };
    // A single line is often too short to tell its language, and a file for
    // evaluation must stay aligned whatever is in it.
    let language = args.language.unwrap_or(if args.lines {
        LanguagePolicy::Trust
    } else {
        LanguagePolicy::Refuse
    });
    let mut config = config;
    config.queue = config.queue.max(text.len());
    let pipeline = start_pipeline(&config, progress::downloads().as_ref())?;
    let context = Context {
        deadline: None,
        events: progress::segments(),
    };
    let options = args.choices.options(language, None);
    let answer = pipeline.translate(texts, options, context).await?;
    if args.json {
        println!("{}", json(&answer)?);
    } else {
        for translation in &answer.translations {
            if args.lines {
                println!("{}", translation.text.lines().collect::<Vec<_>>().join(" "));
            } else {
                println!("{}", translation.text.trim_end_matches('\n'));
            }
        }
        complain(&answer);
    }
    Ok(strict_exit(args.choices.strict, unresolved(&answer)))
}

fn piece(text: &str, format: Format) -> Text {
    Text {
        text: text.to_owned(),
        format,
    }
}

fn unresolved(answer: &Translations) -> usize {
    answer
        .translations
        .iter()
        .flat_map(|translation| &translation.figures)
        .filter(|figure| !figure.status.resolved())
        .count()
}

/// Warnings go to stderr, so that nothing is wrong in silence even when only
/// the text is wanted.
fn complain(answer: &Translations) {
    for (index, translation) in answer.translations.iter().enumerate() {
        for warning in &translation.warnings {
            eprintln!("text {}: {}", index + 1, warning.message);
        }
    }
}
