//! Where a command's text comes from and how it is to be treated.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::dispatch::{Article, LanguagePolicy, Options, RepairPolicy, SummaryForm};
use crate::document::{self, Document, Format};
use crate::error::{Error, Result};
use crate::pipeline::MAX_BEAMS;
use crate::terms::{self, Glossary, Separator};

/// Choices that the translating commands share.
#[derive(Debug, Clone, clap::Args)]
pub struct Choices {
    /// Format of the input [default: by the file's ending, else text]
    #[arg(long, value_parser = PossibleValuesParser::new(["text", "html", "markdown"])
          .try_map(|name| name.parse::<Format>()))]
    pub format: Option<Format>,

    /// Hypotheses that are followed at once, to 8: 1 is twice as fast and less good; 0 as suits the engine (4 for a local
    /// model)
    #[arg(long, env = "DEPESCHE_BEAMS", default_value_t = 0,
          value_parser = clap::value_parser!(u8).range(0..=MAX_BEAMS as i64))]
    pub beams: u8,

    /// What may be done for figures that the model got wrong: nothing, another hypothesis, decoding again as well, a numeral
    /// put right in the text as well
    #[arg(long, env = "DEPESCHE_REPAIR", value_enum, default_value_t)]
    pub repair: RepairPolicy,

    /// Glossary that the translation keeps to: a line a term, German and English separated by a tab
    /// (in a .csv file by a comma or semicolon); a term without English is not translated
    #[arg(long, value_name = "FILE")]
    pub glossary: Option<PathBuf>,

    /// Exit with 3 when a figure is changed, missing or added, a term is missed, or a translation is empty, cut off or
    /// still German; for a summary only the figures of its sentences count
    #[arg(long)]
    pub strict: bool,
}

/// Choices about the summary.
#[derive(Debug, Clone, clap::Args)]
pub struct SummaryChoices {
    /// Most sentences of the summary; 0 for none
    #[arg(long, default_value_t = Options::default().summary_sentences)]
    pub sentences: usize,

    /// Most words of the summary; it has at least one sentence, even when that is longer
    #[arg(long, default_value_t = Options::default().summary_words)]
    pub words: usize,

    /// Sentences in a row, a bullet for each, or the headline alone
    #[arg(long, value_enum, default_value_t)]
    pub form: SummaryForm,
}

impl Choices {
    /// Options of the pipeline. Strictness is left to the exit code, so that
    /// the text is printed all the same.
    pub fn options(&self, language: LanguagePolicy, summary: Option<&SummaryChoices>) -> Options {
        Options {
            beams: usize::from(self.beams),
            summary_sentences: summary.map_or(0, |summary| summary.sentences),
            summary_words: summary.map_or(0, |summary| summary.words),
            summary_form: summary.map_or(SummaryForm::Text, |summary| summary.form),
            repair: self.repair,
            strict: false,
            language,
            ..Options::default()
        }
    }

    /// The glossary that was named.
    ///
    /// # Errors
    /// Those of [`read`], [`Error::Malformed`] for a table that is none.
    pub fn glossary(&self) -> Result<Option<Arc<Glossary>>> {
        let Some(file) = &self.glossary else {
            return Ok(None);
        };
        let commas = file
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        let separator = if commas {
            Separator::Comma
        } else {
            Separator::Tab
        };
        let entries = terms::read_table(&read(file)?, separator)?;
        Ok(Some(Arc::new(Glossary::new(entries)?)))
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

/// Refuses a text with nothing to translate before a model is fetched for it.
///
/// # Errors
/// [`Error::Empty`].
pub fn check(text: &str, format: Format) -> Result<()> {
    Document::parse(text, format).map(|_| ())
}

/// The article of a command: a file as it is or, with `extract`, the article of a
/// whole page of HTML.
///
/// # Errors
/// Those of [`read`] and [`check`], [`Error::NoArticle`].
pub fn article(
    file: &Path,
    title: Option<String>,
    extract: bool,
    choices: &Choices,
) -> Result<Article> {
    let text = read(file)?;
    let article = if extract {
        let found = document::extract(&text).ok_or(Error::NoArticle)?;
        Article {
            title: title.or(found.title),
            body: found.body,
            format: Format::Html,
            found: true,
        }
    } else {
        Article {
            title,
            body: text,
            format: choices.format(file),
            found: false,
        }
    };
    check(&article.body, article.format)?;
    Ok(article)
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// [`Error::Io`] when it cannot be read, [`Error::Malformed`] when it is not
/// UTF-8.
pub fn read(file: &Path) -> Result<String> {
    let is_stdin = file.as_os_str() == "-";
    let bytes = if is_stdin {
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
        let name = if is_stdin {
            "standard input".to_owned()
        } else {
            file.display().to_string()
        };
        Error::Malformed(format!(
            "{name} is not UTF-8 (byte {place}); convert it first, for instance with iconv -f WINDOWS-1252 -t UTF-8"
        ))
    })
}
