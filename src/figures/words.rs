//! Number words: the numbers that German and English spell in letters.

use super::decimal::Decimal;
use super::token::Tokens;
use super::unit::Unit;
use super::value::Measure;

/// What one German word, or a run of English ones, says about a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spelled {
    Cardinal(Decimal),
    /// `Hunderte`, `dozens`.
    Several(Decimal),
    Ordinal(u64),
    /// The denominator of a fraction: `Drittel`.
    Part(u64),
    Multiple(Decimal),
    /// A number and its unit in one word: `zehnprozentig`, `zweijährig`.
    Measured(Decimal, Measure),
    /// `neunziger`.
    Decade(u16),
}

/// No spelled number that occurs in print is longer.
const MAX_WORD: usize = 72;

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
        "doppelt" | "doppelte" | "doppelten" | "doppelter" | "doppeltes" | "zweifach"
        | "zweifache" | "zweifachen" => Spelled::Multiple(Decimal::from(2)),
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

const ENGLISH_SMALL: [&str; 20] = [
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
const ENGLISH_TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
const ENGLISH_ORDINALS: [&str; 20] = [
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn cardinal(word: &str, expected: &str) {
        assert_eq!(
            german(word),
            Some(Spelled::Cardinal(expected.parse().unwrap())),
            "{word}"
        );
    }

    #[test]
    fn german_cardinals() {
        for (word, expected) in [
            ("zwei", "2"),
            ("elf", "11"),
            ("siebzehn", "17"),
            ("dreiundzwanzig", "23"),
            ("sechsundsechzig", "66"),
            ("hundert", "100"),
            ("hunderteins", "101"),
            ("zweihundertfünfzig", "250"),
            ("neunzehnhundertneunundachtzig", "1989"),
            ("zweitausendvierundzwanzig", "2024"),
            ("hunderttausend", "100000"),
            ("dreihundertfünfzigtausend", "350000"),
            ("zweieinhalb", "2.5"),
            ("anderthalb", "1.5"),
            ("eineinhalb", "1.5"),
            ("dutzend", "12"),
            ("zwölfköpfige", "12"),
        ] {
            cardinal(word, expected);
        }
    }

    #[test]
    fn german_ordinals() {
        for (word, expected) in [
            ("erste", 1),
            ("dritten", 3),
            ("siebte", 7),
            ("achter", 8),
            ("zwölften", 12),
            ("siebzehnten", 17),
            ("zwanzigste", 20),
            ("dreiundzwanzigsten", 23),
            ("hundertste", 100),
            ("zweitgrößte", 2),
            ("drittbeste", 3),
        ] {
            assert_eq!(german(word), Some(Spelled::Ordinal(expected)), "{word}");
        }
    }

    #[test]
    fn german_words_that_only_look_like_numbers() {
        for word in [
            "ein",
            "eine",
            "zweig",
            "zweifel",
            "achtung",
            "achten",
            "elfmeter",
            "dreieck",
            "viertelfinale",
            "einzige",
            "einheit",
            "einzeln",
            "erstaunlich",
            "neunkirchen",
            "zehntausendstel",
            "hundertschaft",
            "sechser",
        ] {
            let read = german(word);
            let harmless =
                read.is_none() || (word == "achten" && read == Some(Spelled::Ordinal(8)));
            assert!(harmless, "{word} was read as {read:?}");
        }
    }

    #[test]
    fn english_runs() {
        let read = |text: &str| english(&Tokens::lex(text), 0);
        let cardinal = |n: u64, end| Some((Spelled::Cardinal(Decimal::from(n)), end));
        assert_eq!(read("two men"), cardinal(2, 1));
        assert_eq!(read("twenty-five"), cardinal(25, 3));
        assert_eq!(read("two hundred and six people"), cardinal(206, 4));
        assert_eq!(
            read("twenty-first century"),
            Some((Spelled::Ordinal(21), 3))
        );
        assert_eq!(read("fiftieth"), Some((Spelled::Ordinal(50), 1)));
        assert_eq!(read("men"), None);
    }
}
