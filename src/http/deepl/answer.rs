//! What DeepL's clients read.

use serde::Serialize;

use crate::dispatch::Warning;
use crate::http::order::Answer;

/// The answer of `/v2/translate`, in the order of the texts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Translations {
    translations: Vec<Translation>,
}

/// One text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Translation {
    /// What the client said, or what the text was taken for.
    detected_source_language: String,
    text: String,
    /// Always there, asked for or not: the clients trip over its absence.
    billed_characters: usize,
    /// Ours, and absent when there are none; clients of DeepL ignore it. A
    /// wrong figure must not pass in silence because of how it was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Warning>,
}

impl Translations {
    pub fn of(answers: Vec<Answer>) -> Self {
        Translations {
            translations: answers.into_iter().map(Translation::of).collect(),
        }
    }

    /// The sum over all texts.
    pub fn billed_characters(&self) -> usize {
        self.translations
            .iter()
            .map(|translation| translation.billed_characters)
            .sum()
    }
}

impl Translation {
    fn of(answer: Answer) -> Self {
        let code = answer.detected.map_or("de".to_owned(), |named| named.code);
        Translation {
            detected_source_language: code.to_ascii_uppercase(),
            text: answer.text,
            billed_characters: answer.characters,
            warnings: answer.warnings,
        }
    }
}
