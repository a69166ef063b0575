//! What DeepL's clients send. Fields that are not named here are ignored.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Deserialize;

use super::languages::Side;
use crate::document::Format;
use crate::error::{Error, Result};
use crate::glossaries::Glossaries;
use crate::http::multipart::Multipart;
use crate::http::order::{Order, Source};
use crate::http::texts::Texts;
use crate::terms::{Entry, Glossary};

/// Glossaries of one request at most, as DeepL has it.
const MOST_GLOSSARIES: usize = 5;

/// The fields of `/v2/translate`. An empty value is none: forms have no other
/// way to say so.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TranslateRequest {
    text: Option<Texts>,
    source_lang: Option<String>,
    target_lang: Option<String>,
    tag_handling: Option<String>,
    glossary_id: Option<Texts>,
    glossary_ids: Option<Texts>,
}

/// The fields of `/v2/languages`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LanguagesRequest {
    r#type: Option<String>,
}

impl TranslateRequest {
    /// The fields of `/v2/document`, whose text is a file.
    ///
    /// # Errors
    /// [`Error::Malformed`] for fields that are not UTF-8.
    pub fn of_form(form: &Multipart) -> Result<Self> {
        Ok(TranslateRequest {
            text: Some(Texts::One(String::new())),
            source_lang: form.text("source_lang")?,
            target_lang: form.text("target_lang")?,
            tag_handling: None,
            glossary_id: form.text("glossary_id")?.map(Texts::One),
            glossary_ids: form.text("glossary_ids")?.map(Texts::One),
        })
    }

    /// What is asked for.
    ///
    /// # Errors
    /// [`Error::Malformed`], in DeepL's words, for fields that are missing or
    /// ask for what there is not; [`Error::NotFound`] for a glossary;
    /// [`Error::TooLarge`] with more than `limit` texts.
    pub fn into_order(self, limit: usize, glossaries: &Glossaries) -> Result<Order> {
        let target = self
            .target_lang
            .filter(|code| !code.is_empty())
            .ok_or_else(|| not_specified("target_lang"))?;
        if !Side::Target.knows(&target) {
            return Err(not_supported("target_lang"));
        }
        let source = match self.source_lang.as_deref() {
            None | Some("") => Source::Detected,
            Some(code) if Side::Source.knows(code) => Source::German,
            Some(_) => return Err(not_supported("source_lang")),
        };
        let format = match self.tag_handling.as_deref() {
            None | Some("") => Format::Text,
            // Our reader of HTML takes any tag for what it is.
            Some("html" | "xml") => Format::Html,
            Some(_) => return Err(not_supported("tag_handling")),
        };
        let named = [self.glossary_id, self.glossary_ids];
        let glossary = look_up(named.into_iter().flatten(), glossaries)?;
        let texts = self
            .text
            .ok_or_else(|| not_specified("text"))?
            .checked(limit)?;
        if texts.is_empty() {
            return Err(not_specified("text"));
        }
        Ok(Order {
            texts,
            format,
            source,
            glossary,
        })
    }
}

/// The glossary that is named, or one of the terms of several: of those for the
/// same German, the first counts. Terms that somebody counts on must not be left
/// out in silence, so each must be there.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Malformed`] with too many.
fn look_up(
    named: impl Iterator<Item = Texts>,
    glossaries: &Glossaries,
) -> Result<Option<Arc<Glossary>>> {
    let mut ids = Vec::new();
    for texts in named.filter(|texts| !texts.is_missing()) {
        // Forms have several in one field.
        let texts = texts.checked(usize::MAX)?;
        ids.extend(
            texts
                .iter()
                .flat_map(|ids| ids.split(','))
                .map(|id| id.trim().to_owned()),
        );
    }
    if ids.len() > MOST_GLOSSARIES {
        return Err(not_supported("glossary_ids"));
    }
    let stored = ids
        .iter()
        .map(|id| glossaries.get(id))
        .collect::<Result<Vec<_>>>()?;
    match stored.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only.terms())),
        several => {
            let mut known = HashSet::new();
            let entries: Vec<Entry> = several
                .iter()
                .flat_map(|stored| stored.entries())
                .filter(|entry| known.insert(entry.source.as_str()))
                .cloned()
                .collect();
            Glossary::new(entries).map(|glossary| Some(Arc::new(glossary)))
        }
    }
}

impl LanguagesRequest {
    /// Which languages are asked for; the source's, if that is not said.
    ///
    /// # Errors
    /// [`Error::Malformed`] for any other type.
    pub fn side(&self) -> Result<Side> {
        match self.r#type.as_deref() {
            None | Some("source") => Ok(Side::Source),
            Some("target") => Ok(Side::Target),
            Some(_) => Err(not_supported("type")),
        }
    }
}

pub fn not_specified(parameter: &str) -> Error {
    Error::Malformed(format!("Parameter '{parameter}' not specified."))
}

/// The value is not repeated: it may be anything, and messages are logged.
pub fn not_supported(parameter: &str) -> Error {
    Error::Malformed(format!("Value for '{parameter}' not supported."))
}
