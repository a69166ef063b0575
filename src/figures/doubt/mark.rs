//! Figures that are written as another language, or another code, would have it.

use std::collections::HashSet;

use super::resolved;
use crate::figures::Figure;
use crate::figures::notation;
use crate::figures::side::Side;
use crate::figures::value::Value;
use crate::words::head;

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

/// „zwischen 12 und 15 Uhr“ ↔ "between 12 and 15 a.m.": no half of the day has so many
/// hours.
pub fn impossible_hours(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, _, other)| {
            // Behind a figure, its half of the day is at most so far away.
            const NEAR: usize = 16;
            let text = target.text.get(other.span.start..).unwrap_or("");
            let text = head(text, other.span.len() + NEAR);
            let end = other.span.len() + " a.m".len();
            let numerals = notation::spans(text).take_while(|span| span.end <= end);
            let mut behind = numerals.map(|span| (span, text.get(span.end..).unwrap_or("")));
            behind.any(|(span, rest)| {
                let hours = span.of(text).split(['.', ',']).next().unwrap_or("");
                let late = hours
                    .parse()
                    .is_ok_and(|hour: u8| (13..=24).contains(&hour));
                let minutes = rest.strip_prefix(':').and_then(|rest| rest.get(2..));
                let rest = minutes.unwrap_or(rest).trim_start();
                let minute = text
                    .get(..span.start)
                    .is_some_and(|head| head.ends_with(':'));
                late && !minute
                    && ["a.m", "p.m", "am ", "pm ", "am.", "pm."]
                        .iter()
                        .any(|half| rest.starts_with(half))
            })
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „14.20 Uhr“ ↔ "14:20 a.m.", „16.448.333“ ↔ "16.448.333", „die 12. und 67. Minute“
/// ↔ "the 12th. and 67th minute":
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
