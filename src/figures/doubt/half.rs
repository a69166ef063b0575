//! Halves of the day.

use super::{resolved, unless};
use crate::figures::side::Side;
use crate::figures::value::Value;

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
    unless(spoken, source.text, &EARLY)
}
