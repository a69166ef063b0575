//! How English writes the figures that a translation lacks, and those that it
//! has too many, for a decoder that can be told what to write.

use super::compare::{Check, Mention, Status};
use super::decimal::Decimal;
use super::kind::Kind;
use super::notation;
use super::unit::{Dimension, Unit};
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

/// Figures of the target that the source does not have, at most [`MOST`], as
/// they stand there: with the word before („the 1999“), unless a right figure
/// stands behind the same. One that the source has in these words, or that is said
/// elsewhere as well and rightly, is given with the word behind it ("2016 election"),
/// and not at all where the right one has that, too.
pub fn unwanted(source: &str, target: &str, checks: &[Check]) -> Vec<String> {
    let mentions = |wanted: fn(Status) -> bool| {
        let checks = checks.iter().filter(move |check| wanted(check.status));
        checks.filter_map(|check| check.target.as_ref())
    };
    let with_word = |mention: &Mention| {
        let word = target.get(..mention.span.start)?.strip_suffix(' ')?;
        let word = word.rsplit(' ').next().filter(|word| !word.is_empty())?;
        Some(format!("{word} {}", mention.text))
    };
    let head = |text: &str| text.rsplit_once(' ').map(|(head, _)| head.to_owned());
    let kept: Vec<&Mention> = mentions(Status::resolved).collect();
    let right: Vec<Option<String>> = kept
        .iter()
        .map(|mention| with_word(mention).as_deref().and_then(head))
        .collect();
    let needed =
        |text: &str| source.contains(text) || kept.iter().any(|kept| kept.text.contains(text));
    mentions(|status| status == Status::Added)
        .filter_map(|mention| {
            if needed(&mention.text) {
                return with_next_word(mention, target)
                    .filter(|phrase| target.matches(*phrase).count() == 1)
                    .map(str::to_owned);
            }
            let phrase = with_word(mention).filter(|phrase| !right.contains(&head(phrase)));
            Some(phrase.unwrap_or_else(|| mention.text.clone()))
        })
        .take(MOST)
        .collect()
}

/// A figure and the word behind it, as they stand in the text.
fn with_next_word<'a>(mention: &Mention, target: &'a str) -> Option<&'a str> {
    let word = target.get(mention.span.end..)?.strip_prefix(' ')?;
    let len = word
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(word.len());
    let end = mention.span.end + 1 + len;
    (len > 0).then(|| target.get(mention.span.start..end))?
}

/// The English name, or the German one where both languages have the same.
fn name(text: &str, value: &str) -> Vec<String> {
    if text.len() > LONGEST_NAME {
        return Vec::new();
    }
    // „slowakische“ has a value of its own and is no name.
    let same = (text == value).then_some(text);
    let base = || names::english(text.strip_suffix('s')?);
    let name = names::english(text).or_else(base).or(same);
    name.map(str::to_owned).into_iter().collect()
}

/// The ways in which English may write a figure, given as the source has it.
fn wordings(figure: &Figure, source: &str) -> Vec<String> {
    match &figure.value {
        Value::Amount { amount, measure } => {
            with_unit(amount_wordings(amount.natural(), source), *measure)
        }
        Value::Ordinal { number } => vec![notation::ordinal(*number)],
        Value::Range { low, high, measure } => match numerals(source).as_slice() {
            [low, high] => {
                let scale = scale(source);
                vec![
                    format!("{low} to {high}{scale}"),
                    format!("{low}-{high}{scale}"),
                ]
            }
            [] => with_unit(range_in_words(*low, *high), *measure),
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
        Value::Several { of, .. } => several(*of),
        Value::Code { text } => vec![text.clone()],
        Value::Name { text } => name(text, text),
        // English has too many ways to say these.
        Value::Fraction { .. } | Value::Multiple { .. } => Vec::new(),
    }
}

/// With the symbol of a unit: `3.500 Kilowattstunden` that became kilowatts has
/// lost nothing else. Hours and years read better in words.
fn with_unit(wordings: Vec<String>, measure: Measure) -> Vec<String> {
    match measure {
        Measure::Unit(unit) if let Some(name) = time_name(unit) => wordings
            .into_iter()
            .map(|wording| match wording.as_str() {
                "one" | "1" => format!("{wording} {name}"),
                _ => format!("{wording} {name}s"),
            })
            .collect(),
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

/// The English name of a unit of time.
fn time_name(unit: Unit) -> Option<&'static str> {
    Some(match unit {
        Unit::Second => "second",
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
        _ => return None,
    })
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
        _ => return Vec::new(),
    };
    vec![word.to_owned()]
}

/// `4,8 Millionen` → `4.8 million`; `drei` → `three`, `3`; `zwei Milliarden` →
/// `two billion`, `2 billion`.
fn amount_wordings(number: Option<u64>, source: &str) -> Vec<String> {
    let numerals = numerals(source);
    match (numerals.as_slice(), number) {
        ([numeral], _) => {
            let mut wordings = vec![format!("{numeral}{}", scale(source))];
            let small = number.filter(|_| scale(source).is_empty());
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
                .collect()
        }
        _ => Vec::new(),
    }
}

/// „drei bis dreieinhalb“ → `three to three and a half`, `3 to 3.5`.
fn range_in_words(low: Decimal, high: Decimal) -> Vec<String> {
    let words = |end: Decimal| {
        let (whole, half) = match end.natural() {
            Some(whole) => (whole, ""),
            None => (end.plus(Decimal::HALF.negated())?.natural()?, " and a half"),
        };
        Some(format!("{}{half}", notation::word(whole)?))
    };
    let in_words = words(low).zip(words(high));
    let in_words = in_words.map(|(low, high)| format!("{low} to {high}"));
    let in_digits = [format!("{low} to {high}"), format!("{low}-{high}")];
    let small = high.to_f64() < 1000.0;
    in_words
        .into_iter()
        .chain(in_digits.into_iter().filter(|_| small))
        .collect()
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
            (
                "Er kam nach zwei Jahren.",
                "He came in the blink of an eye.",
                "two years",
            ),
            (
                "Sie will um zwei Milliarden Euro sparen.",
                "She wants to save.",
                "two billion",
            ),
            ("Dutzende Menschen flohen.", "People fled.", "dozens"),
            (
                "Er spielt drei bis dreieinhalb Stunden.",
                "He plays for a while.",
                "three to three and a half hours",
            ),
        ];
        for (source, target, expected) in cases {
            let wanted = wanted_of(source, target);
            assert_eq!(wanted.len(), 1, "{source}: {wanted:?}");
            assert_eq!(wanted[0][0], expected, "{source}");
        }
    }

    #[test]
    fn what_is_invented_is_unwanted_and_what_is_right_elsewhere_is_not() {
        let unwanted =
            |source: &str, target: &str| unwanted(source, target, &compare(source, target));
        assert_eq!(
            unwanted(
                "Die WM in Doha begann am Freitag.",
                "The 2019 World Championships in Doha began on Friday.",
            ),
            ["The 2019"]
        );
        assert_eq!(
            unwanted(
                "In 3 Jahren ist WM.",
                "In 3 years, in 2019, is the World Cup."
            ),
            ["in 2019"]
        );
        assert!(
            unwanted(
                "Er zündete am 22. Juli 2011 eine Bombe.",
                "On July 22, 2011, he set off a bomb on July 22.",
            )
            .is_empty()
        );
        assert!(unwanted("Er kam an.", "He arrived.").is_empty());
        // Said once too often: the word behind tells it from the right one.
        let source = "Im Vergleich zum Wahlkampf vor dem Brexit-Referendum 2016 sei es leicht.";
        assert_eq!(
            unwanted(
                source,
                "Comparing the 2016 Brexit referendum to the 2016 election, it is easy.",
            ),
            ["2016 election"]
        );
        assert!(unwanted(source, "After the 2016 vote, the 2016 vote is easy.").is_empty());
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
