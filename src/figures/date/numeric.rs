//! Dates in digits: `12.06.2024`, `12.6.`, `2024-06-12`, `06/12/2024`.

use super::{Found, year};
use crate::figures::Language;
use crate::figures::numeral::{self, Numeral};
use crate::figures::token::{HYPHENS, Tokens};
use crate::figures::value::Value;

/// `2024-06-12`.
pub fn iso(tokens: &Tokens<'_>, start: usize) -> Option<Found> {
    let hyphen = |at| tokens.is_glued_mark(at, &HYPHENS) && tokens.is_glued(at + 1);
    let year = tokens.numeral(start).filter(|text| text.len() == 4)?;
    if !hyphen(start + 1) || !hyphen(start + 3) {
        return None;
    }
    let two = |at| {
        tokens
            .numeral(at)
            .filter(|text| text.len() == 2)
            .and_then(|text| text.parse::<u8>().ok())
    };
    let (month, day) = (two(start + 2)?, two(start + 4)?);
    let year = numeral::full_year(year)?;
    Some((whole_date(year, month, day)?, start + 5))
}

/// `12.06.2024`, `12.6.`.
pub fn dotted(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
    let text = tokens.numeral(start)?;
    if let Numeral::Date { day, month, year } = numeral::read(text, language) {
        return Some((
            Value::Date {
                year: Some(year),
                month: Some(month),
                day: Some(day),
            },
            start + 1,
        ));
    }
    if language == Language::English || !tokens.is_glued_mark(start + 1, &['.']) {
        return None;
    }
    if !text.contains('.') {
        return spaced(tokens, start);
    }
    let (day, month) = numeral::pair(text)?;
    // „um 4,5 oder 12.5.“ at the end of a text is rarer than a date.
    numeral::is_day(day, month).then(|| {
        let year = year(tokens, start + 2);
        let end = if year.is_some() { start + 3 } else { start + 2 };
        (
            Value::Date {
                year,
                month: Some(month),
                day: Some(day),
            },
            end,
        )
    })
}

/// `24. 9. 2015` and, after a preposition, `24. 9.`
fn spaced(tokens: &Tokens<'_>, start: usize) -> Option<Found> {
    let small = |at| {
        tokens
            .numeral(at)
            .filter(|text| text.len() <= 2)
            .and_then(|text| text.parse::<u8>().ok())
    };
    let (day, month) = (small(start)?, small(start + 2)?);
    if !tokens.is_glued_mark(start + 3, &['.']) || !numeral::is_day(day, month) {
        return None;
    }
    let year = year(tokens, start + 4);
    let named = tokens.word_before(start, 1).is_some_and(|word| {
        matches!(
            word,
            "am" | "vom" | "zum" | "bis" | "seit" | "ab" | "dem" | "den"
        )
    });
    let end = start + 4 + usize::from(year.is_some());
    let (month, day) = (Some(month), Some(day));
    (named || year.is_some()).then_some((Value::Date { year, month, day }, end))
}

/// `06/12/2024` in English: American order unless that is no date.
pub fn slashed(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
    let slash = |at| tokens.is_glued_mark(at, &['/']) && tokens.is_glued(at + 1);
    let small = |at| {
        tokens
            .numeral(at)
            .filter(|t| t.len() <= 2)
            .and_then(|t| t.parse::<u8>().ok())
    };
    let (first, second) = (small(start)?, small(start + 2)?);
    if !slash(start + 1) || !slash(start + 3) {
        return None;
    }
    let year = numeral::full_year(tokens.numeral(start + 4)?)?;
    let (day, month) = match language {
        Language::English if second > 12 => (second, first),
        Language::English if first <= 12 => (second, first),
        Language::English | Language::German => (first, second),
    };
    Some((whole_date(year, month, day)?, start + 5))
}

/// A date of which all is written, if there is such a day.
fn whole_date(year: u16, month: u8, day: u8) -> Option<Value> {
    numeral::is_day(day, month).then_some(Value::Date {
        year: Some(year),
        month: Some(month),
        day: Some(day),
    })
}
