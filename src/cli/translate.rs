//! `depesche translate`: text in, text out.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::article::json;
use crate::cli::input::{self, Choices};
use crate::cli::{output, progress, start_pipeline, strict_exit};
use crate::config::EngineConfig;
use crate::dispatch::{self, LanguagePolicy, Translations};
use crate::document::Format;
use crate::error::Result;
use crate::pipeline::{Context, Text};

/// Arguments of `depesche translate`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// File with the German text, or - for standard input
    pub file: PathBuf,

    /// Take each line as a text of its own and print a line for each; empty
    /// lines stay empty
    #[arg(long)]
    pub lines: bool,

    /// Print JSON with segments, figures and warnings
    #[arg(long)]
    pub json: bool,

    /// What to do with text that is not German [default: refuse; with --lines pass, so that one
    /// line does not stop the others]
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
    let language = args.language.unwrap_or(if args.lines {
        LanguagePolicy::Pass
    } else {
        LanguagePolicy::Refuse
    });
    if args.lines && !args.json && texts.iter().all(says_nothing) {
        return output::print(&text).map(|()| ExitCode::SUCCESS);
    }
    if !args.lines {
        input::check(&text, format)?;
    }
    let mut config = config;
    config.queue = config.queue.max(text.len());
    let glossary = args.choices.glossary()?;
    let pipeline = start_pipeline(&config, progress::downloads().as_ref())?;
    let context = Context {
        deadline: None,
        events: progress::segments(),
        glossary,
    };
    let options = args.choices.options(language, None);
    let answer = pipeline.translate(texts, options, context).await?;
    if args.json {
        output::print(&json(&answer)?)?;
    } else {
        let texts = answer.translations.iter();
        let text: String = if args.lines {
            texts.map(|line| one_line(&line.text) + "\n").collect()
        } else {
            texts.map(|text| text.text.as_str()).collect()
        };
        output::print(&text)?;
        complain(&answer, args.lines);
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
        .map(|translation| {
            dispatch::unresolved(&translation.figures)
                + dispatch::missed_terms(&translation.terms)
                + dispatch::incomplete(&translation.segments)
        })
        .sum()
}

/// Whether there is no word in a line: white space, dashes, asterisks.
fn says_nothing(text: &Text) -> bool {
    !text.text.chars().any(char::is_alphanumeric)
}

/// Nothing that a line became may break the alignment.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r'])
        .filter(|part| !part.trim().is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Warnings go to stderr, so that nothing is wrong in silence even when only
/// the text is wanted.
fn complain(answer: &Translations, by_line: bool) {
    for (index, translation) in answer.translations.iter().enumerate() {
        for warning in &translation.warnings {
            let place = if by_line {
                format!("line {}: ", index + 1)
            } else {
                String::new()
            };
            output::complain(&format!("{place}{}", warning.message));
        }
    }
}
