//! A request that has been read: documents cut into units for the engine.

use crate::dispatch::{LanguagePolicy, Part, Warning, WarningCode};
use crate::document::{BlockKind, Document, Format};
use crate::error::{Error, Result};
use crate::figures::Cast;
use crate::language::{self, Verdict};
use crate::segment;
use crate::span::Span;
use crate::terms::{Glossary, Occurrence};
use std::sync::Arc;

/// A text as it came in.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    part: Part,
    text: String,
    format: Format,
    /// Which of the articles of a request it belongs to.
    article: usize,
}

impl Sheet {
    pub fn new(part: Part, text: String, format: Format) -> Self {
        Sheet {
            part,
            text,
            format,
            article: 0,
        }
    }

    /// The same as a sheet of another article than the first.
    pub fn of_article(self, article: usize) -> Self {
        Sheet { article, ..self }
    }
}

/// A text that has been read.
#[derive(Debug)]
pub(super) enum Page {
    Document(Document),
    /// Nothing in it can be translated; it is given back as it came.
    Verbatim(String),
}

/// One sentence and where it comes from.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub sheet: usize,
    pub article: usize,
    pub part: Part,
    pub block: usize,
    pub kind: BlockKind,
    /// In the block's text.
    pub span: Span,
    /// In the sheet's source.
    pub source_span: Span,
    pub source: String,
    /// False: the unit is copied.
    pub translate: bool,
    /// Terms of the glossary in the source.
    pub terms: Vec<Occurrence>,
    /// The persons of the article.
    pub cast: Arc<Cast>,
    /// Words that were left in German are no fault.
    pub may_be_german: bool,
}

/// All texts of a request, read and cut.
#[derive(Debug)]
pub(super) struct Draft {
    pub pages: Vec<Page>,
    pub units: Vec<Unit>,
    pub warnings: Vec<Warning>,
}

impl Draft {
    /// Reads the sheets, checks their language, cuts them into units.
    ///
    /// # Errors
    /// `Empty` when no sheet has text; `NotGerman` under
    /// [`LanguagePolicy::Refuse`].
    pub fn prepare(
        sheets: Vec<Sheet>,
        policy: LanguagePolicy,
        glossary: Option<&Glossary>,
    ) -> Result<Self> {
        let mut draft = Draft {
            pages: Vec::with_capacity(sheets.len()),
            units: Vec::new(),
            warnings: Vec::new(),
        };
        for sheet in sheets {
            match Document::parse(&sheet.text, sheet.format) {
                Ok(document) => draft.add(document, sheet.part, sheet.article),
                Err(Error::Empty) => draft.pages.push(Page::Verbatim(sheet.text)),
                Err(error) => return Err(error),
            }
        }
        if draft.units.is_empty() {
            return Err(Error::Empty);
        }
        draft.check_language(policy)?;
        if let Some(glossary) = glossary {
            draft.find_terms(glossary);
        }
        draft.find_persons();
        Ok(draft)
    }

    fn add(&mut self, document: Document, part: Part, article: usize) {
        let sheet = self.pages.len();
        for (index, block) in document.blocks().iter().enumerate() {
            let protected = block.protected();
            for span in segment::split_around(&block.text, &protected) {
                let source = span.of(&block.text);
                self.units.push(Unit {
                    sheet,
                    article,
                    part,
                    block: index,
                    kind: block.kind,
                    span,
                    source_span: block.source_span(span),
                    source: source.to_owned(),
                    translate: source.chars().any(char::is_alphanumeric)
                        && !span.is_within(&protected),
                    terms: Vec::new(),
                    cast: Arc::default(),
                    may_be_german: false,
                });
            }
        }
        self.pages.push(Page::Document(document));
    }

    /// Tells every unit which persons the others of its article name.
    fn find_persons(&mut self) {
        for article in (self.units).chunk_by_mut(|one, next| one.article == next.article) {
            let sources: Vec<&str> = article.iter().map(|unit| unit.source.as_str()).collect();
            let cast = Arc::new(Cast::of(&sources.join("\n")));
            for unit in article {
                unit.cast = Arc::clone(&cast);
            }
        }
    }

    /// Finds the terms of what is translated. What is protected stays as it is,
    /// and so does a unit that is nothing but a term which is to be kept.
    fn find_terms(&mut self, glossary: &Glossary) {
        for unit in self.units.iter_mut().filter(|unit| unit.translate) {
            let Some(Page::Document(document)) = self.pages.get(unit.sheet) else {
                continue;
            };
            let Some(block) = document.blocks().get(unit.block) else {
                continue;
            };
            let protected = block.protected();
            unit.terms = glossary.find(&unit.source);
            unit.terms
                .retain(|term| !term.span.shifted(unit.span.start).is_within(&protected));
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
            unit.translate = !matches!(
                unit.terms.as_slice(),
                [only] if only.term.is_kept()
                    && letters(only.span.of(&unit.source)) == letters(&unit.source)
            );
        }
    }

    /// Each sheet is judged on its own, except that a title belongs to its
    /// body: only a title without one stands for itself.
    fn check_language(&mut self, policy: LanguagePolicy) -> Result<()> {
        if policy == LanguagePolicy::Trust {
            return Ok(());
        }
        let part = if self.units.iter().any(|unit| unit.part == Part::Body) {
            Part::Body
        } else {
            Part::Title
        };
        for sheet in 0..self.pages.len() {
            let mut units = self
                .units
                .iter()
                .filter(|unit| unit.sheet == sheet && unit.part == part)
                .peekable();
            if units.peek().is_none() {
                continue;
            }
            let text: Vec<&str> = units.map(|unit| unit.source.as_str()).collect();
            let Verdict::Other(detected) = language::is_german(&text.join("\n")) else {
                continue;
            };
            match policy {
                LanguagePolicy::Refuse => {
                    return Err(Error::NotGerman {
                        detected: detected.name,
                    });
                }
                LanguagePolicy::Pass => self.pass(sheet, &detected.name),
                LanguagePolicy::Trust => {}
            }
        }
        Ok(())
    }

    /// Copies a foreign sheet, and the title of a foreign body.
    fn pass(&mut self, sheet: usize, language: &str) {
        let mut first = None;
        for (index, unit) in self.units.iter_mut().enumerate() {
            if unit.sheet == sheet || unit.part == Part::Title {
                unit.translate = false;
                first.get_or_insert(index);
            }
        }
        self.warnings.push(Warning {
            code: WarningCode::PassedThrough,
            message: format!("the text looks like {language} and was passed through unchanged"),
            segment: first,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepare(title: &str) -> Result<Draft> {
        let sheets = vec![
            Sheet::new(Part::Title, title.to_owned(), Format::Text),
            Sheet::new(Part::Body, String::new(), Format::Text),
        ];
        Draft::prepare(sheets, LanguagePolicy::Refuse, None)
    }

    #[test]
    fn a_title_without_a_body_is_judged_alone() {
        assert!(prepare("Bundestag beschließt ein neues Rentengesetz").is_ok());
        let english = "The government has announced that the new law will come into force in July";
        assert!(matches!(prepare(english), Err(Error::NotGerman { .. })));
    }

    #[test]
    fn articles_do_not_share_their_persons() {
        let sheet = |part, text: &str| Sheet::new(part, text.to_owned(), Format::Text);
        let sheets = vec![
            sheet(Part::Title, "Watzke geht"),
            sheet(Part::Body, "Der Chef heißt Hans-Joachim Watzke. Er geht."),
            sheet(Part::Body, "Das Wetter bleibt in ganz Deutschland schön.").of_article(1),
        ];
        let draft = Draft::prepare(sheets, LanguagePolicy::Trust, None).expect("texts");
        let alike = |one: usize, other: usize| draft.units[one].cast == draft.units[other].cast;
        assert_eq!(draft.units.len(), 4);
        assert_eq!(draft.units[0].cast, Cast::of("Hans-Joachim Watzke").into());
        assert!(alike(0, 1) && alike(1, 2) && !alike(2, 3));
    }
}
