//! Addresses of the web and of mail: what is copied letter by letter.

use super::compare::{Check, Mention, Status};
use super::kind::Kind;
use crate::span::Span;

/// Addresses looked at in one text: it bounds the work on hostile input.
const MOST: usize = 32;

/// One check for each address of the source: it stands in the target as it is, or
/// another one does, or none.
pub fn compare(source: &str, target: &str) -> Vec<Check> {
    let here: Vec<Span> = addresses(source).take(MOST).collect();
    if here.is_empty() {
        return Vec::new();
    }
    let lower = target.to_ascii_lowercase();
    let known: Vec<String> = here
        .iter()
        .map(|span| span.of(source).to_ascii_lowercase())
        .collect();
    let mut strange = addresses(target).filter(|span| {
        let other = span.of(target).to_ascii_lowercase();
        !known.iter().any(|one| other.contains(one.as_str()))
    });
    here.iter()
        .zip(&known)
        .map(|(span, address)| {
            let (there, status) = match lower.find(address.as_str()) {
                Some(start) => (Some(Span::new(start, start + address.len())), Status::Kept),
                None => match strange.next() {
                    Some(other) => (Some(other), Status::Changed),
                    None => (None, Status::Missing),
                },
            };
            Check {
                kind: Kind::Code,
                value: address.clone(),
                source: Some(Mention::of(source, *span)),
                target: there.map(|there| Mention::of(target, there)),
                status,
            }
        })
        .collect()
}

fn addresses(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    let parts = text.split(char::is_whitespace).map(move |part| {
        let start = at;
        at += part.len();
        // What separates it may have more bytes than one.
        let gap = text.get(at..).and_then(|rest| rest.chars().next());
        at += gap.map_or(0, char::len_utf8);
        (start, part)
    });
    parts.filter_map(|(start, part)| {
        let inner = part.trim_start_matches(|c: char| !c.is_alphanumeric());
        let begin = start + part.len() - inner.len();
        let inner = inner.trim_end_matches(|c: char| !c.is_alphanumeric());
        is_address(inner).then(|| Span::new(begin, begin + inner.len()))
    })
}

/// `service@bahn.de`, `allestörungen.de`, `www.bahn.de/bonn`: not „20.de“ and not
/// „Ende.Das“.
fn is_address(word: &str) -> bool {
    const DOMAINS: [&str; 18] = [
        "de", "com", "org", "net", "at", "ch", "eu", "info", "io", "fr", "tv", "gov", "edu", "me",
        "uk", "it", "berlin", "bayern",
    ];
    let host = word.rsplit("://").next().unwrap_or(word);
    let host = host.split(['/', '?', '#']).next().unwrap_or(host);
    let host = host.rsplit('@').next().unwrap_or(host);
    let Some((name, domain)) = host.rsplit_once('.') else {
        return false;
    };
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
    DOMAINS.contains(&domain)
        && name.chars().filter(|c| c.is_alphabetic()).count() > 1
        && name.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(source: &str, target: &str) -> Vec<Status> {
        let checks = compare(source, target);
        checks.iter().map(|check| check.status).collect()
    }

    #[test]
    fn addresses_are_copied_letter_by_letter() {
        for (source, target, status) in [
            (
                "Mehr auf allestörungen.de.",
                "More at allestörungen.de.",
                Status::Kept,
            ),
            (
                "Mehr auf allestörungen.de.",
                "More at Allertörungen.de.",
                Status::Changed,
            ),
            (
                "Mehr unter (www.bahn.de/bonn).",
                "More there.",
                Status::Missing,
            ),
            (
                "Mail an service@bahn.de, bitte.",
                "Mail service@bhan.de, please.",
                Status::Changed,
            ),
            (
                "Er kaufte es bei Booking.com.",
                "He bought it at booking.com.",
                Status::Kept,
            ),
        ] {
            assert_eq!(statuses(source, target), [status], "{source}");
        }
    }

    #[test]
    fn sentences_without_a_space_are_none() {
        for source in [
            "Das Ende.Das war es.",
            "Am 20.de",
            "z.B. so",
            "Nr.5",
            "de.de.x",
            "",
        ] {
            assert_eq!(statuses(source, ""), [], "{source}");
        }
    }

    #[test]
    fn spans_are_those_of_the_text() {
        let text = "a\u{a0}\u{2003}b „x-y.de“ und za@qu.com!";
        let found: Vec<&str> = addresses(text).map(|span| span.of(text)).collect();
        assert_eq!(found, ["x-y.de", "za@qu.com"]);
    }
}
