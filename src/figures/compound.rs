//! Figures inside German compounds: Millionenstadt, Dreimonatszeitraum,
//! Viertelstunde, Achtelfinale, Sonntagszeitung, Novemberrevolution.

use super::Language;
use super::decimal::Decimal;
use super::lexicon;
use super::unit::Unit;
use super::value::{Measure, Value};
use super::words::{self, Spelled};

/// The figure inside a German compound: Millionenstadt, Dreimonatszeitraum,
/// Viertelstunde, Achtelfinale, Sonntagszeitung, Novemberrevolution. It may
/// answer for a figure of the translation and is none by itself.
pub fn compound(word: &str) -> Option<Value> {
    multitude(word)
        .or_else(|| parts(word))
        .or_else(|| calendar(word))
        .or_else(|| numbered(word))
}

fn multitude(word: &str) -> Option<Value> {
    const MULTITUDES: [(&str, u64); 9] = [
        ("billionen", 1_000_000_000_000),
        ("milliarden", 1_000_000_000),
        ("millionen", 1_000_000),
        ("zehntausend", 10_000),
        ("tausende", 1000),
        ("jahrtausende", 1000),
        ("jahrhunderte", 100),
        ("hunderte", 100),
        ("dutzend", 12),
    ];
    MULTITUDES
        .iter()
        .find(|(prefix, _)| word.starts_with(prefix))
        .map(|(_, of)| Value::Several {
            of: Decimal::from(*of),
            measure: Measure::Count,
        })
}

fn parts(word: &str) -> Option<Value> {
    const HOURS: [(&str, i128); 2] = [("viertelstunde", 25), ("dreiviertelstunde", 75)];
    if let Some((_, hundredths)) = HOURS.iter().find(|(prefix, _)| word.starts_with(prefix)) {
        let amount = Decimal::new(*hundredths, -2)?;
        let measure = Measure::Unit(Unit::Hour);
        return Some(Value::Amount { amount, measure });
    }
    // The eighth-finals are the round of the last sixteen.
    const ROUNDS: [(&str, u64); 3] = [
        ("sechzehntelfinal", 32),
        ("achtelfinal", 16),
        ("viertelfinal", 8),
    ];
    let round = ROUNDS.iter().find(|(prefix, _)| word.starts_with(prefix));
    round.map(|(_, last)| Value::count(Decimal::from(*last)))
}

fn calendar(word: &str) -> Option<Value> {
    const LEAST: usize = 3;
    let first = word.chars().next()?;
    let months = [
        "januar",
        "februar",
        "märz",
        "april",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ];
    let days = [
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonnabend",
        "sonntag",
    ];
    let stem = |stems: &[&'static str]| {
        let fits = |stem: &&&'static str| {
            stem.starts_with(first)
                && word
                    .strip_prefix(**stem)
                    .is_some_and(|rest| rest.len() >= LEAST)
        };
        stems.iter().find(fits).copied()
    };
    if let Some(month) = stem(&months).and_then(|stem| lexicon::month(stem, Language::German)) {
        return Some(Value::Date {
            year: None,
            month: Some(month),
            day: None,
        });
    }
    let last = || {
        let fits = |day: &&&'static str| {
            word.strip_suffix(**day)
                .is_some_and(|rest| rest.len() >= LEAST)
        };
        days.iter().find(fits).copied()
    };
    // Sonntagszeitung, and Ostersonntag.
    let day = stem(&days)
        .or_else(last)
        .and_then(|stem| lexicon::weekday(stem, Language::German))?;
    Some(Value::Weekday { day })
}

/// A number and at least three letters: Vierradantrieb, Fünferreihe,
/// Zweijahresplan, Zweitligist, Dreieinhalbzimmerwohnung; „ein Sechser“.
fn numbered(word: &str) -> Option<Value> {
    let of_kind = ["er", "ern", "ers"].iter().find_map(|ending| {
        match words::german(word.strip_suffix(ending)?)? {
            Spelled::Cardinal(number) => Some(Value::count(number)),
            _ => None,
        }
    });
    if of_kind.is_some() {
        return of_kind;
    }
    let (number, rest) = words::german_prefix(word)?;
    const UNITS: [(&str, Unit); 7] = [
        ("jahr", Unit::Year),
        ("monat", Unit::Month),
        ("woche", Unit::Week),
        ("tage", Unit::Day),
        ("stunde", Unit::Hour),
        ("minute", Unit::Minute),
        ("sekunde", Unit::Second),
    ];
    const PARTS: [(&str, u64); 3] = [("drittel", 3), ("viertel", 4), ("fünftel", 5)];
    if let Some((_, denominator)) = PARTS.iter().find(|(part, _)| rest.starts_with(part)) {
        return Some(Value::Fraction {
            numerator: number,
            denominator: *denominator,
        });
    }
    let (amount, rest) = match rest.strip_prefix("einhalb") {
        Some(rest) => (Decimal::from(number).plus(Decimal::HALF)?, rest),
        None => (Decimal::from(number), rest),
    };
    let unit = UNITS.iter().find(|(prefix, _)| rest.starts_with(prefix));
    let measure = unit.map_or(Measure::Count, |(_, unit)| Measure::Unit(*unit));
    Some(Value::Amount { amount, measure })
}
