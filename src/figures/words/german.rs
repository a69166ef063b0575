//! German number words.

use super::{MAX_WORD, Spelled};
use crate::figures::decimal::Decimal;
use crate::figures::unit::Unit;
use crate::figures::value::Measure;

/// German units and teens, longer words before their prefixes.
const SMALL: [(&str, u64); 21] = [
    ("dreizehn", 13),
    ("vierzehn", 14),
    ("fünfzehn", 15),
    ("sechzehn", 16),
    ("siebzehn", 17),
    ("achtzehn", 18),
    ("neunzehn", 19),
    ("sieben", 7),
    ("sechs", 6),
    ("zwölf", 12),
    ("zehn", 10),
    ("fünf", 5),
    ("acht", 8),
    ("neun", 9),
    ("drei", 3),
    ("vier", 4),
    ("zwei", 2),
    ("zwo", 2),
    ("eins", 1),
    ("ein", 1),
    ("elf", 11),
];

const TENS: [(&str, u64); 10] = [
    ("zwanzig", 20),
    ("dreißig", 30),
    ("dreissig", 30),
    ("vierzig", 40),
    ("fünfzig", 50),
    ("sechzig", 60),
    ("siebzig", 70),
    ("achtzig", 80),
    ("neunzig", 90),
    ("hundert", 100),
];

fn strip<'a>(text: &'a str, words: &[(&str, u64)]) -> Option<(u64, &'a str)> {
    words
        .iter()
        .find_map(|(word, value)| Some((*value, text.strip_prefix(word)?)))
}

/// A number below one hundred at the start of `text`, and what follows it.
fn below_hundred(text: &str) -> Option<(u64, &str)> {
    let tens = &TENS[..9];
    if let Some(found) = strip(text, tens) {
        return Some(found);
    }
    let (unit, rest) = strip(text, &SMALL)?;
    let compound = rest
        .strip_prefix("und")
        .filter(|_| unit < 10)
        .and_then(|after| strip(after, tens));
    match compound {
        Some((ten, rest)) => Some((ten + unit, rest)),
        None => Some((unit, rest)),
    }
}

/// Adds what may follow `hundert` or `tausend`: an optional `und` and a
/// smaller number.
fn with_tail<'a>(
    base: u64,
    rest: &'a str,
    tail: fn(&'a str) -> Option<(u64, &'a str)>,
) -> (u64, &'a str) {
    let after = rest.strip_prefix("und").unwrap_or(rest);
    match tail(after) {
        Some((small, rest)) => (base + small, rest),
        None => (base, rest),
    }
}

fn below_thousand(text: &str) -> Option<(u64, &str)> {
    let (count, rest) = match below_hundred(text) {
        Some((count, rest)) => (Some(count), rest),
        None => (None, text),
    };
    match rest.strip_prefix("hundert") {
        // Years are counted in hundreds: neunzehnhundertneunundachtzig.
        Some(after) => Some(with_tail(count.unwrap_or(1) * 100, after, below_hundred)),
        None => count.map(|count| (count, rest)),
    }
}

/// A German cardinal at the start of a lower-case word, and what follows it.
fn cardinal_prefix(text: &str) -> Option<(u64, &str)> {
    let (count, rest) = match below_thousand(text) {
        Some((count, rest)) => (Some(count), rest),
        None => (None, text),
    };
    match rest.strip_prefix("tausend") {
        Some(after) => Some(with_tail(count.unwrap_or(1) * 1000, after, below_thousand)),
        None => count.map(|count| (count, rest)),
    }
}

/// Reads one lower-case German word as a number.
pub fn german(word: &str) -> Option<Spelled> {
    // The indefinite article is no figure.
    if word.len() > MAX_WORD || matches!(word, "ein" | "eine") {
        return None;
    }
    irregular(word).or_else(|| ordinal(word)).or_else(|| {
        let (number, rest) = cardinal_prefix(word)?;
        regular(number, rest)
    })
}

/// Adjectives that count the parts of something, not things: `zweisprachig`,
/// `siebenköpfige`. English often has a word without a number for them.
pub fn is_german_adjective(word: &str) -> bool {
    cardinal_prefix(word).is_some_and(|(_, rest)| counts_parts(inflected(rest)))
}

/// A German adjective without its ending.
fn inflected(word: &str) -> &str {
    ["es", "en", "er", "em", "e", "s"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word)
}

fn counts_parts(stem: &str) -> bool {
    matches!(
        stem,
        "köpfig"
            | "stellig"
            | "teilig"
            | "stöckig"
            | "geschossig"
            | "bändig"
            | "türig"
            | "seitig"
            | "spurig"
            | "sprachig"
            | "stufig"
            | "sitzig"
            | "strahlig"
            | "motorig"
            | "zylindrig"
            | "gleisig"
    )
}

/// How words begin that only look as if they began with a number: Zweifel,
/// Zweig, Achtung, achtlos, dreist, Elfenbein.
const ONLY_ALIKE: [&str; 9] = [
    "zweifel",
    "zweifl",
    "zweigst",
    "zweignied",
    "achtung",
    "achtsam",
    "achtlos",
    "achtet",
    "elfenbein",
];

fn only_looks_alike(word: &str) -> bool {
    let adjective = matches!(inflected(word), "zweig" | "dreist");
    adjective || ONLY_ALIKE.iter().any(|start| word.starts_with(start))
}

/// The number that begins a longer German word, and at least three letters
/// after it: `Vierradantrieb`, `Zweitligist`.
pub fn german_prefix(word: &str) -> Option<(u64, &str)> {
    const LEAST: usize = 3;
    if word.len() > MAX_WORD {
        return None;
    }
    let (number, rest) = cardinal_prefix(word)
        .filter(|_| !only_looks_alike(word))
        .or_else(|| {
            strip(
                word,
                &[("erst", 1), ("dritt", 3), ("doppel", 2), ("doppelt", 2)],
            )
        })?;
    (rest.len() >= LEAST && number > 1).then_some((number, rest))
}

fn irregular(word: &str) -> Option<Spelled> {
    let spelled = match word {
        "eins" => Spelled::Cardinal(Decimal::ONE),
        "anderthalb" => Spelled::Cardinal(Decimal::new(15, -1)?),
        "null" => Spelled::Cardinal(Decimal::ZERO),
        "zweien" | "zweier" => Spelled::Cardinal(Decimal::from(2)),
        "dreien" | "dreier" => Spelled::Cardinal(Decimal::from(3)),
        "vieren" => Spelled::Cardinal(Decimal::from(4)),
        "dutzend" => Spelled::Cardinal(Decimal::from(12)),
        "dutzende" | "dutzenden" | "dutzender" => Spelled::Several(Decimal::from(12)),
        "drittel" | "dritteln" => Spelled::Part(3),
        "viertel" | "vierteln" => Spelled::Part(4),
        "siebtel" | "siebteln" => Spelled::Part(7),
        "achtel" | "achteln" => Spelled::Part(8),
        "doppelt" | "doppelte" | "doppelten" | "doppelter" | "doppeltes" | "zweifach"
        | "zweifache" | "zweifachen" => Spelled::Multiple(Decimal::from(2)),
        "anderthalbmal" | "eineinhalbmal" | "anderthalbfache" | "anderthalbfachen"
        | "eineinhalbfache" | "eineinhalbfachen" => Spelled::Multiple(Decimal::new(15, -1)?),
        "hunderte" | "hunderten" | "hunderter" => Spelled::Several(Decimal::from(100)),
        "tausende" | "tausenden" | "tausender" => Spelled::Several(Decimal::from(1000)),
        "abertausende" | "abertausenden" => Spelled::Several(Decimal::from(1000)),
        "zigtausende" | "zigtausenden" => Spelled::Several(Decimal::from(10_000)),
        _ => return None,
    };
    Some(spelled)
}

fn regular(number: u64, rest: &str) -> Option<Spelled> {
    let value = Decimal::from(number);
    let plural = |rest: &str| matches!(rest, "e" | "en" | "er");
    match rest {
        "" => Some(Spelled::Cardinal(value)),
        "e" | "en" | "er" if number >= 1000 && number.is_multiple_of(1000) || number == 100 => {
            plural(rest).then_some(Spelled::Several(value))
        }
        "einhalb" => Some(Spelled::Cardinal(value.plus(Decimal::HALF)?)),
        "mal" | "malig" | "malige" | "maligen" | "maliger" | "maliges" => {
            Some(Spelled::Multiple(value))
        }
        "fach" | "fache" | "fachen" | "facher" | "faches" => Some(Spelled::Multiple(value)),
        "er" | "ern" if (20..100).contains(&number) && number.is_multiple_of(10) => {
            Some(Spelled::Decade(u16::try_from(number).ok()?))
        }
        // Sechzigerjahre in one word.
        _ if rest.starts_with("erjahre")
            && (20..100).contains(&number)
            && number.is_multiple_of(10) =>
        {
            Some(Spelled::Decade(u16::try_from(number).ok()?))
        }
        _ => {
            let (value, rest) = match rest.strip_prefix("einhalb") {
                Some(rest) => (value.plus(Decimal::HALF)?, rest),
                None => (value, rest),
            };
            let measured = |unit| Some(Spelled::Measured(value, Measure::Unit(unit)));
            match inflected(rest) {
                "prozentig" => Some(Spelled::Measured(value, Measure::Percent)),
                "jährig" | "jaehrig" => measured(Unit::Year),
                "monatig" => measured(Unit::Month),
                "wöchig" => measured(Unit::Week),
                "tägig" => measured(Unit::Day),
                "stündig" => measured(Unit::Hour),
                "minütig" => measured(Unit::Minute),
                "sekündig" => measured(Unit::Second),
                "tel" | "teln" | "tels" if number >= 5 => Some(Spelled::Part(number)),
                stem if counts_parts(stem) => Some(Spelled::Cardinal(value)),
                _ => None,
            }
        }
    }
}

/// Ordinals, alone or before a superlative (`zweitgrößte`).
fn ordinal(word: &str) -> Option<Spelled> {
    const IRREGULAR: [(&str, u64); 4] = [("erst", 1), ("dritt", 3), ("siebt", 7), ("acht", 8)];
    let (number, rest) = match strip(word, &IRREGULAR) {
        // „acht“ itself is a cardinal and the start of eighteen and eighty.
        Some(found @ (number, rest)) if number < 8 || ends_ordinal(rest) => found,
        Some(_) | None => {
            let (number, rest) = cardinal_prefix(word)?;
            let rest = if number % 100 == 0 || number % 100 >= 20 {
                rest.strip_prefix("st")?
            } else {
                rest.strip_prefix('t')?
            };
            // 103rd is „hundertdritte“: irregular endings of larger numbers.
            (number, rest)
        }
    };
    (ends_ordinal(rest) || is_superlative(rest)).then_some(Spelled::Ordinal(number))
}

fn ends_ordinal(rest: &str) -> bool {
    matches!(rest, "e" | "en" | "er" | "es" | "em")
}

fn is_superlative(rest: &str) -> bool {
    const ENDINGS: [&str; 8] = ["ste", "sten", "ster", "stes", "stem", "ßte", "ßten", "ßter"];
    rest.len() > 4 && ENDINGS.iter().any(|ending| rest.ends_with(ending))
}
