//! What is said of a figure whose number was kept: a bound that nobody set, a start that
//! became a difference, a past that became a future, a count that became a rank.

use super::Figure;
use super::approximation::Approximation;
use super::doubt::resolved;
use super::side::Side;
use super::unit::Dimension;
use super::value::{Measure, Value};
use crate::words::words;

/// „rund 1.200“ or „1.200“ ↔ "more than 1,200". Human translators never do so with
/// „rund“ (none of 231), and with a bare number where another word says it.
pub fn invented_bounds(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    const HINTS: [&str; 27] = [
        "mehr",
        "über",
        "übersteig",
        "mindest",
        "minim",
        "wenig",
        "unter",
        "knapp",
        "fast",
        "nahezu",
        "beinahe",
        "gut",
        "gute",
        "guten",
        "gutes",
        "bald",
        "höchst",
        "maxim",
        "bis",
        "kaum",
        "zumindest",
        "plus",
        "allein",
        "schon",
        "bereits",
        "später",
        "ab",
    ];
    let invented = resolved(source, target).filter(|(_, figure, other)| {
        let open = matches!(figure.approximation, None | Some(Approximation::About));
        let bound = match other.approximation {
            None | Some(Approximation::About) => false,
            Some(
                Approximation::Nearly
                | Approximation::Over
                | Approximation::Under
                | Approximation::AtLeast
                | Approximation::AtMost,
            ) => true,
        };
        let digits = other
            .span
            .of(target.text)
            .contains(|c: char| c.is_ascii_digit());
        open && bound && digits && says_bound(target, other)
    });
    let mut invented = invented.map(|(link, ..)| link).peekable();
    if invented.peek().is_none() {
        return Vec::new();
    }
    let hinted = words(source.text).any(|span| {
        let word = span.of(source.text).to_lowercase();
        let begins = |hint: &&str| word.starts_with(*hint);
        // „gutachten“, „absolut“ are no hints.
        HINTS.iter().any(|hint| match hint.len() {
            ..=3 => word == **hint,
            _ => begins(hint),
        })
    });
    match hinted {
        true => Vec::new(),
        false => invented.collect(),
    }
}

/// Whether the words before a figure can mean a bound alone: "over" and "up to" have
/// other meanings.
fn says_bound(side: &Side<'_>, figure: &Figure) -> bool {
    let before = side.text.get(..figure.span.start).unwrap_or("").trim_end();
    let before = before.to_lowercase();
    [
        "more than",
        "less than",
        "fewer than",
        "at least",
        "at most",
        "nearly",
        "almost",
    ]
    .iter()
    .any(|bound| before.ends_with(bound))
}

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

#[cfg(test)]
mod tests {
    use crate::figures::{Status, compare, repair};

    #[track_caller]
    fn is_changed(source: &str, target: &str) {
        let checks = compare(source, target);
        assert!(
            checks.iter().any(|check| check.status == Status::Changed),
            "{target}"
        );
    }

    #[track_caller]
    fn is_right(source: &str, target: &str) {
        let checks = compare(source, target);
        assert!(
            checks.iter().all(|check| check.status.resolved()),
            "{target}"
        );
    }

    #[track_caller]
    fn becomes(source: &str, target: &str, expected: &str) {
        let repaired = repair(source, target).expect("a repair");
        assert_eq!(repaired.text, expected);
    }

    #[test]
    fn bounds_that_nobody_set_go() {
        becomes(
            "Man gedachte der rund 1.200 Toten.",
            "More than 1,200 dead were remembered.",
            "About 1,200 dead were remembered.",
        );
        becomes(
            "Seit 57 Tagen protestieren sie.",
            "They have protested for more than 57 days.",
            "They have protested for 57 days.",
        );
        is_right("Die Zahl überstieg 57.", "The number was more than 57.");
        is_right("Der Weg von 57 Metern.", "The way over 57 metres.");
    }

    #[test]
    fn a_start_is_no_difference() {
        becomes(
            "Sie erhöhen den Preis von 32,4 auf 35,9 Cent.",
            "They will increase the price by 32.4 to 35.9 cents.",
            "They will increase the price from 32.4 to 35.9 cents.",
        );
        is_right("Er stieg um 3 auf 7 Prozent.", "It rose by 3 to 7 percent.");
    }

    #[test]
    fn the_past_is_not_the_future() {
        is_changed(
            "Die Aufzeichnungen begannen vor 175 Jahren.",
            "Records started in 175 years.",
        );
        is_changed("Sie kommt in drei Tagen.", "She came three days ago.");
        is_right("Er ging vor drei Tagen.", "He left three days ago.");
        is_right(
            "Er ging vor drei Jahren.",
            "He left in the three years before.",
        );
        is_right("Es geschah in drei Jahren.", "It happened in three years.");
    }

    #[test]
    fn counts_and_multiples_are_no_ranks() {
        is_changed("Das Rennen über 57 Runden.", "He won the 57th lap.");
        is_changed("Das ist das Fünffache.", "That is the fifth.");
        is_right("Er kam auf Platz drei.", "He came third.");
        is_right("Das muss erst einmal sein.", "That must be first.");
    }
}
