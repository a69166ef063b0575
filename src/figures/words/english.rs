//! English number words.

use super::Spelled;
use crate::figures::decimal::Decimal;
use crate::figures::token::Tokens;

/// From zero on.
pub const ENGLISH_SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

/// From twenty on.
pub const ENGLISH_TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// As [`ENGLISH_SMALL`].
pub const ENGLISH_ORDINALS: [&str; 20] = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];

fn index(word: &str, words: &[&str]) -> Option<u64> {
    words
        .iter()
        .position(|w| *w == word)
        .and_then(|at| u64::try_from(at).ok())
}

pub fn english_cardinal(word: &str) -> Option<u64> {
    index(word, &ENGLISH_SMALL).or_else(|| english_tens(word))
}

fn english_tens(word: &str) -> Option<u64> {
    index(word, &ENGLISH_TENS).map(|at| (at + 2) * 10)
}

pub fn english_ordinal(word: &str) -> Option<u64> {
    index(word, &ENGLISH_ORDINALS).or_else(|| {
        let tens = word.strip_suffix("ieth")?;
        ENGLISH_TENS
            .iter()
            .position(|t| t.strip_suffix('y') == Some(tens))
            .and_then(|at| u64::try_from(at + 2).ok())
            .map(|tens| tens * 10)
    })
}

/// The denominator that an English part names: `thirds`, `quarter`.
pub fn english_part(word: &str) -> Option<u64> {
    match word {
        "half" => Some(2),
        "quarter" | "quarters" => Some(4),
        _ => english_ordinal(word.strip_suffix('s').unwrap_or(word)).filter(|n| *n >= 3),
    }
}

/// `nineties`, `twenties`.
pub fn english_decade(word: &str) -> Option<u16> {
    let tens = word.strip_suffix("ies")?;
    let at = ENGLISH_TENS
        .iter()
        .position(|t| t.strip_suffix('y') == Some(tens))?;
    u16::try_from((at + 2) * 10).ok()
}

/// Reads the English number words from the token at `start` below one
/// thousand (`twenty-five`, `two hundred and six`, `twenty-first`); scales of
/// a thousand and more are left to the caller. Returns the position after it.
pub fn english(tokens: &Tokens<'_>, start: usize) -> Option<(Spelled, usize)> {
    let (mut total, mut end) = below_hundred_english(tokens, start)?;
    if let Spelled::Cardinal(_) = total
        && tokens.is_word(tokens.after_hyphen(end), &["hundred"])
    {
        let Spelled::Cardinal(count) = total else {
            return None;
        };
        let hundreds = count.times(Decimal::from(100))?;
        end = tokens.after_hyphen(end) + 1;
        total = Spelled::Cardinal(hundreds);
        let tail = if tokens.is_word(end, &["and"]) {
            end + 1
        } else {
            end
        };
        if let Some((small, after)) = below_hundred_english(tokens, tail) {
            let base = hundreds.natural()?;
            match small {
                Spelled::Cardinal(number) => {
                    (total, end) = (Spelled::Cardinal(hundreds.plus(number)?), after)
                }
                Spelled::Ordinal(number) => {
                    (total, end) = (Spelled::Ordinal(base.checked_add(number)?), after)
                }
                _ => {}
            }
        }
    }
    Some((total, end))
}

fn below_hundred_english(tokens: &Tokens<'_>, start: usize) -> Option<(Spelled, usize)> {
    let word = tokens.word(start)?;
    if let Some(tens) = english_tens(word) {
        let next = tokens.after_hyphen(start + 1);
        let unit = tokens.word(next);
        // „twenty five“ without its hyphen is common enough in news.
        if let Some(unit) = unit
            .and_then(|w| index(w, &ENGLISH_SMALL))
            .filter(|n| (1..10).contains(n))
        {
            return Some((Spelled::Cardinal(Decimal::from(tens + unit)), next + 1));
        }
        if let Some(unit) = unit
            .and_then(|w| index(w, &ENGLISH_ORDINALS))
            .filter(|n| (1..10).contains(n))
        {
            return Some((Spelled::Ordinal(tens + unit), next + 1));
        }
        return Some((Spelled::Cardinal(Decimal::from(tens)), start + 1));
    }
    if let Some(number) = english_cardinal(word) {
        return Some((Spelled::Cardinal(Decimal::from(number)), start + 1));
    }
    english_ordinal(word).map(|number| (Spelled::Ordinal(number), start + 1))
}
