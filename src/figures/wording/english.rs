//! The ways in which English writes a figure, the usual first.

use super::unit::with_unit;
use crate::figures::decimal::Decimal;
use crate::figures::notation;
use crate::figures::value::Value;
use crate::figures::{Figure, names};

/// Longer names are not asked for: they are rarely names.
const LONGEST_NAME: usize = 40;

/// The English name, or the German one where both languages have the same.
pub fn name(text: &str, value: &str) -> Vec<String> {
    if text.len() > LONGEST_NAME {
        return Vec::new();
    }
    let base = text.strip_suffix('s');
    if let Some(name) = names::english(text).or_else(|| names::english(base?)) {
        return vec![name.to_owned()];
    }
    // „slowakische“ has a value of its own and is no name.
    if base == Some(value) {
        return vec![value.to_owned()];
    }
    // „Angela Merkels“ may be a genitive.
    let names = base.into_iter().chain([text]);
    names.filter(|_| text == value).map(str::to_owned).collect()
}

/// The ways in which English may write a figure, given as the source has it.
pub fn wordings(figure: &Figure, source: &str) -> Vec<String> {
    match &figure.value {
        Value::Amount { amount, measure } => with_unit(amount_wordings(*amount, source), *measure),
        Value::Ordinal { number } => ordinal(*number, source),
        Value::Range { low, high, measure } => match numerals(source).as_slice() {
            [low, high] => {
                let scale = scale(source);
                let wordings = vec![
                    format!("{low} to {high}{scale}"),
                    format!("{low}-{high}{scale}"),
                ];
                with_unit(wordings, *measure)
            }
            [] => with_unit(range_in_words(*low, *high), *measure),
            _ => Vec::new(),
        },
        Value::Date { year, month, day } => date(*year, *month, *day),
        Value::Weekday { day } => vec![day.name().to_owned()],
        Value::Time { hour, minute, .. } => time(*hour, *minute, source),
        Value::Score { points } => {
            let points: Vec<String> = points.iter().map(u32::to_string).collect();
            vec![points.join("-"), points.join(":")]
        }
        Value::Years { from, to } => vec![format!("{from}/{:02}", to % 100)],
        Value::Decade { first } => vec![match source.split_once(' ') {
            Some(("Anfang", _)) => format!("early {first}s"),
            Some(("Mitte", _)) => format!("mid-{first}s"),
            Some(("Ende", _)) => format!("late {first}s"),
            _ => format!("{first}s"),
        }],
        Value::Century { number } => vec![format!("{} century", notation::ordinal(*number))],
        Value::Several { of, .. } => several(*of),
        Value::Code { text } => vec![text.clone()],
        Value::Name { text } => name(text, text),
        Value::Fraction {
            numerator,
            denominator,
        } => fraction(*numerator, *denominator, source),
        Value::Multiple { factor } => multiple(factor.natural(), source),
    }
}

/// `Dutzende` → `dozens`, `Hunderttausende` → `hundreds of thousands`.
fn several(of: Decimal) -> Vec<String> {
    let word = match of.natural() {
        Some(12) => "dozens",
        Some(100) => "hundreds",
        Some(1_000) => "thousands",
        Some(10_000) => "tens of thousands",
        Some(100_000) => "hundreds of thousands",
        Some(1_000_000) => "millions",
        Some(1_000_000_000) => "billions",
        // A summit of eight thousand metres is an „Achttausender“.
        Some(number) => return vec![notation::grouped(number)],
        None => return Vec::new(),
    };
    vec![word.to_owned()]
}

/// `dritte` → `third`, `3rd`; `3.` the other way round.
fn ordinal(number: u64, source: &str) -> Vec<String> {
    let word = notation::ordinal_word(number).map(str::to_owned);
    let mut wordings: Vec<String> = word.into_iter().collect();
    wordings.push(notation::ordinal(number));
    if !numerals(source).is_empty() {
        wordings.reverse();
    }
    wordings
}

/// `zwei Drittel` → `two thirds`; `jeder Dritte` → `every third`, `one in three`.
fn fraction(numerator: u64, denominator: u64, source: &str) -> Vec<String> {
    if source.contains('/') {
        return vec![source.to_owned()];
    }
    let (Some(count), Some(of)) = (notation::word(numerator), notation::word(denominator)) else {
        return Vec::new();
    };
    let every = source.to_lowercase().starts_with("jede");
    let part = match denominator {
        2 if every => "second".to_owned(),
        2 => "half".to_owned(),
        3 => "third".to_owned(),
        4 if !every => "quarter".to_owned(),
        _ => match notation::ordinal_word(denominator) {
            Some(word) => word.to_owned(),
            None => return Vec::new(),
        },
    };
    match numerator {
        1 if every => vec![format!("every {part}"), format!("one in {of}")],
        1 if denominator == 2 => vec![part],
        1 => vec![
            format!(
                "{} {part} of",
                if matches!(denominator, 8 | 11) {
                    "an"
                } else {
                    "a"
                }
            ),
            format!("one {part}"),
            format!("one-{part}"),
        ],
        _ if denominator == 2 => Vec::new(),
        _ => vec![format!("{count} {part}s"), format!("{count}-{part}s")],
    }
}

/// `dreimal` → `three times`; `doppelt` → `twice`, `double`.
fn multiple(factor: Option<u64>, source: &str) -> Vec<String> {
    let Some(factor) = factor else {
        return numerals(source)
            .iter()
            .map(|numeral| format!("{numeral} times"))
            .collect();
    };
    let times = source.to_lowercase().contains("mal");
    let words: &[&str] = match factor {
        1 => &["once"],
        2 if times => &["twice", "two times"],
        2 => &["twice", "double", "doubled"],
        3 if !times => &["three times", "threefold", "triple"],
        _ => &[],
    };
    if !words.is_empty() {
        return words.iter().map(|&word| word.to_owned()).collect();
    }
    let word = notation::word(factor).map(|word| format!("{word} times"));
    word.into_iter()
        .chain([format!("{factor} times")])
        .collect()
}

/// `4,8 Millionen` → `4.8 million`; `drei` → `three`, `3`; `dreiundzwanzig` → `23`,
/// `twenty-three`; `anderthalb` → `one and a half`, `1.5`; `zwei Milliarden` → `two
/// billion`, `2 billion`.
fn amount_wordings(amount: Decimal, source: &str) -> Vec<String> {
    let numerals = numerals(source);
    match (numerals.as_slice(), amount.natural()) {
        ([numeral], _) => {
            let mut wordings = vec![format!("{numeral}{}", scale(source))];
            let small = amount.natural().filter(|_| scale(source).is_empty());
            wordings.extend(small.and_then(notation::word).map(str::to_owned));
            wordings
        }
        ([], Some(number)) if !scale(source).is_empty() && number >= 1_000_000 => {
            let power = number.ilog10() / 3 * 3;
            let (count, rest) = (number / 10_u64.pow(power), number % 10_u64.pow(power));
            let word = notation::word(count).map(str::to_owned);
            let counts = word.into_iter().chain([count.to_string()]);
            match rest {
                0 => counts
                    .map(|count| format!("{count}{}", scale(source)))
                    .collect(),
                _ => Vec::new(),
            }
        }
        ([], Some(number)) => {
            let word = notation::word(number).map(str::to_owned);
            word.into_iter()
                .chain([notation::grouped(number)])
                .chain(notation::compound(number))
                .collect()
        }
        ([], None) if scale(source).is_empty() => in_words(amount)
            .into_iter()
            .chain([amount.to_string()])
            .collect(),
        _ => Vec::new(),
    }
}

/// „drei bis dreieinhalb“ → `three to three and a half`, `3 to 3.5`.
fn range_in_words(low: Decimal, high: Decimal) -> Vec<String> {
    let in_words = in_words(low).zip(in_words(high));
    let in_words = in_words.map(|(low, high)| format!("{low} to {high}"));
    let in_digits = [format!("{low} to {high}"), format!("{low}-{high}")];
    let small = high.to_f64() < 1000.0;
    in_words
        .into_iter()
        .chain(in_digits.into_iter().filter(|_| small))
        .collect()
}

/// Small numbers and their halves: `three`, `two and a half`.
fn in_words(number: Decimal) -> Option<String> {
    let (whole, half) = match number.natural() {
        Some(whole) => (whole, ""),
        None => (
            number
                .plus(Decimal::HALF.negated())?
                .natural()
                .filter(|whole| *whole > 0)?,
            " and a half",
        ),
    };
    Some(format!("{}{half}", notation::word(whole)?))
}

fn numerals(source: &str) -> Vec<String> {
    notation::spans(source)
        .map(|span| notation::in_english(span.of(source)))
        .collect()
}

/// The English word of magnitude with a space before it, or nothing.
fn scale(source: &str) -> String {
    source
        .split(|c: char| !c.is_alphabetic())
        .find_map(notation::scale)
        .map(|scale| format!(" {scale}"))
        .unwrap_or_default()
}

fn date(year: Option<u16>, month: Option<u8>, day: Option<u8>) -> Vec<String> {
    let month = match month {
        Some(month) => match notation::MONTHS.get(usize::from(month).wrapping_sub(1)) {
            Some(name) => Some(*name),
            None => return Vec::new(),
        },
        None => None,
    };
    match (year, month, day) {
        (Some(year), Some(month), Some(day)) => vec![
            format!("{month} {day}, {year}"),
            format!("{day} {month} {year}"),
        ],
        (Some(year), Some(month), None) => vec![format!("{month} {year}")],
        (None, Some(month), Some(day)) => vec![format!("{month} {day}"), format!("{day} {month}")],
        (None, Some(month), None) => vec![month.to_owned()],
        (Some(year), None, _) => vec![year.to_string()],
        (None, None, Some(day)) => vec![notation::ordinal(u64::from(day))],
        (None, None, None) => Vec::new(),
    }
}

/// `20.15 Uhr` → `8:15 p.m.`; `Viertel nach sieben` → `quarter past seven`.
fn time(hour: u8, minute: u8, source: &str) -> Vec<String> {
    if (hour, minute) == (24, 0) {
        return vec!["midnight".to_owned()];
    }
    let half = if hour % 24 < 12 { "a.m." } else { "p.m." };
    let twelve = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    let clock = match minute {
        0 => format!("{twelve} {half}"),
        minute => format!("{twelve}:{minute:02} {half}"),
    };
    let digits = [clock, format!("{hour:02}:{minute:02}")];
    let (part, hour) = match minute {
        0 => ("", twelve),
        15 => ("quarter past ", twelve),
        30 => ("half past ", twelve),
        45 => ("quarter to ", twelve % 12 + 1),
        _ => return digits.into(),
    };
    let word = notation::word(u64::from(hour)).filter(|_| numerals(source).is_empty());
    let spoken = word.map(|word| format!("{part}{word}"));
    spoken.into_iter().chain(digits).collect()
}
