//! Years, decades and centuries.

use super::{Found, day, year};
use crate::figures::Language;
use crate::figures::numeral;
use crate::figures::token::{DASHES, HYPHENS, Tokens};
use crate::figures::value::Value;
use crate::figures::words::{self, Spelled};

/// `1990er`, `90er Jahre`, `neunziger Jahre`, `1990s`, `'90s`, `nineties`.
pub fn decade(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
    if let Some(text) = tokens.numeral(start) {
        let first: u16 = text.parse().ok().filter(|first| first % 10 == 0)?;
        let apostrophe =
            language == Language::English && tokens.is_glued_mark(start + 1, &['\'', '’']);
        // „1990-er“
        let hyphen = language == Language::German
            && tokens.is_glued_mark(start + 1, &HYPHENS)
            && tokens.is_glued(start + 2)
            && tokens.is_word(start + 2, &["er", "ern"]);
        let at = match apostrophe || hyphen {
            true => start + 2,
            false => start + 1,
        };
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
            if let Some(found) = about_age(tokens, start) {
                return Some(found);
            }
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

/// „Mitte 50“, „Ende zwanzig“: somebody's age, where nothing follows that the number
/// may count.
fn about_age(tokens: &Tokens<'_>, start: usize) -> Option<Found> {
    if !tokens.is_capitalised(start) || !tokens.is_word(start, &["anfang", "mitte", "ende"]) {
        return None;
    }
    let at = start + 1;
    let number = match tokens.numeral(at) {
        Some(text) => text.parse().ok(),
        None => match words::german(tokens.word(at)?)? {
            Spelled::Cardinal(value) => value.natural(),
            _ => None,
        },
    };
    let first = u16::try_from(number?).ok()?;
    let tens = first % 10 == 0 && (20..100).contains(&first);
    let end = at + 1;
    let counted = tokens.is_capitalised(end)
        || tokens.is_mark(end, &['%', '€', '.']) && tokens.get(end + 1).is_some()
        || tokens.is_glued(end) && tokens.word(end).is_some();
    (tens && !counted).then_some((Value::Decade { first }, end))
}

fn is_years(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is_word(at, &["jahre", "jahren", "jahr", "jahres"])
}

/// `im 20. Jahrhundert`, `the 21st century`, `the twentieth century`.
pub fn century(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Found> {
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
pub fn years(tokens: &Tokens<'_>, start: usize) -> Option<Found> {
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
