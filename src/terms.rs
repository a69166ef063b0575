//! Terms: German expressions that an editor wants rendered in one way, or not
//! translated at all, and what became of each of them in a translation.
//!
//! A [`Glossary`] finds its terms in German text, whatever their case and
//! inflection; [`check`] looks for the English of each in the translation, as
//! [`crate::figures`] does for figures; [`place`] puts the English in the place
//! of a rendering that is certainly the one of the term. Nothing here knows of
//! models, and everything is linear in the length of the text.

mod check;
mod english;
mod german;
mod glossary;
mod phrase;
mod place;
mod table;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use check::{Check, Status, check, missed};
pub use glossary::{Glossary, MOST_TERMS};
pub use place::{Placed, Rendition, capitalised, place};
pub use table::{Separator, read as read_table};

use crate::error::{Error, Result};
use crate::span::Span;
use phrase::Phrase;

/// Bytes of either side of a term at most.
pub const LONGEST_TERM: usize = 1024;
/// Words of either side of a term at most.
const MOST_WORDS: usize = 12;
/// Terms of one segment that are looked after at most: no sentence has more,
/// and the time for a text that is no sentence stays linear.
pub const MOST_OCCURRENCES: usize = 256;

/// A row of a glossary.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    pub source: String,
    /// The English; `None` when the term is not to be translated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// An entry that was read: its words on both sides.
#[derive(Debug, PartialEq, Eq)]
pub struct Term {
    entry: Entry,
    german: Phrase,
    english: Phrase,
}

impl Term {
    /// # Errors
    /// [`Error::Malformed`] when a side has no word, is too long or holds a
    /// control character; the message does not repeat it.
    fn read(entry: Entry) -> Result<Self> {
        let german = side(&entry.source, "source")?;
        let english = match &entry.target {
            Some(target) => side(target, "target")?,
            None => german.clone(),
        };
        Ok(Term {
            entry,
            german,
            english,
        })
    }

    /// As the glossary has it.
    pub fn source(&self) -> &str {
        &self.entry.source
    }

    /// What should stand in the translation.
    pub fn english(&self) -> &str {
        self.entry.target.as_deref().unwrap_or(&self.entry.source)
    }

    /// Whether it is to stay as it is.
    pub fn is_kept(&self) -> bool {
        self.entry.target.is_none()
    }

    pub fn entry(&self) -> &Entry {
        &self.entry
    }
}

fn side(text: &str, name: &str) -> Result<Phrase> {
    let fault = |what: &str| Error::Malformed(format!("the {name} of a term {what}"));
    if text.len() > LONGEST_TERM {
        return Err(fault(&format!("has more than {LONGEST_TERM} bytes")));
    }
    if text.chars().any(char::is_control) {
        return Err(fault("holds a control character"));
    }
    let phrase = Phrase::read(text).ok_or_else(|| fault("has no word"))?;
    if phrase.len() > MOST_WORDS {
        return Err(fault(&format!("has more than {MOST_WORDS} words")));
    }
    Ok(phrase)
}

/// A term that stands in a German text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    pub term: Arc<Term>,
    pub span: Span,
}

#[cfg(test)]
mod tests;
