//! Lengths of time that became ages, and ages that are told as decades.

use super::resolved;
use crate::figures::Figure;
use crate::figures::side::Side;
use crate::figures::unit::{Dimension, Unit};
use crate::figures::value::{Measure, Value};
use crate::span::Span;

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
            let old = ["alt", "geboren"]
                .iter()
                .any(|word| behind.starts_with(word));
            aged && (compared || short && !since && !old)
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

/// „der 45-Jährige“ ↔ "for 45 years", „drei Jahre älter“ ↔ "three years younger".
pub fn other_ages(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let text = figure.span.of(source.text);
            let person = text.contains("-Jährige") || text.contains("jährige ");
            let before = target.text.get(..other.span.start).unwrap_or("");
            let lasts = before.ends_with("for ")
                && other.value.measure() == Some(Measure::Unit(Unit::Year));
            let next = |text: &str, span: Span| -> String {
                let rest = text.get(span.end..).unwrap_or("").trim_start();
                rest.chars().take_while(|c| c.is_alphabetic()).collect()
            };
            let (german, english) = (
                next(source.text, figure.span),
                next(target.text, other.span),
            );
            let turned = german.starts_with("älter") && english == "younger"
                || german.starts_with("jünger") && english == "older";
            person && lasts || turned
        })
        .map(|(link, ..)| link)
        .collect()
}
