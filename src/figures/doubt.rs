//! Figures whose number was kept and whose meaning was not: a measure that is
//! lost or invented, a bound that was turned round.

use super::Figure;
use super::approximation::Approximation;
use super::side::Side;
use super::unit::{Currency, Dimension, Unit};
use super::value::{Measure, Value};
use std::collections::{HashMap, HashSet};

/// The figures that seem right, each with its position and its partner.
pub fn resolved<'a>(
    source: &'a Side<'_>,
    target: &'a Side<'_>,
) -> impl Iterator<Item = ((usize, usize), &'a Figure, &'a Figure)> {
    source
        .figures
        .iter()
        .zip(&source.links)
        .enumerate()
        .filter_map(|(index, (figure, link))| {
            let link = (*link).filter(|link| link.status.resolved())?;
            let other = target.figures.get(link.partner)?;
            Some(((index, link.partner), figure, other))
        })
}

/// „25 Prozent“ ↔ "25". A measure that another figure of the translation names
/// may be left out: "between 25 and 30 percent".
pub fn lost_measures(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let mut named: Vec<Measure> = Vec::new();
    for measure in target.figures.iter().filter_map(|f| f.value.measure()) {
        if !named.contains(&measure) {
            named.push(measure);
        }
    }
    resolved(source, target)
        .filter(|(_, figure, other)| match (&figure.value, &other.value) {
            (Value::Amount { measure, .. }, Value::Amount { measure: kept, .. }) => {
                *kept == Measure::Count
                    && must_be_named(*measure)
                    && !figure.loose
                    && !named.contains(measure)
            }
            _ => false,
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „540 Firmen“ ↔ "540 percent": what the source counts has become a share or a sum.
/// In „von 5 auf 10 Prozent“ the first number has no measure of its own. Units, and
/// currencies of other countries, may be words that are not known in German; but in
/// „1.240 von 3.600 Kilometern“ ↔ "1,240 miles of 3,600 kilometers" the source measures
/// the same in another unit.
pub fn invented_measures(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let measures = source.figures.iter().filter_map(|f| f.value.measure());
    let named: HashSet<Unit> = measures
        .filter_map(|measure| match measure {
            Measure::Unit(unit) => Some(unit),
            Measure::Count
            | Measure::Money(_)
            | Measure::Percent
            | Measure::PercentagePoints
            | Measure::PerMille
            | Measure::Age => None,
        })
        .collect();
    let is_strange = |unit: Unit| {
        let dimension = unit.dimension();
        // „drei der sechs Monate“ may be "three months".
        dimension != Dimension::Time
            && !named.contains(&unit)
            && named.iter().any(|one| one.dimension() == dimension)
    };
    resolved(source, target)
        .filter(|(_, figure, other)| match (&figure.value, &other.value) {
            (Value::Amount { measure, .. }, Value::Amount { measure: new, .. }) => {
                let rest = source.text.get(figure.span.end..).unwrap_or("");
                let known = match new {
                    Measure::Percent | Measure::PercentagePoints | Measure::PerMille => true,
                    Measure::Money(currency) => matches!(currency, Currency::Eur | Currency::Usd),
                    Measure::Count | Measure::Age | Measure::Unit(_) => false,
                };
                let strange = matches!(new, Measure::Unit(unit) if is_strange(*unit));
                *measure == Measure::Count && (known && counts_noun(rest) || strange)
            }
            _ => false,
        })
        .map(|(link, ..)| link)
        .collect()
}

/// Whether what follows a number in German is the noun that it counts.
fn counts_noun(rest: &str) -> bool {
    // „US“ and „Mio“ are shorter.
    const SHORTEST: usize = 4;
    let Some(word) = rest.strip_prefix(' ') else {
        return false;
    };
    let end = word.find(|c: char| !c.is_alphabetic());
    let word = word.get(..end.unwrap_or(word.len())).unwrap_or("");
    word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() >= SHORTEST
}

/// Ages and lengths of time go without their unit: "he died at 82".
fn must_be_named(measure: Measure) -> bool {
    match measure {
        Measure::Count | Measure::Age => false,
        Measure::Unit(unit) => unit.dimension() != Dimension::Time,
        Measure::Percent | Measure::PercentagePoints | Measure::PerMille | Measure::Money(_) => {
            true
        }
    }
}

/// „um 57 Tage nach dem Hund zu suchen“ ↔ "to look for a 57-day-old dog": a
/// length of time that became an age. Behind „seit“ and „nach“ it may be one: "the
/// 57-day-old war"; and so may years, which people have.
pub fn invented_ages(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let unit = match figure.value.measure() {
                Some(Measure::Unit(unit)) => unit,
                _ => return false,
            };
            let short = unit.dimension() == Dimension::Time && unit != Unit::Year;
            let there = target.text.get(other.span.start..).unwrap_or("");
            let phrase = there.split([' ', ',']).next().unwrap_or("");
            let aged = phrase.ends_with("-old");
            let before = source.text.get(..figure.span.start).unwrap_or("");
            let word = before.trim_end().rsplit(' ').next().unwrap_or("");
            let since = ["seit", "nach"]
                .iter()
                .any(|known| word.eq_ignore_ascii_case(known));
            let behind = source
                .text
                .get(figure.span.end..)
                .unwrap_or("")
                .trim_start();
            // „seine zwei Jahre jüngere Schwester“ ↔ "his two-year-old sister".
            let compared = ["jünger", "älter"]
                .iter()
                .any(|word| behind.starts_with(word));
            aged && (compared || short && !since && !behind.starts_with("alt"))
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „Mitte 50“ ↔ "50": an age that is told as a decade has become a year.
pub fn narrowed_ages(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let text = figure.span.of(source.text);
            let about = ["Anfang ", "Mitte ", "Ende "]
                .iter()
                .any(|word| text.starts_with(word));
            let decade = |figure: &Figure| matches!(figure.value, Value::Decade { .. });
            about && decade(figure) && !decade(other)
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „um halb neun“ ↔ "at 8:30 p.m.": a half of the day that the source does not say.
pub fn invented_halves(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    const EARLY: [&str; 6] = ["früh", "morgen", "vormittag", "nacht", "nächt", "mittag"];
    let spoken: Vec<(usize, usize)> = resolved(source, target)
        .filter(|(_, figure, other)| match (&figure.value, &other.value) {
            (Value::Time { hour, .. }, Value::Time { meridiem, .. }) => {
                let text = figure.span.of(source.text);
                let halved = *hour < 13 && !figure.loose;
                let told = text.contains(|c: char| c.is_ascii_digit()) || text.ends_with("Uhr");
                halved && meridiem.is_some() && !told
            }
            _ => false,
        })
        .map(|(link, ..)| link)
        .collect();
    if spoken.is_empty() {
        return spoken;
    }
    let lower = source.text.to_lowercase();
    match EARLY.iter().any(|stem| lower.contains(stem)) {
        true => Vec::new(),
        false => spoken,
    }
}

/// „450 bis 500“ ↔ "500 to 450": both ends are there, the wrong way round.
pub fn turned_ranges(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let ends: Vec<(usize, usize)> = (1..target.figures.len())
        .filter(|&last| is_range(target, last, &["to", "until", "till"], ("between", "and")))
        .map(|last| (last - 1, last))
        .collect();
    let partner = |index: usize| {
        let link = source.links.get(index).copied().flatten()?;
        link.status.resolved().then_some(link.partner)
    };
    let mut owners: HashMap<usize, usize> = HashMap::new();
    for index in 0..source.figures.len() {
        if let Some(target) = partner(index) {
            owners.entry(target).or_insert(index);
        }
    }
    let mut turned = Vec::new();
    for (first, last) in ends {
        let Some(&index) = owners.get(&last) else {
            continue;
        };
        let next = index + 1;
        let high = source.figures.get(index).map(|figure| &figure.value);
        let there = target.figures.get(first).map(|figure| &figure.value);
        // One figure of the source, and its lower end stands behind.
        let whole = match (high, there) {
            (Some(Value::Range { high, .. }), Some(Value::Amount { amount, .. })) => high == amount,
            _ => false,
        };
        if whole {
            turned.push((index, last));
        } else if partner(next) == Some(first)
            && is_range(source, next, &["bis"], ("zwischen", "und"))
        {
            turned.extend([(index, last), (next, first)]);
        }
    }
    turned
}

/// Whether a figure and the one before it are the ends of a range.
fn is_range(side: &Side<'_>, last: usize, words: &[&str], pair: (&str, &str)) -> bool {
    let one = last
        .checked_sub(1)
        .and_then(|first| side.figures.get(first));
    let Some((one, other)) = one.zip(side.figures.get(last)) else {
        return false;
    };
    let between = side.text.get(one.span.end..other.span.start);
    let between = between.unwrap_or("").trim();
    let before = side.text.get(..one.span.start).unwrap_or("").trim_end();
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next();
    let opened = word.is_some_and(|word| word.eq_ignore_ascii_case(pair.0));
    words.contains(&between) || matches!(between, "-" | "–") || opened && between == pair.1
}

/// Dates whose parts are all there and stand where they say something else:
/// „29. September 1932“ ↔ "September 1932, 29", „September 1955“ ↔ "September
/// 30".
pub fn scattered_dates(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let days: HashSet<u64> = source
        .figures
        .iter()
        .filter_map(|figure| day_of(&figure.value))
        .collect();
    let mut parts: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, link) in target.links.iter().enumerate() {
        if let Some(link) = link {
            parts.entry(link.partner).or_default().push(index);
        }
    }
    let mut scattered = Vec::new();
    for (link, figure, _) in resolved(source, target) {
        let Value::Date {
            year,
            month: Some(month),
            day,
        } = figure.value
        else {
            continue;
        };
        // Its partner may count other parts to another figure.
        let own = parts.remove(&link.0).unwrap_or_default();
        let own = own.into_iter().chain([link.1]);
        let mut own = own.filter_map(|index| Some((index, target.figures.get(index)?)));
        let wrong = own.any(|(index, part)| {
            let Value::Date {
                year: there,
                month: Some(same),
                day: its_day,
            } = part.value
            else {
                return false;
            };
            if same != month {
                return false;
            }
            let invented =
                day.is_none() && its_day.is_some_and(|its_day| !days.contains(&u64::from(its_day)));
            // A number right behind it is read as its year or its day.
            let follower = target.figures.get(index + 1).filter(|next| {
                let gap = target.text.get(part.span.end..next.span.start);
                let number = matches!(
                    next.value,
                    Value::Amount {
                        measure: Measure::Count,
                        ..
                    }
                ) || matches!(next.value, Value::Date { month: None, .. });
                number && matches!(gap, Some(" " | ", "))
            });
            let follows = follower.is_some_and(|next| match (there, &next.value) {
                (Some(_), _) => {
                    day.is_some()
                        && its_day.is_none()
                        && number_of(&next.value) == day.map(u64::from)
                }
                (None, value) => year.is_some() && number_of(value) != year.map(u64::from),
            });
            invented || follows
        });
        if wrong {
            scattered.push(link);
        }
    }
    scattered
}

/// The day that a value names, as a date or as an ordinal.
fn day_of(value: &Value) -> Option<u64> {
    match value {
        Value::Date { day, .. } => day.map(u64::from),
        Value::Ordinal { number } => Some(*number),
        _ => None,
    }
}

/// The number that a bare numeral is.
fn number_of(value: &Value) -> Option<u64> {
    match value {
        Value::Amount { amount, .. } => amount.natural(),
        Value::Date {
            year,
            month: None,
            day: None,
        } => year.map(u64::from),
        _ => None,
    }
}

/// „OG-59“ ↔ "OG-43": the digits are found elsewhere, and the same letters stand
/// before others.
pub fn other_codes(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let letters = |text: &str| -> String {
        let letters = text.chars().take_while(|c| !c.is_ascii_digit());
        letters.filter(|c| c.is_alphabetic()).collect()
    };
    let codes: HashSet<String> = target
        .figures
        .iter()
        .filter_map(|figure| match &figure.value {
            Value::Code { text } => Some(letters(text)),
            _ => None,
        })
        .collect();
    resolved(source, target)
        .filter(|(_, figure, other)| match (&figure.value, &other.value) {
            (Value::Code { .. }, Value::Code { .. }) => false,
            (Value::Code { text }, _) => {
                let letters = letters(text);
                letters.len() > 1 && codes.contains(&letters)
            }
            _ => false,
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „14.20 Uhr“ ↔ "14:20 a.m.", „16.448.333“ ↔ "16.448.333", „die 12. und 67. Minute“ ↔ "the 12th. and 67th minute":
/// the value is the same, and English does not write it so.
pub fn german_marks(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let marks = |side: &Side<'_>, figure: &Figure| {
                let numeral = figure.span.of(side.text).split(char::is_whitespace);
                numeral
                    .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
                    .any(|word| word.matches('.').count() > 1)
            };
            let amount = matches!(figure.value, Value::Amount { .. });
            let behind = target.text.get(other.span.end..).unwrap_or("");
            let stopped = matches!(other.value, Value::Ordinal { .. })
                && other.span.of(target.text).ends_with(char::is_alphabetic)
                && behind
                    .strip_prefix(". ")
                    .is_some_and(|rest| rest.starts_with(char::is_lowercase));
            let halved = matches!(other.value, Value::Time { hour: 13.., .. })
                && [" a.m", " p.m", " am ", " pm "]
                    .iter()
                    .any(|half| behind.starts_with(half));
            stopped || halved || amount && marks(source, figure) && marks(target, other)
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „mehr als 100“ ↔ "less than 100", and „keine 100“ ↔ "no 100".
pub fn contradictions(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let bounds = figure.approximation.zip(other.approximation);
            let before = target.text.get(..other.span.start).unwrap_or("");
            let denied =
                figure.approximation == Some(Approximation::Under) && before.ends_with(" no ");
            denied || bounds.is_some_and(|(one, other)| one.contradicts(other))
        })
        .map(|(link, ..)| link)
        .collect()
}
