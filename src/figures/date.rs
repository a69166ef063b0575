//! Dates: days, months, years, decades, centuries and weekdays.

use super::Language;
use super::amount;
use super::lexicon;
use super::numeral::{self, Numeral};
use super::token::{DASHES, HYPHENS, Tokens};
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

/// `2024-06-12`.
fn iso(tokens: &Tokens<'_>, start: usize) -> Option<Found> {
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
    numeral::is_day(day, month).then_some((
        Value::Date {
            year: Some(year),
            month: Some(month),
            day: Some(day),
        },
        start + 5,
    ))
}

/// `12.06.2024`, `12.6.`.
fn dotted(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
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
fn slashed(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
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
    numeral::is_day(day, month).then_some((
        Value::Date {
            year: Some(year),
            month: Some(month),
            day: Some(day),
        },
        start + 5,
    ))
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

/// `1990er`, `90er Jahre`, `neunziger Jahre`, `1990s`, `'90s`, `nineties`.
fn decade(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
    if let Some(text) = tokens.numeral(start) {
        let first: u16 = text.parse().ok().filter(|first| first % 10 == 0)?;
        let apostrophe =
            language == Language::English && tokens.is_glued_mark(start + 1, &['\'', '’']);
        let at = if apostrophe { start + 2 } else { start + 1 };
        let suffix = tokens.is_glued(at)
            && match language {
                Language::German => tokens.is_word(at, &["er", "ern"]),
                Language::English => tokens.is_word(at, &["s"]),
            };
        let long = text.len() == 4 && numeral::is_year(u64::from(first));
        let years = is_years(tokens, tokens.after_hyphen(at + 1));
        let short = text.len() == 2
            && first >= 10
            && (language == Language::English || years || !tokens.is_glued_mark(at + 1, &HYPHENS));
        let end = if years {
            tokens.after_hyphen(at + 1) + 1
        } else {
            at + 1
        };
        return (suffix && (long || short)).then_some((Value::Decade { first }, end));
    }
    let word = tokens.word(start)?;
    match language {
        Language::German => {
            let Spelled::Decade(first) = words::german(word)? else {
                return None;
            };
            if word.contains("jahr") {
                return Some((Value::Decade { first }, start + 1));
            }
            let years = tokens.after_hyphen(start + 1);
            is_years(tokens, years).then_some((Value::Decade { first }, years + 1))
        }
        Language::English => Some((
            Value::Decade {
                first: words::english_decade(word)?,
            },
            start + 1,
        )),
    }
}

fn is_years(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is_word(at, &["jahre", "jahren", "jahr", "jahres"])
}

/// `im 20. Jahrhundert`, `the 21st century`, `the twentieth century`.
fn century(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
    let (number, after) = day(tokens, start, language)?;
    let noun = tokens.after_hyphen(after);
    let ordinal = after > start + 1 || tokens.numeral(start).is_none();
    let named = match language {
        Language::German => tokens.is_word(
            noun,
            &[
                "jahrhundert",
                "jahrhunderts",
                "jahrhunderte",
                "jahrhunderten",
                "jh",
                "jhd",
                "jhdt",
            ],
        ),
        Language::English => tokens.is_word(noun, &["century", "centuries"]),
    };
    (ordinal && named).then_some((
        Value::Century {
            number: u64::from(number),
        },
        noun + 1,
    ))
}

/// A single year, or two that form a season or a span: `2019`, `2023/24`,
/// `2014-2019`, `2014 bis 2019`.
fn years(tokens: &Tokens<'_>, start: usize) -> Option<Found> {
    let from = year(tokens, start)?;
    let single = (
        Value::Date {
            year: Some(from),
            month: None,
            day: None,
        },
        start + 1,
    );
    // A number that something follows at once, or that is measured, is no year.
    let slash = tokens.is_glued_mark(start + 1, &['/']) && tokens.is_glued(start + 2);
    let dash = tokens.is_mark(start + 1, &DASHES)
        && (tokens.is_glued(start + 1) == tokens.is_glued(start + 2));
    if slash || dash {
        let to = tokens.numeral(start + 2).and_then(|text| match text.len() {
            4 => year(tokens, start + 2),
            2 => text
                .parse::<u16>()
                .ok()
                .map(|short| from / 100 * 100 + short),
            _ => None,
        });
        // 1999/00 runs into the next century.
        let to = to.map(|to| {
            if to < from && to % 100 == 0 {
                to + 100
            } else {
                to
            }
        });
        if let Some(to) = to.filter(|to| *to > from) {
            return Some((Value::Years { from, to }, start + 3));
        }
    }
    Some(single)
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
