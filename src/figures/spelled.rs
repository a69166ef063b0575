//! Single words that are figures: ordinals, multiples, ages and lengths of
//! time in one word, and German compounds that begin with a number.

use super::Language;
use super::compound::compound;
use super::count::Count;
use super::decimal::Decimal;
use super::measure;
use super::reader::Found;
use super::token::{HYPHENS, Tokens};
use super::unit::Unit;
use super::value::{Measure, Value, Weekday};
use super::words::{self, Spelled};

/// Reads a German ordinal with its ending glued on: `20ter`, `1ste`.
pub fn digits_with_ending(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Found> {
    const LONGEST: usize = 4;
    const ENDINGS: [&str; 10] = [
        "te", "ter", "ten", "tes", "tem", "ste", "ster", "sten", "stes", "stem",
    ];
    let digits = tokens
        .numeral(at)
        .filter(|digits| digits.len() <= LONGEST)?;
    let ends = tokens.is_glued(at + 1) && tokens.is_word(at + 1, &ENDINGS);
    let number = digits
        .parse()
        .ok()
        .filter(|_| ends && language == Language::German)?;
    Some(Found::firm(Value::Ordinal { number }, at + 2))
}

/// The rank of a German name: „Johannes Paul II.“, „die III. Republik“. English
/// writes it without the stop or as an ordinal, so it is asked for loosely. One
/// letter is an initial.
fn roman(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    let letters: Option<Vec<u64>> = tokens
        .get(at)?
        .text
        .bytes()
        .map(|letter| match letter {
            b'I' => Some(1),
            b'V' => Some(5),
            b'X' => Some(10),
            _ => None,
        })
        .collect();
    let letters = letters.filter(|letters| (2..=7).contains(&letters.len()))?;
    // A letter before a larger one is taken away instead of added.
    let pairs = letters.iter().zip(letters.iter().skip(1));
    let less: u64 = pairs
        .filter(|(one, next)| one < next)
        .map(|(one, _)| 2 * one)
        .sum();
    let number = letters.iter().sum::<u64>().checked_sub(less)?;
    let value = Value::Ordinal { number };
    tokens
        .is_glued_mark(at + 1, &['.'])
        .then(|| Found::firm(value, at + 2).loosely())
}

/// Reads a figure in one word at `at`.
pub fn read(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Found> {
    let word = tokens.word(at)?;
    match language {
        Language::German => roman(tokens, at).or_else(|| german(tokens, at, word)),
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
        "decade" => {
            let decade = Value::Amount {
                amount: Decimal::ONE,
                measure: Measure::Unit(Unit::Decade),
            };
            return Some(Found::firm(decade, at + 1).loosely());
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
        "sixpack" | "sixpacks" => {
            return Some(Found::firm(Value::count(Decimal::from(6)), at + 1).loosely());
        }
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
            // „der Zehnte“ of old was a tax.
            let tithe = word == "zehnten" && tokens.is_capitalised(at);
            let loose = number <= 3 || verb || tithe;
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
