//! One style of English figures for a whole text: `3.5 billion euros` or
//! `€3.5 billion`, `8:15 p.m.` or `20:15`.
//!
//! Only the words of a figure change, only where its style is certain, and only
//! if the text holds the same values afterwards: each change is read again.

use serde::{Deserialize, Serialize};

use super::compare::Check;
use super::relation::relate;
use super::unit::Currency;
use super::value::{Measure, Value};
use super::{Figure, Language, read};

/// How money and percentages are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum FigureStyle {
    /// As the model wrote them.
    #[default]
    Keep,
    /// `€3.5 billion`, `25%`
    Symbol,
    /// `3.5 billion euros`, `25 percent`
    Words,
}

/// How times of day are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum ClockStyle {
    /// As the model wrote them.
    #[default]
    #[serde(rename = "keep")]
    Keep,
    /// `8:15 p.m.`
    #[serde(rename = "12h")]
    #[value(name = "12h")]
    Twelve,
    /// `20:15`
    #[serde(rename = "24h")]
    #[value(name = "24h")]
    TwentyFour,
}

/// The style of a text's figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HouseStyle {
    pub figures: FigureStyle,
    pub clock: ClockStyle,
}

/// Longer segments are left alone: each change reads the segment again.
const LONGEST: usize = 4000;
const MOST_CHANGES: usize = 32;

/// The translation with its figures in one style; `None` when nothing changes.
/// `checks` are those of the translation: an hour before noon is certain only
/// if the source has the same.
pub fn restyle(target: &str, checks: &[Check], style: HouseStyle) -> Option<String> {
    if style == HouseStyle::default() || target.len() > LONGEST {
        return None;
    }
    let mut figures = read(target, Language::English);
    let mut text = target.to_owned();
    // From behind, so that the spans before a change stay right.
    for number in (0..figures.len()).rev().take(MOST_CHANGES) {
        let Some(figure) = figures.get(number) else {
            break;
        };
        let Some(attempt) = restyled(&text, figure, checks, style) else {
            continue;
        };
        let again = read(&attempt, Language::English);
        if same(&figures, &again) {
            text = attempt;
            figures = again;
        }
    }
    (text != target).then_some(text)
}

fn same(figures: &[Figure], again: &[Figure]) -> bool {
    figures.len() == again.len()
        && figures.iter().zip(again).all(|(one, other)| {
            // 8:15 p.m. and 20:15 differ in what they say of the half of the day.
            let time = matches!(one.value, Value::Time { .. })
                && relate(&one.value, &other.value).is_some();
            one.value == other.value || time
        })
}

fn restyled(text: &str, figure: &Figure, checks: &[Check], style: HouseStyle) -> Option<String> {
    let words = figure.span.of(text);
    let (before, after) = (text.get(..figure.span.start)?, text.get(figure.span.end..)?);
    let new = match (&figure.value, style.figures, style.clock) {
        (Value::Amount { measure, .. }, FigureStyle::Symbol, _) => with_symbol(words, *measure)?,
        (Value::Amount { measure, .. }, FigureStyle::Words, _) => in_words(words, *measure, after)?,
        (Value::Time { hour, minute, .. }, _, ClockStyle::TwentyFour) => {
            return twenty_four(before, words, after, *hour, *minute);
        }
        (Value::Time { hour, minute, .. }, _, ClockStyle::Twelve) => {
            let certain = *hour > 12 || *hour == 0 || {
                let mut checks = checks.iter().filter(|check| check.status.resolved());
                checks.any(|check| {
                    let here = check
                        .target
                        .as_ref()
                        .is_some_and(|target| target.text == words);
                    here && check.value == format!("{hour:02}:{minute:02}")
                })
            };
            return certain
                .then(|| twelve(before, words, after, *hour, *minute))
                .flatten();
        }
        _ => return None,
    };
    (new != words).then(|| [before, &new, after].concat())
}

/// The sign and the English words of a currency that has both.
fn names(currency: Currency) -> Option<(&'static str, &'static str, &'static str)> {
    match currency {
        Currency::Eur => Some(("€", "euro", "euros")),
        Currency::Usd => Some(("$", "dollar", "dollars")),
        Currency::Gbp => Some(("£", "pound", "pounds")),
        _ => None,
    }
}

/// `3.5 billion euros` → `€3.5 billion`.
fn with_symbol(words: &str, measure: Measure) -> Option<String> {
    match measure {
        Measure::Percent => {
            let number = without_end(words, &[" percent", " per cent"])?;
            is_numeral(number).then(|| format!("{number}%"))
        }
        Measure::Money(currency) => {
            let (sign, one, many) = names(currency)?;
            let number = words
                .strip_suffix(many)
                .or_else(|| words.strip_suffix(one))?;
            let number = number.strip_suffix(' ')?;
            is_number(number).then(|| format!("{sign}{number}"))
        }
        _ => None,
    }
}

/// `€3.5 billion` → `3.5 billion euros`.
fn in_words(words: &str, measure: Measure, after: &str) -> Option<String> {
    match measure {
        Measure::Percent => {
            let number = words.strip_suffix('%')?.trim_end();
            is_numeral(number).then(|| format!("{number} percent"))
        }
        Measure::Money(currency) => {
            let (sign, one, many) = names(currency)?;
            let number = words.strip_prefix(sign)?.trim_start();
            let name = if number == "1" { one } else { many };
            // "a €3 billion package" would need a hyphen.
            (is_number(number) && ends_there(after)).then(|| format!("{number} {name}"))
        }
        _ => None,
    }
}

fn without_end<'a>(words: &'a str, ends: &[&str]) -> Option<&'a str> {
    ends.iter().find_map(|end| words.strip_suffix(end))
}

fn is_numeral(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// A numeral, perhaps with a word of magnitude.
fn is_number(text: &str) -> bool {
    match text.split_once(' ') {
        Some((number, scale)) => {
            is_numeral(number) && matches!(scale, "thousand" | "million" | "billion" | "trillion")
        }
        None => is_numeral(text),
    }
}

/// Whether no noun follows that the amount would belong to.
fn ends_there(after: &str) -> bool {
    const SMALL: [&str; 44] = [
        "a", "about", "after", "ago", "an", "and", "are", "as", "at", "because", "before", "but",
        "by", "compared", "each", "every", "for", "from", "had", "has", "if", "in", "instead",
        "into", "is", "last", "less", "more", "on", "or", "over", "per", "since", "than", "that",
        "the", "this", "to", "under", "was", "were", "when", "which", "with",
    ];
    match after.strip_prefix(' ') {
        Some(rest) => {
            let word = rest.split(|c: char| !c.is_alphabetic()).next();
            word.is_some_and(|word| SMALL.contains(&word))
        }
        None => after.is_empty() || after.starts_with(['.', ',', ';', ':', '!', '?', ')', '"']),
    }
}

/// `8:15 p.m.` → `20:15`; `words` may or may not hold the half of the day.
fn twenty_four(before: &str, words: &str, after: &str, hour: u8, minute: u8) -> Option<String> {
    let (_, half) = clock(words)?;
    let ends = words.ends_with('.');
    let after = after
        .strip_prefix('.')
        .filter(|_| half && !ends)
        .unwrap_or(after);
    // The dot of the abbreviation may end the sentence.
    let stop = if half && after.trim_end_matches(['"', '”', ')']).is_empty() {
        "."
    } else {
        ""
    };
    half.then(|| format!("{before}{hour:02}:{minute:02}{stop}{after}"))
}

/// `20:15` → `8:15 p.m.`
fn twelve(before: &str, words: &str, after: &str, hour: u8, minute: u8) -> Option<String> {
    let (_, half) = clock(words)?;
    let written = after.trim_start().to_lowercase();
    let named = [
        "o'clock",
        "o’clock",
        "am",
        "pm",
        "a.m",
        "p.m",
        "hours",
        "cet",
        "utc",
    ]
    .iter()
    .any(|name| written.starts_with(name));
    if half || named || !words.contains(':') || hour > 24 {
        return None;
    }
    let half = if hour % 24 < 12 { "a.m." } else { "p.m." };
    let twelfth = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    let minutes = match minute {
        0 => String::new(),
        minute => format!(":{minute:02}"),
    };
    // A sentence ends with one dot.
    let after = after.strip_prefix('.').unwrap_or(after);
    Some(format!("{before}{twelfth}{minutes} {half}{after}"))
}

/// The digits of a clock time, and whether a half of the day is named; `None`
/// for words and for seconds.
fn clock(words: &str) -> Option<(&str, bool)> {
    let end = words
        .find(|c: char| !c.is_ascii_digit() && c != ':')
        .unwrap_or(words.len());
    let (digits, rest) = words.split_at(end);
    let half = match rest.trim_start().to_lowercase().as_str() {
        "" => false,
        "am" | "pm" | "a.m" | "p.m" | "a.m." | "p.m." => true,
        _ => return None,
    };
    let plain = !digits.is_empty() && digits.matches(':').count() <= 1;
    plain.then_some((digits, half))
}

#[cfg(test)]
mod tests {
    use super::super::compare;
    use super::*;
    use proptest::prelude::*;

    const SYMBOL: HouseStyle = HouseStyle {
        figures: FigureStyle::Symbol,
        clock: ClockStyle::TwentyFour,
    };
    const WORDS: HouseStyle = HouseStyle {
        figures: FigureStyle::Words,
        clock: ClockStyle::Twelve,
    };

    fn styled(source: &str, target: &str, style: HouseStyle) -> String {
        restyle(target, &compare(source, target), style).unwrap_or_else(|| target.to_owned())
    }

    #[test]
    fn money_percentages_and_times_take_one_style() {
        let source = "Um 20.15 Uhr waren 25 Prozent der 3,5 Milliarden Euro für 1 Dollar weg.";
        let words = "At 8:15 p.m., 25 percent of the 3.5 billion euros were gone for 1 dollar.";
        let symbols = "At 20:15, 25% of the €3.5 billion were gone for $1.";
        assert_eq!(styled(source, words, SYMBOL), symbols);
        assert_eq!(styled(source, symbols, WORDS), words);
        assert_eq!(styled(source, words, WORDS), words);
        assert_eq!(styled(source, words, HouseStyle::default()), words);
    }

    #[test]
    fn sentences_end_with_one_dot() {
        let source = "Er kam um 20 Uhr.";
        assert_eq!(
            styled(source, "He came at 8 p.m.", SYMBOL),
            "He came at 20:00."
        );
        assert_eq!(
            styled(source, "He came at 20:00.", WORDS),
            "He came at 8 p.m."
        );
        let source = "Er kam um 8.15 Uhr.";
        assert_eq!(
            styled(source, "He came at 8:15.", WORDS),
            "He came at 8:15 a.m."
        );
    }

    #[test]
    fn what_is_not_certain_stays() {
        for text in [
            "The €3 billion package costs $20-a-day.",
            "He ran it in 2:15:30 and won 3:2.",
            "It costs twenty euros, 20 francs or a 20-euro note.",
            "It was half past eight, or 8:15 o'clock.",
            "",
        ] {
            for style in [SYMBOL, WORDS] {
                assert_eq!(styled("", text, style), text);
            }
        }
    }

    proptest! {
        #[test]
        fn values_stay(text in "([0-9]{1,3}([.,:][0-9]{2})?( (million|p\\.m\\.))?( ?(%|euros|percent|dollars))?[ .,]{1,2}|[€$£]|[a-z]{1,4} ){0,12}") {
            for style in [SYMBOL, WORDS] {
                if let Some(new) = restyle(&text, &[], style) {
                    prop_assert!(same(&read(&text, Language::English), &read(&new, Language::English)));
                }
            }
        }
    }
}
