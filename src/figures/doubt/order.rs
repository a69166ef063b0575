//! Ranges that were turned round, and dates whose parts went astray.

use std::collections::{HashMap, HashSet};

use super::resolved;
use crate::figures::side::Side;
use crate::figures::value::{Measure, Value};

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

/// „freitags bis sonntags“ ↔ "on Fridays and Sundays": what lies between is lost.
pub fn parted_days(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let links: Vec<_> = resolved(source, target).collect();
    let parted = links.windows(2).filter_map(|pair| {
        let [((first, there), day, _), ((next, other), last, _)] = [pair.first()?, pair.get(1)?];
        let days = [day, last]
            .iter()
            .all(|figure| matches!(figure.value, Value::Weekday { .. }));
        let parted = is_joined(source, *first, *next, &["bis"])
            && is_joined(target, *there, *other, &["and", "or"]);
        (days && parted).then_some((*first, *there))
    });
    parted.collect()
}

/// Whether one of these words alone stands between two figures.
fn is_joined(side: &Side<'_>, first: usize, last: usize, words: &[&str]) -> bool {
    let ends = side.figures.get(first).zip(side.figures.get(last));
    let between = ends.and_then(|(one, other)| side.text.get(one.span.end..other.span.start));
    between.is_some_and(|between| words.contains(&between.trim()))
}

/// „12 der 16 Länder“ ↔ "16 of the 12 states": the part and the whole.
pub fn turned_shares(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let links: Vec<_> = resolved(source, target).map(|(link, ..)| link).collect();
    let mut turned = Vec::new();
    for pair in links.windows(2) {
        let [(part, there), (whole, before)] = [pair[0], pair[1]];
        let neighbours = part + 1 == whole && before + 1 == there;
        if neighbours
            && is_joined(source, part, whole, &["der", "von", "von den", "aus"])
            && is_joined(
                target,
                before,
                there,
                &["of", "of the", "out of", "out of the"],
            )
        {
            turned.extend(pair);
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
