//! The order in which a text is asked for figures: at each token the most
//! telling reading wins.

use super::approximation::{self, Approximation};
use super::token::Tokens;
use super::value::Value;
use super::{Figure, Language, clock, code, composite, date, fraction, spelled};

/// A value found at a token.
#[derive(Debug, PartialEq)]
pub struct Found {
    pub value: Value,
    /// The token after it.
    pub end: usize,
    /// See [`Figure::loose`].
    pub loose: bool,
}

impl Found {
    pub const fn firm(value: Value, end: usize) -> Self {
        Found {
            value,
            end,
            loose: false,
        }
    }

    pub fn loosely(self) -> Self {
        Found {
            loose: true,
            ..self
        }
    }
}

/// Reads all figures of a text, in order.
pub fn read(text: &str, language: Language) -> Vec<Figure> {
    let tokens = Tokens::lex(text);
    let mut figures = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(found) = figure(&tokens, at, language) else {
            at += 1;
            continue;
        };
        figures.push(Figure {
            kind: found.value.kind(),
            value: found.value,
            span: tokens.span(at, found.end),
            approximation: approximation::read(&tokens, at, found.end, language),
            loose: found.loose,
        });
        at = found.end.max(at + 1);
    }
    figures
}

fn figure(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Found> {
    spelled::digits_with_ending(tokens, at, language)
        .or_else(|| code::read(tokens, at))
        .or_else(|| dated(tokens, at, language))
        .or_else(|| timed(tokens, at, language))
        .or_else(|| fraction::read(tokens, at, language))
        .or_else(|| code::score(tokens, at, language))
        .or_else(|| composite::read(tokens, at, language))
        .or_else(|| spelled::read(tokens, at, language))
        .or_else(|| code::leftover(tokens, at, language))
}

fn dated(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Found> {
    // "(1230 GMT)" looks like a year and is none.
    if language == Language::English && clock::military(tokens, at).is_some() {
        return None;
    }
    let Some((value, end)) = date::read(tokens, at, language) else {
        return (language == Language::English)
            .then(|| date::doubtful_month(tokens, at))
            .flatten()
            .map(|value| Found::firm(value, at + 1).loosely());
    };
    // „über 2000 Menschen“ and „2000 Euro“ look like years and are none.
    let bare_year = end == at + 1 && date::year(tokens, at).is_some();
    let approximate =
        approximation::read(tokens, at, end, language).is_some_and(|a| a != Approximation::AtMost);
    let counted = bare_year && (approximate || !date::is_plain_year(tokens, at, language));
    (!counted).then(|| Found::firm(value, end))
}

fn timed(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Found> {
    let (value, end) = clock::read(tokens, at, language)?;
    let found = Found::firm(value, end);
    // „Mitternacht“ is a part of the day as often as a time, and "1230 GMT" another
    // name of one that was told already.
    let again = language == Language::English && clock::military(tokens, at).is_some();
    let one_word = tokens.word(at).is_some() && end == at + 1;
    Some(if one_word || again {
        found.loosely()
    } else {
        found
    })
}
