//! Terms: from when on, and until when.

use super::{ahead, resolved};
use crate::figures::Figure;
use crate::figures::kind::Kind;
use crate::figures::side::Side;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Term {
    From,
    Until,
}

/// „ab 2027“ ↔ "until 2027", „frühestens 2031“ ↔ "by 2031": a beginning that became an
/// end, or the other way.
pub fn turned_terms(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    // "by 2031 at the earliest"
    let lower = target.text.to_lowercase();
    let told = ["earliest", "latest"]
        .iter()
        .any(|word| lower.contains(word));
    resolved(source, target)
        .filter(|_| !told)
        .filter(|(_, figure, other)| {
            // „bis 1964 in Rom und von 1964 an in Wien“
            let mut same = source
                .figures
                .iter()
                .filter(|one| one.value == figure.value);
            figure.kind == Kind::Date
                && same.nth(1).is_none()
                && matches!(other.kind, Kind::Date | Kind::Number)
                && match (term(source, figure, german), term(target, other, english)) {
                    (Some(one), Some(there)) => one != there,
                    _ => false,
                }
        })
        .map(|(link, ..)| link)
        .collect()
}

/// „frühestens im Mai“ ↔ "in May": which end it is the nearest of is lost.
pub fn lost_terms(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    const EARLIEST: [&str; 13] = [
        "earliest", "soonest", "before", "earlier", "sooner", "least", "until", "from ", "after",
        "onward", "start", "begin", "minimum",
    ];
    const LATEST: [&str; 11] = [
        "latest", "later", "by ", "before", "until", "deadline", "most", "within", "end ",
        "maximum", "soon",
    ];
    const REACH: usize = 4;
    let lower = target.text.to_lowercase();
    let is_said = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let (earliest, latest) = (is_said(&EARLIEST), is_said(&LATEST));
    if earliest && latest {
        return Vec::new();
    }
    resolved(source, target)
        .filter(|(_, figure, _)| {
            let before = ahead(source.text, figure);
            let mut near = before.iter().take(REACH);
            near.any(|word| match *word {
                "frühestens" | "Frühestens" => !earliest,
                "spätestens" | "Spätestens" => !latest,
                _ => false,
            })
        })
        .map(|(link, ..)| link)
        .collect()
}

/// What is said of a date by the words right before it.
fn term(side: &Side<'_>, figure: &Figure, read: fn(&str) -> Option<Option<Term>>) -> Option<Term> {
    const REACH: usize = 4;
    let words = ahead(side.text, figure);
    // The word that is nearest decides, past those that say nothing of it.
    words
        .into_iter()
        .take(REACH)
        .map(|word| read(&word.to_lowercase()))
        .take_while(Option::is_some)
        .flatten()
        .flatten()
        .next()
}

/// The term that a word tells; within `Some(None)` it may stand between.
fn german(word: &str) -> Option<Option<Term>> {
    Some(match word {
        "ab" | "seit" | "frühestens" => Some(Term::From),
        "bis" | "spätestens" => Some(Term::Until),
        "dem" | "zum" | "zur" | "jahr" | "jahre" | "ende" | "anfang" | "mitte" | "am" | "im"
        | "in" | "den" | "mindestens" => None,
        _ => return None,
    })
}

fn english(word: &str) -> Option<Option<Term>> {
    Some(match word {
        "from" | "since" | "after" | "starting" => Some(Term::From),
        "by" | "until" | "till" => Some(Term::Until),
        "the" | "end" | "of" | "early" | "mid" | "late" | "year" | "on" => None,
        _ => return None,
    })
}
