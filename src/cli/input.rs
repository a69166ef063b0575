//! Where a command's text comes from and how it is to be treated.

use std::io::Read;
use std::path::Path;

use crate::dispatch::{LanguagePolicy, Options};
use crate::document::Format;
use crate::error::{Error, Result};

/// Choices that the translating commands share.
#[derive(Debug, Clone, clap::Args)]
pub struct Choices {
    /// Format of the input: text, html or markdown [default: by the file's ending]
    #[arg(long)]
    pub format: Option<Format>,

    /// Beam width; 1 is greedy
    #[arg(long, env = "DEPESCHE_BEAMS", default_value_t = 1)]
    pub beams: usize,

    /// Exit with 3 when a figure is not accounted for
    #[arg(long)]
    pub strict: bool,
}

/// Choices about the summary.
#[derive(Debug, Clone, clap::Args)]
pub struct SummaryChoices {
    /// Sentences of the summary at most
    #[arg(long, default_value_t = Options::default().summary_sentences)]
    pub sentences: usize,

    /// Words of the summary at most
    #[arg(long, default_value_t = Options::default().summary_words)]
    pub words: usize,
}

impl Choices {
    /// Options of the pipeline. Strictness is left to the exit code, so that
    /// the text is printed all the same.
    pub fn options(&self, language: LanguagePolicy, summary: Option<&SummaryChoices>) -> Options {
        Options {
            beams: self.beams,
            summary_sentences: summary.map_or(0, |summary| summary.sentences),
            summary_words: summary.map_or(0, |summary| summary.words),
            strict: false,
            language,
        }
    }

    /// The format that was named, or the one that the file's ending speaks of.
    pub fn format(&self, file: &Path) -> Format {
        self.format.unwrap_or_else(|| {
            let ending = file.extension().and_then(|ending| ending.to_str());
            match ending.map(str::to_ascii_lowercase).as_deref() {
                Some("html" | "htm" | "xhtml") => Format::Html,
                Some("md" | "markdown") => Format::Markdown,
                _ => Format::Text,
            }
        })
    }
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// [`Error::Io`] when it cannot be read, [`Error::Malformed`] when it is not
/// UTF-8.
pub fn read(file: &Path) -> Result<String> {
    let bytes = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .read_to_end(&mut bytes)
            .map(|_| bytes)
            .map_err(|error| Error::io("reading standard input", error))?
    } else {
        std::fs::read(file)
            .map_err(|error| Error::io(format!("reading {}", file.display()), error))?
    };
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        Error::Malformed(format!(
            "{} is not UTF-8 (byte {place}); convert it first",
            file.display()
        ))
    })
}
