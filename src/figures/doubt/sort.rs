//! What a number is: a share, a rank and a count are written with the same numeral.

use super::measure::counts_noun;
use super::{ahead, beyond, lasts, resolved, unless};
use crate::figures::Figure;
use crate::figures::side::Side;
use crate::figures::value::{Measure, Value};

/// „jedes vierte Kind“ ↔ "four children", „ein Fünftel“ ↔ "five": a share became a count.
pub fn counted_shares(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    // "one in four", "every three days"
    const SHARED: [&str; 10] = [
        "in", "of", "every", "each", "per", "to", "by", "with", "than", "out",
    ];
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let share = matches!(
                figure.value,
                Value::Fraction { numerator: 1, denominator } if denominator > 2
            );
            let before = ahead(target.text, other);
            let shared = before.iter().take(2).any(|word| SHARED.contains(word));
            share && counts(other) && !shared
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „den vierten Platz“ ↔ "four places", „zum dritten Mal“ ↔ "by three": a rank became a
/// count. In „im dritten Jahr“ ↔ "after three years" it is none.
pub fn counted_ranks(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            // "division one", "the fourth in four games"
            let ranks = matches!(figure.value, Value::Ordinal { number: 2.. });
            let behind = beyond(target.text, other);
            let next = behind.first().copied().unwrap_or("");
            let before = ahead(target.text, other).first().copied().unwrap_or("");
            let many = next.ends_with('s')
                && next.starts_with(char::is_lowercase)
                && before != "in"
                && !before.starts_with(char::is_uppercase);
            let time = matches!(
                next,
                "years"
                    | "days"
                    | "months"
                    | "weeks"
                    | "hours"
                    | "times"
                    | "minutes"
                    | "seconds"
                    | "decades"
                    | "was"
                    | "is"
                    | "has"
                    | "as"
                    | "points"
            );
            let by = before == "by" && next.is_empty();
            ranks && counts(other) && (many && !time || by)
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „seit 25 Jahren“ ↔ "for the 25th year": a length of time became a rank.
pub fn ranked_lengths(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let ranks = matches!(other.value, Value::Ordinal { .. }) && !other.loose;
            let behind = beyond(target.text, other);
            let row = behind
                .iter()
                .take(4)
                .any(|word| matches!(*word, "row" | "time" | "straight" | "consecutive"));
            lasts(figure) && ranks && row
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „zum siebten Mal“ ↔ "in seventh place", and the other way.
pub fn placed_times(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let (german, english) = (beyond(source.text, figure), beyond(target.text, other));
            let noun = german.first().copied().unwrap_or("");
            let there = english.first().copied().unwrap_or("");
            match noun {
                "Mal" | "Male" => matches!(there, "place" | "spot" | "position" | "rank"),
                "Platz" | "Rang" | "Stelle" => matches!(there, "time" | "times"),
                _ => false,
            }
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „97 Menschen“ ↔ "people under the age of 97": a count became an age.
pub fn aged_counts(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    const AGED: [&str; 5] = ["jähr", "alt", "älter", "jünger", "jahr"];
    let aged: Vec<(usize, usize)> = resolved(source, target)
        .filter(|(_, figure, other)| {
            let mut before = ahead(target.text, other).into_iter();
            let said = match before.next() {
                Some("of") => matches!(before.next(), Some("age" | "ages")),
                Some("aged" | "age" | "ages") => true,
                _ => false,
            };
            let behind = source.text.get(figure.span.end..).unwrap_or("");
            counts(figure) && said && counts_noun(behind)
        })
        .map(|(link, ..)| link)
        .collect();
    unless(aged, source.text, &AGED)
}

fn counts(figure: &Figure) -> bool {
    matches!(
        figure.value,
        Value::Amount {
            measure: Measure::Count,
            ..
        }
    )
}
