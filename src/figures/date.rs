//! Dates: days, months, years, decades, centuries and weekdays.

mod era;
mod numeric;

use era::{century, decade, years};
use numeric::{dotted, iso, slashed};

use super::Language;
use super::amount;
use super::lexicon;
use super::numeral;
use super::token::{HYPHENS, Tokens};
use super::value::Value;
use super::words::{self, Spelled};

/// A value and the token after it.
pub type Found = (Value, usize);

/// Reads a date at `start`.
pub fn read(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
    weekday(tokens, start, language)
        .or_else(|| iso(tokens, start))
        .or_else(|| dotted(tokens, start, language))
        .or_else(|| slashed(tokens, start, language))
        .or_else(|| day_first(tokens, start, language))
        .or_else(|| month_first(tokens, start, language))
        .or_else(|| decade(tokens, start, language))
        .or_else(|| century(tokens, start, language))
        .or_else(|| years(tokens, start))
}

/// The year at `at`, when bare digits look like one.
pub fn year(tokens: &Tokens<'_>, at: usize) -> Option<u16> {
    let text = tokens.numeral(at).filter(|text| text.len() == 4)?;
    let year: u16 = text.parse().ok()?;
    numeral::is_year(u64::from(year)).then_some(year)
}

fn weekday(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
    let day = lexicon::weekday(tokens.word(start)?, language)?;
    // German day names are nouns or, with -s, adverbs; both languages write
    // them with a capital unless they are adverbs.
    let adverb =
        language == Language::German && tokens.word(start).is_some_and(|w| w.ends_with('s'));
    (tokens.is_capitalised(start) || adverb).then_some((Value::Weekday { day }, start + 1))
}

/// A day number with its ordinal mark, and the token after it.
fn day(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<(u8, usize)> {
    let digits = tokens
        .numeral(at)
        .filter(|text| text.len() <= 2)
        .and_then(|text| text.parse::<u8>().ok())
        .filter(|day| (1..=31).contains(day));
    match (digits, language) {
        (Some(day), Language::German) => {
            let stop = tokens.is_glued_mark(at + 1, &['.']);
            Some((day, if stop { at + 2 } else { at + 1 }))
        }
        (Some(day), Language::English) => {
            // "06. March" keeps its German full stop.
            let stop = tokens.is_glued_mark(at + 1, &['.'])
                && tokens
                    .word(at + 2)
                    .is_some_and(|word| lexicon::month(word, language).is_some());
            let suffix = stop
                || tokens.is_glued(at + 1) && tokens.is_word(at + 1, &["st", "nd", "rd", "th"]);
            Some((day, if suffix { at + 2 } else { at + 1 }))
        }
        (None, Language::German) => match words::german(tokens.word(at)?)? {
            Spelled::Ordinal(number) => Some((u8::try_from(number).ok()?, at + 1)),
            _ => None,
        },
        (None, Language::English) => match words::english(tokens, at)? {
            (Spelled::Ordinal(number), end) => Some((u8::try_from(number).ok()?, end)),
            _ => None,
        },
    }
}

/// `12. Juni 2024`, `12 June 2024`, `the 12th of June`.
fn day_first(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
    let (day, after) = day(tokens, start, language)?;
    let at = match language {
        Language::German => after,
        Language::English if tokens.is_word(after, &["of"]) => after + 1,
        Language::English => after,
    };
    let (month, end) = month(tokens, at, language)?;
    // „3 May“ is a date, „the first may“ a verb: months are capitalised.
    if !numeral::is_day(day, month) {
        return None;
    }
    let (year, end) = year_after(tokens, end);
    Some((
        Value::Date {
            year,
            month: Some(month),
            day: Some(day),
        },
        end,
    ))
}

/// An English month that is a verb or a name as often: "the May contract".
pub fn doubtful_month(tokens: &Tokens<'_>, at: usize) -> Option<Value> {
    let (month, _) = month(tokens, at, Language::English)?;
    let inside = at
        .checked_sub(1)
        .is_some_and(|before| tokens.word(before).is_some());
    inside.then_some(Value::Date {
        year: None,
        month: Some(month),
        day: None,
    })
}

fn month(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<(u8, usize)> {
    let word = tokens.word(at).filter(|_| tokens.is_capitalised(at))?;
    let month = lexicon::month(word, language)?;
    let stop = lexicon::is_short_month(word) && tokens.is_glued_mark(at + 1, &['.']);
    Some((month, if stop { at + 2 } else { at + 1 }))
}

/// A year that continues a date, after an optional comma.
fn year_after(tokens: &Tokens<'_>, at: usize) -> (Option<u16>, usize) {
    let comma = tokens.is_glued_mark(at, &[',']);
    let place = if comma || tokens.is_word(at, &["of"]) {
        at + 1
    } else {
        at
    };
    match year(tokens, place) {
        Some(year) => (Some(year), place + 1),
        None => (None, at),
    }
}

/// `June 12, 2024`, `June 12th`, `Juni 2024`, `im Juni`.
fn month_first(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
    let word = tokens.word(start)?;
    let (month, after) = month(tokens, start, language)?;
    if language == Language::English
        && let Some((day, after)) = english_day(tokens, after)
        && numeral::is_day(day, month)
    {
        let (year, end) = year_after(tokens, after);
        return Some((
            Value::Date {
                year,
                month: Some(month),
                day: Some(day),
            },
            end,
        ));
    }
    let (year, end) = year_after(tokens, after);
    let bare = year.is_none();
    let ambiguous = language == Language::English && matches!(word, "may" | "march" | "august");
    let doubtful =
        lexicon::is_short_month(word) || (ambiguous && !months_preposition(tokens, start));
    if bare && doubtful {
        return None;
    }
    Some((
        Value::Date {
            year,
            month: Some(month),
            day: None,
        },
        end,
    ))
}

/// The day after an English month; `June 2024` and `June 3,000` have none.
fn english_day(tokens: &Tokens<'_>, at: usize) -> Option<(u8, usize)> {
    let at = if tokens.is_word(at, &["the"]) {
        at + 1
    } else {
        at
    };
    let spelled = tokens.word(at).is_some();
    let (day, end) = day(tokens, at, Language::English)?;
    let counted = !spelled && tokens.is_mark(end, &['%']);
    (!counted).then_some((day, end))
}

/// Whether the word before tells the month May from the verb may, and the
/// month March from a march.
fn months_preposition(tokens: &Tokens<'_>, at: usize) -> bool {
    const BEFORE: [&str; 22] = [
        "in", "of", "since", "until", "till", "by", "last", "this", "next", "early", "mid", "late",
        "from", "to", "and", "through", "before", "after", "between", "during", "or", "for",
    ];
    tokens
        .word_before(at, 1)
        .is_some_and(|word| BEFORE.contains(&word))
        || (tokens.is_glued(at)
            && at
                .checked_sub(1)
                .is_some_and(|mark| tokens.is_mark(mark, &HYPHENS))
            && tokens
                .word_before(at, 2)
                .is_some_and(|word| BEFORE.contains(&word)))
}

/// Whether the token at `at` may follow a year directly. A unit, a scale or
/// glued letters make it a number.
pub fn is_plain_year(tokens: &Tokens<'_>, start: usize, language: Language) -> bool {
    if year(tokens, start).is_none() {
        return false;
    }
    let glued_word = tokens.is_glued(start + 1) && tokens.word(start + 1).is_some();
    !glued_word
        && amount::read(tokens, start, language).is_none_or(|amount| amount.end == start + 1)
}
