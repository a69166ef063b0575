//! What DeepL's clients send. Fields that are not named here are ignored.

use serde::Deserialize;

use super::languages::Side;
use crate::document::Format;
use crate::error::{Error, Result};
use crate::http::order::{Order, Source};
use crate::http::texts::Texts;

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
    /// What is asked for.
    ///
    /// # Errors
    /// [`Error::Malformed`], in DeepL's words, for fields that are missing or
    /// ask for what there is not; [`Error::NotFound`] for a glossary;
    /// [`Error::TooLarge`] with more than `limit` texts.
    pub fn into_order(self, limit: usize) -> Result<Order> {
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
        if named.iter().flatten().any(|ids| !ids.is_missing()) {
            // Terms that somebody counts on must not be left out in silence.
            return Err(Error::NotFound(
                "glossary (Depesche keeps no glossaries yet)".into(),
            ));
        }
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
        })
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

fn not_specified(parameter: &str) -> Error {
    Error::Malformed(format!("Parameter '{parameter}' not specified."))
}

/// The value is not repeated: it may be anything, and messages are logged.
fn not_supported(parameter: &str) -> Error {
    Error::Malformed(format!("Value for '{parameter}' not supported."))
}
