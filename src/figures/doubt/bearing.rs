//! What a figure is said to be: a start that became a difference, a past that became a
//! future, a count that became a rank.

use std::collections::HashSet;

use super::{NEAR, ahead, beyond, lasts, resolved};
use crate::figures::Figure;
use crate::figures::kind::Kind;
use crate::figures::side::Side;
use crate::figures::value::{Measure, Value};
use crate::words::{head, tail};

/// „von 32,4 auf 35,9 Cent“ ↔ "by 32.4 to 35.9 cents".
pub fn starts_as_differences(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let links: Vec<_> = resolved(source, target).map(|(link, ..)| link).collect();
    let pairs = links.windows(2).filter_map(|pair| {
        let ([first, second], [one, other]) = (
            [pair[0].0, pair[1].0].map(|index| source.figures.get(index)),
            [pair[0].1, pair[1].1].map(|index| target.figures.get(index)),
        );
        let (first, second, one, other) = (first?, second?, one?, other?);
        let starts = stands_between(source.text, first, second, "von", &["auf"])
            && stands_between(target.text, one, other, "by", &["to"]);
        starts.then_some(pair[0])
    });
    pairs.collect()
}

/// „61 weniger als im Vorjahr“ ↔ "down from 61": a difference became a start.
pub fn differences_as_starts(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let mut behind = beyond(source.text, figure).into_iter();
            let compared =
                matches!(behind.next(), Some("weniger" | "mehr")) && behind.next() == Some("als");
            compared && ahead(target.text, other).first() == Some(&"from")
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „stieg um 20 Euro“ ↔ "rose to 20 euros", and the other way: where a movement ended is
/// no difference.
pub fn differences_as_ends(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    resolved(source, target)
        .filter(|((index, _), figure, other)| {
            let german = preposition(source.text, figure, &["um", "auf", "von"]);
            let english = preposition(target.text, other, &["by", "to", "from"]);
            match (german, english) {
                (Some("um"), Some("to")) | (Some("auf"), Some("by")) => {
                    moves(target.text, other) && !is_paired(source, *index)
                }
                _ => false,
            }
        })
        .map(|(link, ..)| link)
        .collect()
}

/// The preposition of a figure, before words of approximation.
fn preposition<'a>(text: &str, figure: &Figure, known: &[&'a str]) -> Option<&'a str> {
    const BETWEEN: [&str; 31] = [
        "geschätzt",
        "geschätzte",
        "schätzungsweise",
        "insgesamt",
        "zuletzt",
        "nun",
        "an",
        "a",
        "total",
        "of",
        "estimated",
        "approximately",
        "roughly",
        "rund",
        "etwa",
        "fast",
        "knapp",
        "gut",
        "mehr",
        "als",
        "weniger",
        "ungefähr",
        "circa",
        "nur",
        "about",
        "around",
        "nearly",
        "almost",
        "more",
        "less",
        "than",
    ];
    let mut words = ahead(text, figure).into_iter();
    let word = words.find(|word| !BETWEEN.contains(word))?;
    known.iter().find(|one| **one == word).copied()
}

/// Whether a verb of movement stands before a figure and its preposition.
fn moves(text: &str, figure: &Figure) -> bool {
    const VERBS: [&str; 36] = [
        "extended",
        "widened",
        "narrowed",
        "expanded",
        "raise",
        "raised",
        "lower",
        "lowered",
        "reduce",
        "reduced",
        "skyrocketed",
        "soared",
        "surged",
        "plunged",
        "slumped",
        "shrank",
        "rose",
        "risen",
        "rises",
        "rise",
        "fell",
        "fallen",
        "falls",
        "fall",
        "increased",
        "increases",
        "increase",
        "decreased",
        "dropped",
        "drops",
        "sank",
        "grew",
        "grown",
        "climbed",
        "declined",
        "jumped",
    ];
    const REACH: usize = 6;
    let mut words = ahead(text, figure).into_iter().take(REACH);
    words.any(|word| VERBS.contains(&word))
}

/// „um 3 auf 7 Prozent“: where both are told, they are compared elsewhere.
fn is_paired(source: &Side<'_>, index: usize) -> bool {
    let joined = |first: Option<usize>| {
        let first = first?;
        let (one, other) = (source.figures.get(first)?, source.figures.get(first + 1)?);
        // „bis Ende August auf 10 Milliarden“
        let dated = matches!(one.kind, Kind::Date | Kind::Time);
        let between = source.text.get(one.span.end..other.span.start)?;
        Some(!dated && matches!(between.trim(), "auf" | "um"))
    };
    [Some(index), index.checked_sub(1)]
        .into_iter()
        .any(|first| joined(first) == Some(true))
}

/// „13 Euro pro Stunde“ ↔ "13 euros": what a sum or a quantity is for is lost.
pub fn lost_rates(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    const PER: [&str; 10] = [
        "per", "a", "an", "each", "every", "apiece", "one", "the", "daily", "hourly",
    ];
    const REACH: usize = 6;
    let english = target.text.to_lowercase();
    let said = |word: &str| {
        english
            .split(|c: char| !c.is_alphanumeric())
            .any(|one| one == word)
    };
    // "an hourly wage of 13 euros", "13 euros for each hour"
    if [
        "each", "every", "apiece", "per", "hourly", "daily", "monthly", "annual", "annually",
    ]
    .iter()
    .any(|word| said(word))
    {
        return Vec::new();
    }
    resolved(source, target)
        .filter(|(_, figure, other)| {
            let behind = source.text.get(figure.span.end..).unwrap_or("");
            let rate = behind.starts_with(" pro ") || behind.starts_with(" je ");
            let measured = matches!(
                figure.value.measure(),
                Some(Measure::Money(_) | Measure::Unit(_))
            );
            let rest = head(target.text.get(other.span.end..).unwrap_or(""), NEAR);
            let mut next = rest
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .take(REACH);
            let named = rest.starts_with('/') || next.any(|word| PER.contains(&word));
            rate && measured && !named
        })
        .map(|(link, ..)| link)
        .collect()
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
    let ends: HashSet<usize> = source.figures.iter().map(|one| one.span.end).collect();
    // "the first time in 20 years" looks back, too.
    let lower = source.text.to_lowercase();
    let looks_back = ["zuletzt", "letzte", "seit"]
        .iter()
        .any(|word| lower.contains(word));
    resolved(source, target)
        .filter(|(_, figure, other)| {
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
            let compared = figure
                .span
                .start
                .checked_sub(" vor ".len())
                .is_some_and(|end| ends.contains(&end));
            let turned = match word(source, figure).as_str() {
                "vor" => word(target, other) == "in" && !past && !compared && !looks_back,
                "in" => next == "ago",
                _ => false,
            };
            lasts(figure) && turned
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
            // „nach 57 Runden schied er aus“ ↔ "on the 57th lap"
            let before = tail(source.text.get(..figure.span.start).unwrap_or(""), NEAR);
            let after = before.trim_end().to_lowercase().ends_with("nach");
            counts && !after && ranks && !other.loose && noun.starts_with(char::is_uppercase)
        })
        .map(|(link, ..)| link)
        .collect()
}
