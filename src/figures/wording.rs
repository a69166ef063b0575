//! How English writes the figures that a translation lacks, for a decoder that
//! can be told to write them.

use super::compare::Check;
use super::kind::Kind;
use super::notation;
use super::unit::Dimension;
use super::value::{Measure, Value};
use super::{Figure, Language, names, read};

/// More figures than these are not asked for at once.
const MOST: usize = 3;
/// Longer names are not asked for: they are rarely names.
const LONGEST_NAME: usize = 40;

/// For each figure of the source that the checks did not find in the target,
/// at most [`MOST`]: the ways in which English may write it, the usual first.
/// Currencies are left to the translation.
pub fn wanted(source: &str, checks: &[Check]) -> Vec<Vec<String>> {
    let open = checks.iter().filter(|check| !check.status.resolved());
    let mentions = open.filter_map(|check| Some((check, check.source.as_ref()?)));
    let figures = read(source, Language::German);
    mentions
        .map(|(check, mention)| match check.kind {
            Kind::Name => name(&mention.text, &check.value),
            Kind::Number
            | Kind::Money
            | Kind::Percent
            | Kind::Quantity
            | Kind::Duration
            | Kind::Age
            | Kind::Ordinal
            | Kind::Range
            | Kind::Date
            | Kind::Time
            | Kind::Score
            | Kind::Fraction
            | Kind::Multiple
            | Kind::Code => figures
                .iter()
                .find(|figure| figure.span == mention.span)
                .map(|figure| wordings(figure, &mention.text))
                .unwrap_or_default(),
        })
        .filter(|wordings| !wordings.is_empty())
        .take(MOST)
        .collect()
}

/// The English name, or the German one where both languages have the same.
fn name(text: &str, value: &str) -> Vec<String> {
    if text.len() > LONGEST_NAME {
        return Vec::new();
    }
    // „slowakische“ has a value of its own and is no name.
    let same = (text == value).then_some(text);
    let name = names::english(text).or(same);
    name.map(str::to_owned).into_iter().collect()
}

/// The ways in which English may write a figure, given as the source has it.
fn wordings(figure: &Figure, source: &str) -> Vec<String> {
    match &figure.value {
        Value::Amount { amount, measure } => {
            with_unit(amount_wordings(amount.natural(), source), *measure)
        }
        Value::Ordinal { number } => vec![notation::ordinal(*number)],
        Value::Range { .. } => match numerals(source).as_slice() {
            [low, high] => {
                let scale = scale(source);
                vec![
                    format!("{low} to {high}{scale}"),
                    format!("{low}-{high}{scale}"),
                ]
            }
            _ => Vec::new(),
        },
        Value::Date { year, month, day } => date(*year, *month, *day),
        Value::Weekday { day } => vec![day.name().to_owned()],
        Value::Time { hour, minute, .. } => time(*hour, *minute),
        Value::Score { points } => {
            let points: Vec<String> = points.iter().map(u32::to_string).collect();
            vec![points.join("-"), points.join(":")]
        }
        Value::Years { from, to } => vec![format!("{from}/{:02}", to % 100)],
        Value::Decade { first } => vec![format!("{first}s")],
        Value::Century { number } => vec![format!("{} century", notation::ordinal(*number))],
        Value::Code { text } => vec![text.clone()],
        Value::Name { text } => name(text, text),
        // English has too many ways to say these.
        Value::Several { .. } | Value::Fraction { .. } | Value::Multiple { .. } => Vec::new(),
    }
}

/// With the symbol of a unit: `3.500 Kilowattstunden` that became kilowatts has
/// lost nothing else. Hours and years read better in words, and are left alone.
fn with_unit(wordings: Vec<String>, measure: Measure) -> Vec<String> {
    match measure {
        Measure::Unit(unit) if unit.dimension() != Dimension::Time => wordings
            .into_iter()
            .map(|wording| format!("{wording} {}", unit.symbol()))
            .collect(),
        Measure::Unit(_)
        | Measure::Count
        | Measure::Percent
        | Measure::PercentagePoints
        | Measure::PerMille
        | Measure::Money(_)
        | Measure::Age => wordings,
    }
}

/// `4,8 Millionen` → `4.8 million`; `drei` → `three`, `3`.
fn amount_wordings(number: Option<u64>, source: &str) -> Vec<String> {
    let numerals = numerals(source);
    match (numerals.as_slice(), number) {
        ([numeral], _) => {
            let mut wordings = vec![format!("{numeral}{}", scale(source))];
            let small = number.filter(|_| scale(source).is_empty());
            wordings.extend(small.and_then(notation::word).map(str::to_owned));
            wordings
        }
        ([], Some(number)) => {
            let word = notation::word(number).map(str::to_owned);
            word.into_iter()
                .chain([notation::grouped(number)])
                .collect()
        }
        _ => Vec::new(),
    }
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

fn time(hour: u8, minute: u8) -> Vec<String> {
    let half = if hour % 24 < 12 { "a.m." } else { "p.m." };
    let twelve = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    let clock = match minute {
        0 => format!("{twelve} {half}"),
        minute => format!("{twelve}:{minute:02} {half}"),
    };
    vec![clock, format!("{hour:02}:{minute:02}")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::compare;

    fn wanted_of(source: &str, target: &str) -> Vec<Vec<String>> {
        wanted(source, &compare(source, target))
    }

    #[test]
    fn a_figure_that_is_lost_is_asked_for_as_english_writes_it() {
        let cases = [
            (
                "Der Konzern hat 4.800 Stellen gestrichen.",
                "The group has cut jobs.",
                "4,800",
            ),
            (
                "Sie zahlt 4,8 Millionen Euro.",
                "She pays a lot.",
                "4.8 million",
            ),
            (
                "Das Spiel beginnt um 20.15 Uhr.",
                "The game begins late.",
                "8:15 p.m.",
            ),
            ("Er kam am 12. Juni an.", "He arrived.", "June 12"),
            ("Er kam am Dienstag an.", "He arrived.", "Tuesday"),
            ("Es waren 23 Prozent mehr.", "There were more.", "23"),
        ];
        for (source, target, expected) in cases {
            let wanted = wanted_of(source, target);
            assert_eq!(wanted.len(), 1, "{source}: {wanted:?}");
            assert_eq!(wanted[0][0], expected, "{source}");
        }
    }

    #[test]
    fn what_is_there_is_not_asked_for() {
        let source = "Der Konzern hat 4.800 Stellen in 12 Werken gestrichen.";
        let target = "The group has cut jobs in 12 plants.";
        assert_eq!(wanted_of(source, target), [["4,800"]]);
        let whole = "The group has cut 4,800 jobs in 12 plants.";
        assert!(wanted_of(source, whole).is_empty());
    }

    #[test]
    fn a_unit_that_was_changed_is_asked_for_too() {
        let source = "Ein Haushalt verbraucht 3.500 Kilowattstunden.";
        let target = "A household uses 3,500 kilowatts.";
        assert_eq!(wanted_of(source, target), [["3,500 kWh"]]);
    }

    #[test]
    fn only_a_few_are_asked_for_at_once() {
        let source = "Es kamen 21, 32, 43, 54 und 65 Gäste.";
        assert_eq!(wanted_of(source, "Guests came.").len(), MOST);
    }
}
