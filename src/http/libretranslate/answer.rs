//! What LibreTranslate's clients read.

use serde::Serialize;

use crate::dispatch::Warning;
use crate::http::order::Answer;
use crate::language::Detected;

/// Whether one text was sent or an array of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Single,
    Array,
}

/// One value, or one for each text of an array.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Shaped<T> {
    Single(T),
    Array(Vec<T>),
}

/// The answer of `/translate`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Translated {
    translated_text: Shaped<String>,
    /// Only when the client left it to us.
    #[serde(skip_serializing_if = "Option::is_none")]
    detected_language: Option<Shaped<Candidate>>,
    /// Ours, and absent when no text has any; clients of LibreTranslate ignore
    /// it. A wrong figure must not pass in silence because of how it was asked
    /// for.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Shaped<Vec<Warning>>>,
}

/// A language that a text may be in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// Percent.
    confidence: f64,
    language: String,
}

impl Shape {
    /// `None` only when there is no value where one is needed.
    fn of<T>(self, mut values: Vec<T>) -> Option<Shaped<T>> {
        match self {
            Shape::Array => Some(Shaped::Array(values)),
            Shape::Single => values.pop().map(Shaped::Single),
        }
    }
}

impl Translated {
    pub fn of(answers: Vec<Answer>, shape: Shape) -> Self {
        let mut texts = Vec::with_capacity(answers.len());
        let mut languages = Vec::new();
        let mut warnings = Vec::with_capacity(answers.len());
        for answer in answers {
            texts.push(answer.text);
            languages.extend(answer.detected.map(Candidate::of));
            warnings.push(answer.warnings);
        }
        let warned = warnings.iter().any(|warnings| !warnings.is_empty());
        Translated {
            translated_text: shape
                .of(texts)
                .unwrap_or_else(|| Shaped::Single(String::new())),
            detected_language: (!languages.is_empty())
                .then(|| shape.of(languages))
                .flatten(),
            warnings: warned.then(|| shape.of(warnings)).flatten(),
        }
    }
}

impl Candidate {
    pub fn of(detected: Detected) -> Self {
        Candidate {
            confidence: (detected.confidence * 1000.0).round() / 10.0,
            language: detected.code,
        }
    }
}
