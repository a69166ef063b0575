//! Single words that are figures: ordinals, multiples, ages and lengths of
//! time in one word, and German compounds that begin with a number.

use super::Language;
use super::count::Count;
use super::decimal::Decimal;
use super::lexicon;
use super::measure;
use super::reader::Found;
use super::token::{HYPHENS, Tokens};
use super::unit::Unit;
use super::value::{Measure, Value, Weekday};
use super::words::{self, Spelled};

/// Reads a figure in one word at `at`.
pub fn read(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Found> {
    let word = tokens.word(at)?;
    match language {
        Language::German => german(tokens, at, word),
        Language::English => english(tokens, at, word),
    }
}

fn multiple(factor: Decimal, at: usize) -> Found {
    Found::firm(Value::Multiple { factor }, at + 1)
}

fn english(tokens: &Tokens<'_>, at: usize, word: &str) -> Option<Found> {
    let factor: u64 = match word {
        "once" => 1,
        "twice" | "double" | "doubled" | "doubles" | "doubling" | "twofold" => 2,
        "thrice" | "triple" | "tripled" | "tripling" | "threefold" | "treble" | "trebled" => 3,
        "quadruple" | "quadrupled" | "fourfold" => 4,
        "fivefold" => 5,
        "tenfold" => 10,
        "fortnight" | "fortnights" => {
            let weeks = Value::Amount {
                amount: Decimal::from(2),
                measure: Measure::Unit(Unit::Week),
            };
            return Some(Found::firm(weeks, at + 1).loosely());
        }
        _ => {
            let (Spelled::Ordinal(number), end) = words::english(tokens, at)? else {
                return None;
            };
            let loose = number <= 3;
            let value = Value::Ordinal { number };
            return Some(Found { value, end, loose });
        }
    };
    Some(multiple(Decimal::from(factor), at).loosely())
}

fn german(tokens: &Tokens<'_>, at: usize, word: &str) -> Option<Found> {
    match word {
        "beide" | "beiden" | "beider" | "beidem" | "beides" => {
            return Some(Found::firm(Value::count(Decimal::from(2)), at + 1).loosely());
        }
        "halb" | "halbe" | "halben" | "halber" | "halbes" => return Some(half(tokens, at)),
        // „zu viert“, and half of „Sonn- und Feiertage“.
        "zweit" | "dritt" | "viert" | "fünft" | "sechst"
            if tokens.word_before(at, 1) == Some("zu") =>
        {
            let number = match word {
                "zweit" => 2,
                "dritt" => 3,
                "viert" => 4,
                "fünft" => 5,
                _ => 6,
            };
            return Some(Found::firm(Value::count(Decimal::from(number)), at + 1).loosely());
        }
        "sonn" if tokens.is_glued_mark(at + 1, &HYPHENS) => {
            let day = Weekday::Sunday;
            return Some(Found::firm(Value::Weekday { day }, at + 1).loosely());
        }
        "verdoppelt" | "verdoppeln" | "verdoppelte" | "verdoppelten" | "verdopplung"
        | "verdoppelung" => {
            return Some(multiple(Decimal::from(2), at).loosely());
        }
        "verdreifacht" | "verdreifachen" | "verdreifachte" | "verdreifachung" => {
            return Some(multiple(Decimal::from(3), at).loosely());
        }
        _ => {}
    }
    match words::german(word) {
        Some(Spelled::Ordinal(number)) => {
            // „achten“ is a verb, „die achten Klassen“ are not.
            let verb = word == "achten" && !after_article(tokens, at);
            let loose = number <= 3 || verb;
            let value = Value::Ordinal { number };
            Some(Found {
                value,
                end: at + 1,
                loose,
            })
        }
        // „doppelter Boden“, „mehrfach“: only a count is firm.
        Some(Spelled::Multiple(factor)) => {
            let figurative = factor == Decimal::ONE || word.starts_with("doppelt");
            let found = multiple(factor, at);
            Some(if figurative { found.loosely() } else { found })
        }
        Some(Spelled::Measured(amount, measure)) => {
            let person = measure == Measure::Unit(Unit::Year) && tokens.is_capitalised(at);
            let measure = if person { Measure::Age } else { measure };
            let found = Found::firm(Value::Amount { amount, measure }, at + 1);
            let whole = measure == Measure::Percent && amount == Decimal::from(100);
            Some(if amount == Decimal::ONE || whole {
                found.loosely()
            } else {
                found
            })
        }
        Some(Spelled::Decade(first)) => {
            Some(Found::firm(Value::Decade { first }, at + 1).loosely())
        }
        // An eleven is a team, a part without a number a quarter of a town.
        Some(Spelled::Cardinal(value)) => Some(Found::firm(Value::count(value), at + 1).loosely()),
        Some(Spelled::Several(_) | Spelled::Part(_)) => None,
        None => compound(word).map(|value| Found::firm(value, at + 1).loosely()),
    }
}

/// „halbe Stunde“, „halb so viele“.
fn half(tokens: &Tokens<'_>, at: usize) -> Found {
    let count = Count {
        loose: true,
        ..Count::spelled(Decimal::HALF, at + 1)
    };
    let (measure, end, _) = measure::read(tokens, &count, Language::German);
    let value = match measure {
        Measure::Count => Value::Fraction {
            numerator: 1,
            denominator: 2,
        },
        measure => Value::Amount {
            amount: Decimal::HALF,
            measure,
        },
    };
    Found::firm(value, end).loosely()
}

fn after_article(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.word_before(at, 1).is_some_and(|word| {
        matches!(
            word,
            "der"
                | "die"
                | "das"
                | "dem"
                | "den"
                | "des"
                | "am"
                | "im"
                | "zum"
                | "zur"
                | "vom"
                | "beim"
                | "bis"
        )
    })
}

/// The figure inside a German compound: Millionenstadt, Dreimonatszeitraum,
/// Viertelstunde, Achtelfinale, Sonntagszeitung, Novemberrevolution. It may
/// answer for a figure of the translation and is none by itself.
fn compound(word: &str) -> Option<Value> {
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
