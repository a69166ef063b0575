//! Terms: from when on, and until when.

use std::collections::HashMap;

use super::{ahead, resolved, unless};
use crate::figures::Figure;
use crate::figures::kind::Kind;
use crate::figures::side::Side;
use crate::figures::value::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Term {
    From,
    Until,
}

/// „ab 2027“ ↔ "until 2027", „frühestens 2031“ ↔ "by 2031": a beginning that became an
/// end, or the other way.
pub fn turned_terms(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let mut counts: HashMap<&Value, usize> = HashMap::new();
    for figure in &source.figures {
        *counts.entry(&figure.value).or_default() += 1;
    }
    let turned = resolved(source, target)
        .filter(|(_, figure, other)| {
            // „bis 1964 in Rom und von 1964 an in Wien“
            figure.kind == Kind::Date
                && counts.get(&figure.value) == Some(&1)
                && matches!(other.kind, Kind::Date | Kind::Number)
                && match (term(source, figure, german), term(target, other, english)) {
                    (Some(one), Some(there)) => one != there,
                    _ => false,
                }
        })
        .map(|(link, ..)| link)
        .collect();
    // "by 2031 at the earliest"
    unless(turned, target.text, &["earliest", "latest"])
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
    [
        lost(source, target, ["frühestens", "Frühestens"], &EARLIEST),
        lost(source, target, ["spätestens", "Spätestens"], &LATEST),
    ]
    .concat()
}

/// The figures behind one of these words, unless the target says it in some way.
fn lost(
    source: &Side<'_>,
    target: &Side<'_>,
    german: [&str; 2],
    english: &[&str],
) -> Vec<(usize, usize)> {
    const REACH: usize = 4;
    let told = resolved(source, target).filter(|(_, figure, _)| {
        let before = ahead(source.text, figure);
        before.iter().take(REACH).any(|word| german.contains(word))
    });
    unless(told.map(|(link, ..)| link).collect(), target.text, english)
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
