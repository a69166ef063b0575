//! What LibreTranslate's clients send. Fields that are not named here are
//! ignored.

use serde::Deserialize;

use super::answer::Shape;
use crate::document::Format;
use crate::error::{Error, Result};
use crate::http::multipart::Multipart;
use crate::http::order::{Order, Source};
use crate::http::texts::{Texts, clean};

/// The fields of `/translate`. An empty value is a missing one, as it is for
/// LibreTranslate.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TranslateRequest {
    q: Option<Texts>,
    source: Option<String>,
    target: Option<String>,
    format: Option<String>,
}

/// The fields of `/detect`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DetectRequest {
    q: Option<String>,
}

impl TranslateRequest {
    /// The fields of `/translate_file`, whose text is a file.
    ///
    /// # Errors
    /// [`Error::Malformed`] for fields that are not UTF-8.
    pub fn of_form(form: &Multipart) -> Result<Self> {
        Ok(TranslateRequest {
            q: Some(Texts::One("file".to_owned())),
            source: form.text("source")?,
            target: form.text("target")?,
            format: None,
        })
    }

    /// What is asked for, and in which shape the answer is expected.
    ///
    /// # Errors
    /// [`Error::Malformed`] for fields that are missing or ask for what there
    /// is not, [`Error::TooLarge`] with more than `limit` texts.
    pub fn into_order(self, limit: usize) -> Result<(Order, Shape)> {
        let q = self
            .q
            .filter(|texts| !texts.is_missing())
            .ok_or_else(|| missing("q"))?;
        let source = match given(self.source, "source")?.as_str() {
            "de" => Source::German,
            "auto" => Source::Detected,
            _ => return Err(unsupported("source language", "de and auto are")),
        };
        if given(self.target, "target")? != "en" {
            return Err(unsupported("target language", "en is"));
        }
        let format = match self.format.as_deref() {
            None | Some("" | "text") => Format::Text,
            Some("html") => Format::Html,
            Some(_) => return Err(unsupported("format", "text and html are")),
        };
        let shape = if q.is_array() {
            Shape::Array
        } else {
            Shape::Single
        };
        let order = Order {
            texts: q.checked(limit)?,
            format,
            source,
            glossary: None,
        };
        Ok((order, shape))
    }
}

impl DetectRequest {
    /// The text to look at.
    ///
    /// # Errors
    /// [`Error::Malformed`] without one.
    pub fn into_text(self) -> Result<String> {
        clean(given(self.q, "q")?)
    }
}

fn given(value: Option<String>, parameter: &str) -> Result<String> {
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| missing(parameter))
}

fn missing(parameter: &str) -> Error {
    Error::Malformed(format!("Invalid request: missing {parameter} parameter"))
}

/// The value is not repeated: it may be anything, and messages are logged.
fn unsupported(what: &str, known: &str) -> Error {
    Error::Malformed(format!("this {what} is not supported; {known}"))
}
