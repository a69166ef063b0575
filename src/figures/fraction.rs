//! Fractions: `zwei Drittel`, `jeder Dritte`, `two-thirds`, `one in five`,
//! `2/3`, `½`.

use super::Language;
use super::count;
use super::lexicon;
use super::measure;
use super::reader::Found;
use super::token::Tokens;
use super::value::{Measure, Value};
use super::words::{self, Spelled};

/// Reads a fraction at `at`.
pub fn read(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Found> {
    mark(tokens, at)
        .or_else(|| slash(tokens, at, language))
        .or_else(|| match language {
            Language::German => german(tokens, at),
            Language::English => english(tokens, at),
        })
}

fn found(numerator: u64, denominator: u64, end: usize) -> Found {
    Found::firm(
        Value::Fraction {
            numerator,
            denominator,
        },
        end,
    )
}

fn mark(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    let (numerator, denominator) = match tokens.get(at)?.text {
        "½" => (1, 2),
        "¼" => (1, 4),
        "¾" => (3, 4),
        "⅓" => (1, 3),
        "⅔" => (2, 3),
        _ => return None,
    };
    Some(found(numerator, denominator, at + 1))
}

/// `2/3`; other numbers about a slash are a code: `110/70`.
fn slash(tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Found> {
    const LONGEST: usize = 24;
    let (left, right) = (tokens.numeral(at)?, tokens.numeral(at + 2)?);
    let glued = tokens.is_glued_mark(at + 1, &['/']) && tokens.is_glued(at + 2);
    // "10/11 September" are two days.
    let days = tokens
        .word(at + 3)
        .is_some_and(|word| lexicon::month(word, language).is_some());
    if !glued || days || left.len() + right.len() > LONGEST {
        return None;
    }
    if (left, right, language) == ("9", "11", Language::English) {
        let (month, day) = (Some(9), Some(11));
        let year = None;
        return Some(Found::firm(Value::Date { year, month, day }, at + 3));
    }
    let fraction = left.parse().ok().zip(right.parse().ok());
    let fraction = fraction.filter(|(numerator, denominator): &(u64, u64)| {
        numerator < denominator && *denominator <= 100 && !left.starts_with('0')
    });
    Some(match fraction {
        Some((numerator, denominator)) => found(numerator, denominator, at + 3),
        None => {
            let text = format!("{left}/{right}");
            let round_the_clock = text == "24/7";
            let value = Value::Code { text };
            Found {
                value,
                end: at + 3,
                loose: round_the_clock,
            }
        }
    })
}

fn german(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    const ADJECTIVES: [&str; 6] = ["gutes", "knappes", "weiteres", "gute", "guten", "knappe"];
    let word = tokens.word(at);
    match word {
        Some("hälfte") => return Some(found(1, 2, at + 1).loosely()),
        Some("dreiviertel") => return Some(found(3, 4, at + 1)),
        Some("jede" | "jeder" | "jedes" | "jedem" | "jeden") => {
            let (number, end) = ordinal(tokens, at + 1)?;
            return (number > 1).then(|| found(1, number, end));
        }
        _ => {}
    }
    let article = word.is_some_and(count::is_german_article);
    let (numerator, end) = if article {
        // „ein gutes Drittel“, „ein weiteres Viertel“.
        let adjective = tokens.is_word(at + 1, &ADJECTIVES);
        (1, if adjective { at + 2 } else { at + 1 })
    } else {
        let count = count::read(tokens, at, Language::German)?;
        // „Zwei-Drittel-Mehrheit“
        (count.value.natural()?, tokens.after_hyphen(count.end))
    };
    let Some(Spelled::Part(denominator)) = words::german(tokens.word(end)?) else {
        return None;
    };
    (numerator < 100).then(|| found(numerator, denominator, end + 1))
}

/// A German ordinal in digits or words.
fn ordinal(tokens: &Tokens<'_>, at: usize) -> Option<(u64, usize)> {
    if let Some(text) = tokens.numeral(at) {
        let number = text.parse().ok()?;
        return tokens
            .is_glued_mark(at + 1, &['.'])
            .then_some((number, at + 2));
    }
    match words::german(tokens.word(at)?)? {
        Spelled::Ordinal(number) => Some((number, at + 1)),
        _ => None,
    }
}

fn english(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    let word = tokens.word(at)?;
    match word {
        "every" if tokens.is_word(at + 1, &["other", "second"]) => {
            return Some(found(1, 2, at + 2).loosely());
        }
        "every" => {
            let (Spelled::Ordinal(number), end) = words::english(tokens, at + 1)? else {
                return None;
            };
            return (number > 1).then(|| found(1, number, end));
        }
        // „half a million“ is an amount.
        "half" => {
            let counted = count::read(tokens, at, Language::English).is_some();
            return (!counted).then(|| found(1, 2, at + 1).loosely());
        }
        "one" => {
            if let Some(one_in) = one_in(tokens, at) {
                return Some(one_in);
            }
        }
        _ => {}
    }
    let article = matches!(word, "a" | "an");
    let (numerator, end) = if article {
        (1, at + 1)
    } else {
        match words::english(tokens, at)? {
            (Spelled::Cardinal(value), end) => (value.natural()?, end),
            _ => return None,
        }
    };
    let noun = tokens.after_hyphen(end);
    let part = tokens.word(noun)?;
    let denominator = words::english_part(part)?;
    let hyphen = noun > end;
    // „a third person“ is one more, „a third of the people“ is a share.
    let share = if numerator > 1 {
        part.ends_with('s')
    } else if article {
        hyphen
            || tokens.is_word(noun + 1, &["of"])
            || part == "quarter"
                && (!tokens.is_word(noun + 1, &["past", "to"])
                    || (1..=2).any(|back| tokens.word_before(at, back) == Some("by")))
    } else {
        true
    };
    // "the first three quarters of 2014" are parts of a year.
    let of_year = (numerator, part) == (3, "quarters")
        && (tokens.word_before(at, 1).is_some_and(|word| {
            matches!(
                word,
                "first" | "last" | "past" | "next" | "previous" | "consecutive"
            )
        }) || tokens.is_word(noun + 1, &["of"])
            && tokens.numeral(noun + 2).is_some_and(|year| year.len() == 4));
    if of_year {
        return None;
    }
    // Nobody says "two quarters" of a share: they are parts of years.
    let periods = numerator == 2 && part == "quarters";
    let half = part == "half" || periods;
    (share && !half && numerator < 100).then(|| found(numerator, denominator, noun + 1))
}

/// „one in five“, „one out of three“.
fn one_in(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    let end = if tokens.is_word(at + 1, &["in"]) {
        at + 2
    } else if tokens.is_word(at + 1, &["out"]) && tokens.is_word(at + 2, &["of"]) {
        at + 3
    } else {
        return None;
    };
    let count = count::read(tokens, end, Language::English)?;
    // „one in 5 kilometres“, „one in 2019“ are none.
    let (measure, ..) = measure::read(tokens, &count, Language::English);
    let denominator = count.value.natural().filter(|n| (2..=1000).contains(n))?;
    (measure == Measure::Count && count.scale.is_none()).then(|| found(1, denominator, count.end))
}
