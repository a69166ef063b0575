//! Bounds that say the opposite, or that nobody set.

use super::{ahead, resolved, unless};
use crate::figures::Figure;
use crate::figures::approximation::Approximation;
use crate::figures::kind::Kind;
use crate::figures::side::Side;
use crate::words::{tail, words};

/// „rund 1.200“ or „1.200“ ↔ "more than 1,200". Human translators never do so with
/// „rund“ (none of 231), and with a bare number where another word says it.
pub fn invented_bounds(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    const HINTS: [&str; 43] = [
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
        "spätest",
        "früh",
        "ab",
        "annähernd",
        "an",
        "einmal",
        "jenseits",
        "oberhalb",
        "unterhalb",
        "beginn",
        "als",
        "nicht",
        "kein",
        "keine",
        "noch",
        "läng",
        "ält",
        "größer",
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
    let invented: Vec<((usize, usize), bool)> = invented
        .map(|(link, figure, _)| (link, figure.approximation.is_some()))
        .collect();
    if invented.is_empty() {
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
    // „etwa 260.000“ is no bound, whatever else is said.
    let invented = invented.into_iter();
    invented
        .filter(|(_, about)| *about || !hinted)
        .map(|(link, _)| link)
        .collect()
}

/// „Bis Dienstag fallen 20 Zentimeter“ ↔ "up to 20 centimeters": a limit that nobody set.
pub fn invented_limits(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    const LIMITS: [&str; 7] = [
        "bis zu ",
        "maxim",
        "höchst",
        "bis auf",
        "oben",
        "teils",
        "teilweise",
    ];
    let limits = resolved(source, target)
        .filter(|(_, figure, other)| {
            let open = matches!(figure.approximation, None | Some(Approximation::About));
            let before = target.text.get(..other.span.start).unwrap_or("");
            let limited = tail(before, 8).to_lowercase().ends_with("up to ");
            let word = ahead(source.text, figure).first().copied().unwrap_or("");
            // "up to third place"
            let ranks = matches!(other.kind, Kind::Ordinal | Kind::Date | Kind::Score);
            // „stieg auf 20“, „5 bis 20“
            !ranks
                && open
                && limited
                && !matches!(word, "auf" | "bis" | "Bis" | "zu" | "an" | "und")
                && !figure.span.of(source.text).contains("bis")
        })
        .map(|(link, ..)| link)
        .collect();
    unless(limits, source.text, &LIMITS)
}

/// Whether the words before a figure can mean a bound alone: "over" and "up to" have
/// other meanings.
fn says_bound(side: &Side<'_>, figure: &Figure) -> bool {
    let before = tail(side.text.get(..figure.span.start).unwrap_or(""), 24);
    let before = before.trim_end().to_lowercase();
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
