//! The languages that DeepL's clients can choose.

use serde::Serialize;

/// One of the two ends of a translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Source,
    Target,
}

/// A language as `/v2/languages` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Language {
    language: &'static str,
    name: &'static str,
    /// DeepL says so for targets only.
    #[serde(skip_serializing_if = "Option::is_none")]
    supports_formality: Option<bool>,
}

/// Codes that stand for German.
const SOURCES: [&str; 1] = ["DE"];
/// Codes that stand for English; it is the same for all of them, but clients
/// insist on a variant.
const TARGETS: [&str; 3] = ["EN", "EN-GB", "EN-US"];

impl Side {
    /// Whether a code names the language of this side, in any case and with
    /// space around it, as settings are read from files.
    pub fn knows(self, code: &str) -> bool {
        let code = code.trim();
        let codes: &[&str] = match self {
            Side::Source => &SOURCES,
            Side::Target => &TARGETS,
        };
        codes.iter().any(|known| known.eq_ignore_ascii_case(code))
    }

    /// What the clients are shown.
    pub fn languages(self) -> Vec<Language> {
        let target = |language, name| Language {
            language,
            name,
            supports_formality: Some(false),
        };
        match self {
            Side::Source => vec![Language {
                language: "DE",
                name: "German",
                supports_formality: None,
            }],
            Side::Target => vec![
                target("EN-GB", "English (British)"),
                target("EN-US", "English (American)"),
            ],
        }
    }
}
