//! What the clients of other services ask for: texts in English, and nothing
//! that they could choose beyond that.

use std::sync::Arc;

use super::{Service, work};
use crate::dispatch::{LanguagePolicy, Options, TranslatedText, Warning, WarningCode};
use crate::document::Format;
use crate::error::{Error, Result};
use crate::language::{self, Detected};
use crate::pipeline::{Context, Text};
use crate::terms::Glossary;

/// Whose word counts for the language of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The client says that it is German.
    German,
    /// Each text is looked at; one in another language comes back unchanged.
    Detected,
}

/// Texts to translate, each a document of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    pub texts: Vec<String>,
    pub format: Format,
    pub source: Source,
    /// Terms that the translation keeps to.
    pub glossary: Option<Arc<Glossary>>,
}

/// One text, translated or passed through.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub text: String,
    /// What the text was taken for; `None` when the client said so.
    pub detected: Option<Detected>,
    /// Characters of the source, if it was translated; else 0.
    pub characters: usize,
    pub warnings: Vec<Warning>,
}

impl Order {
    /// Characters of all texts, markup included.
    pub fn characters(&self) -> usize {
        self.texts.iter().map(|text| text.chars().count()).sum()
    }

    /// Translates the texts. Where nothing in them can be translated, they are
    /// the answer: neither DeepL nor LibreTranslate refuses blank texts.
    ///
    /// # Errors
    /// Those of the door and the pipeline, except `empty` and `not_german`.
    pub async fn carry_out(self, service: &Service) -> Result<Vec<Answer>> {
        let (pass, pipeline) = service.admit()?;
        let context = Context {
            glossary: self.glossary.clone(),
            ..service.context(None)
        };
        let options = Options {
            language: self.source.policy(),
            ..Options::default()
        };
        let documents = self
            .texts
            .iter()
            .map(|text| Text {
                text: text.clone(),
                format: self.format,
            })
            .collect();
        let work = async {
            match pipeline.translate(documents, options, context).await {
                Ok(translated) => self.answers(translated.translations).await,
                Err(Error::Empty) => self.answers(Vec::new()).await,
                Err(error) => Err(error),
            }
        };
        work::run(pass, work).await
    }

    /// One answer for each text; texts without a translation are their own.
    /// Naming languages takes the processor for a while, so not on the thread
    /// that speaks HTTP.
    async fn answers(self, translated: Vec<TranslatedText>) -> Result<Vec<Answer>> {
        actix_web::web::block(move || {
            let mut translated = translated.into_iter();
            self.texts
                .into_iter()
                .map(|text| Answer::of(text, translated.next(), self.source))
                .collect()
        })
        .await
        .map_err(|_| Error::Internal("naming the languages was given up".into()))
    }
}

impl Source {
    const fn policy(self) -> LanguagePolicy {
        match self {
            Source::German => LanguagePolicy::Trust,
            Source::Detected => LanguagePolicy::Pass,
        }
    }

    /// What a text is taken for, if that is not said.
    fn look(self, text: &str) -> Option<Detected> {
        match self {
            Source::German => None,
            Source::Detected => Some(language::assume(text)),
        }
    }
}

impl Answer {
    fn of(source: String, translated: Option<TranslatedText>, by: Source) -> Self {
        let Some(translated) = translated else {
            return Answer {
                detected: by.look(&source),
                text: source,
                characters: 0,
                warnings: Vec::new(),
            };
        };
        let passed = translated.segments.is_empty()
            || translated
                .warnings
                .iter()
                .any(|warning| warning.code == WarningCode::PassedThrough);
        // As the pipeline has it before it: without markup, which has a
        // language of its own.
        let sentences: Vec<&str> = translated
            .segments
            .iter()
            .map(|segment| segment.source.as_str())
            .collect();
        Answer {
            detected: by.look(&sentences.join("\n")),
            text: translated.text,
            characters: if passed { 0 } else { source.chars().count() },
            warnings: translated.warnings,
        }
    }
}
