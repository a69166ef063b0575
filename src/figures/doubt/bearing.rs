//! What a figure is said to be: a start that became a difference, a past that became a
//! future, a count that became a rank.

use super::resolved;
use crate::figures::Figure;
use crate::figures::side::Side;
use crate::figures::unit::Dimension;
use crate::figures::value::{Measure, Value};

/// „von 32,4 auf 35,9 Cent“ ↔ "by 32.4 to 35.9 cents".
pub fn starts_as_differences(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let links: Vec<_> = resolved(source, target).map(|(link, ..)| link).collect();
    let pairs = links.windows(2).filter_map(|pair| {
        let ([first, second], [one, other]) = (
            [pair[0].0, pair[1].0].map(|index| source.figures.get(index)),
            [pair[0].1, pair[1].1].map(|index| target.figures.get(index)),
        );
        let (first, second, one, other) = (first?, second?, one?, other?);
        let german = stands_between(source.text, first, second, "von", &["auf"]);
        let english = stands_between(target.text, one, other, "by", &["to"]);
        (german && english).then_some(pair[0])
    });
    pairs.collect()
}

/// Whether a word stands right before the first figure and another one between both.
fn stands_between(text: &str, first: &Figure, second: &Figure, word: &str, to: &[&str]) -> bool {
    let before = text.get(..first.span.start).unwrap_or("").trim_end();
    let between = text.get(first.span.end..second.span.start).unwrap_or("");
    let last = before.rsplit(|c: char| !c.is_alphabetic()).next();
    last == Some(word) && to.contains(&between.trim())
}

/// „vor 175 Jahren“ ↔ "in 175 years", „in drei Tagen“ ↔ "three days ago".
pub fn turned_times(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let lasts = matches!(
                figure.value,
                Value::Amount { measure: Measure::Unit(unit), .. }
                    if unit.dimension() == Dimension::Time
            );
            let word = |side: &Side<'_>, figure: &Figure| -> String {
                let before = side.text.get(..figure.span.start).unwrap_or("").trim_end();
                let last = before.rsplit(|c: char| !c.is_alphabetic()).next();
                last.unwrap_or("").to_lowercase()
            };
            let behind = target.text.get(other.span.end..).unwrap_or("").trim_start();
            let next = behind
                .split(|c: char| !c.is_alphabetic())
                .next()
                .unwrap_or("");
            let past = matches!(
                next,
                "ago" | "before" | "earlier" | "previously" | "prior" | "back"
            );
            // „von 36 Prozent vor fünf Jahren auf 24“ ↔ "from 36 to 24 percent in five years"
            let compared = source
                .figures
                .iter()
                .any(|one| one.span.end + " vor ".len() == figure.span.start);
            let turned = match word(source, figure).as_str() {
                "vor" => word(target, other) == "in" && !past && !compared,
                "in" => next == "ago",
                _ => false,
            };
            lasts && turned
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „das Rennen über 57 Runden“ ↔ "the 57th lap": what was counted is ranked. What
/// follows its rank („Platz drei“, „Minute 57“) is none of these.
pub fn ranked_counts(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let counts = matches!(
                figure.value,
                Value::Amount {
                    measure: Measure::Count,
                    ..
                }
            );
            let ranks = matches!(other.value, Value::Ordinal { .. });
            let behind = source.text.get(figure.span.end..).unwrap_or("");
            let noun = behind.strip_prefix(' ').unwrap_or("");
            counts && ranks && !other.loose && noun.starts_with(char::is_uppercase)
        })
        .map(|(link, ..)| link)
        .collect()
}
