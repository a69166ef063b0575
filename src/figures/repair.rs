//! Wrong figures of a translation, put right in place.
//!
//! Only a figure that [`compare_among`] pairs with the one it should be is touched,
//! only its numeral, scale word, weekday, month or bound is replaced, and only where no
//! other open figure of its kind could be meant; a numeral that was copied with
//! its German marks is certain in any company. Every change is compared again
//! and kept only if it leaves fewer figures open: the rest of the sentence stays
//! as it is, byte for byte.

use super::compare::{Check, Status, compare_among, unresolved};
use super::kind::Kind;
use super::names::Cast;
use super::{Figure, Language, daytime, direction, names, read, zone};
use crate::span::Span;
use crate::words::capitalised;
use numeral::{marks_changed, rewritten};

mod bound;
mod numeral;
mod omission;

pub use omission::without_invented;

/// Figures that are put right in one segment at most.
const MOST_REPAIRS: usize = 16;
/// Names that are tried at a time.
const MOST_NAMES: usize = 4;
/// Longer segments are left alone: each attempt reads the segment again.
const LONGEST: usize = 4000;

/// A translation with figures put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    pub text: String,
    /// In the order in which they were made; at least one.
    pub repairs: Vec<Repair>,
}

/// A figure that was put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The figure as the source has it; empty when it has none.
    pub source: String,
    /// As the translation had it.
    pub before: String,
    /// As it has it now; empty when it was left out.
    pub after: String,
}

/// The translation with figures put right; `None` when none could be.
pub fn repair(source: &str, target: &str) -> Option<Repaired> {
    repair_among(source, target, &Cast::of(source))
}

/// The same for a segment of an article whose persons are known, as in
/// [`compare_among`].
pub fn repair_among(source: &str, target: &str, cast: &Cast) -> Option<Repaired> {
    if source.len() > LONGEST || target.len() > LONGEST {
        return None;
    }
    let figures = read(source, Language::German);
    let mut text = target.to_owned();
    let mut checks = compare_among(source, &text, cast);
    let mut repairs = Vec::new();
    for _ in 0..MOST_REPAIRS {
        let open = unresolved(&checks);
        let better = attempts(&figures, &text, &checks)
            .into_iter()
            .chain(daytime::restored(&text, &checks))
            .chain(zone::restored(source, &text, &checks))
            .chain(direction::restored(source, &text, &checks))
            .map(|(attempt, repair)| (compare_among(source, &attempt, cast), attempt, repair))
            .find(|(checks, ..)| unresolved(checks) < open);
        match better {
            Some((better, attempt, repair)) => {
                checks = better;
                text = attempt;
                repairs.push(repair);
            }
            None => break,
        }
    }
    (!repairs.is_empty()).then_some(Repaired { text, repairs })
}

/// A figure of the source and the place in the target where it should stand.
struct Pair<'a> {
    figure: &'a Figure,
    source: &'a str,
    target: &'a str,
    span: Span,
    /// What follows in the target.
    rest: &'a str,
    /// No other open figure of the kind could be meant, and what stands in the
    /// target is not what stands elsewhere in it, too.
    certain: bool,
}

/// What is put right beside a numeral.
type Beside = fn(&str, &Pair<'_>) -> Option<(String, Repair)>;

const BESIDE: [Beside; 5] = [
    bound::scale_translated,
    bound::bound_changed,
    bound::preposition_restored,
    bound::stop_dropped,
    bound::half_dropped,
];

/// Changed texts to try, the surest first.
fn attempts(figures: &[Figure], text: &str, checks: &[Check]) -> Vec<(String, Repair)> {
    let pairs = pairs(figures, text, checks);
    let copied = pairs
        .iter()
        .filter_map(|pair| Some((pair, marks_changed(pair)?)));
    let others = pairs
        .iter()
        .filter(|pair| pair.certain)
        .flat_map(|pair| rewritten(pair).into_iter().map(move |new| (pair, new)));
    let figures = copied
        .chain(others)
        .filter(|(pair, new)| new != pair.target)
        .map(|(pair, new)| {
            let (attempt, new) = exchanged(text, pair.span, new);
            let repair = Repair {
                source: pair.source.to_owned(),
                before: pair.target.to_owned(),
                after: new,
            };
            (attempt, repair)
        });
    changed_names(text, checks)
        .chain(figures)
        .chain(
            BESIDE
                .iter()
                .flat_map(|repair| pairs.iter().filter_map(|pair| repair(text, pair))),
        )
        .collect()
}

/// Cities, countries and organisations that kept their German name, with their
/// English one, and persons whose name was misspelled: what these are called stands in
/// the source.
fn changed_names<'a>(
    text: &'a str,
    checks: &'a [Check],
) -> impl Iterator<Item = (String, Repair)> + 'a {
    let names = checks
        .iter()
        .filter(|check| check.kind == Kind::Name && check.status == Status::Changed);
    names.take(MOST_NAMES).filter_map(|check| {
        let (source, target) = (check.source.as_ref()?, check.target.as_ref()?);
        let english = names::english(&target.text).map(str::to_owned);
        let person = source.text.starts_with(&check.value);
        let respelled = || person.then(|| names::respelled(&source.text, &target.text));
        let new = english.or_else(|| respelled().flatten())?;
        let repair = Repair {
            source: source.text.clone(),
            before: target.text.clone(),
            after: new.clone(),
        };
        Some((replaced(text, &[target.span], [new]), repair))
    })
}

/// Changed figures, and a missing one with an added one when they are the only
/// open ones of their kind.
fn pairs<'a>(figures: &'a [Figure], text: &'a str, checks: &'a [Check]) -> Vec<Pair<'a>> {
    let open = |kind: Kind, wanted: fn(&Check) -> bool| {
        checks
            .iter()
            .filter(move |check| check.kind == kind && !check.status.resolved() && wanted(check))
    };
    let mut pairs = Vec::new();
    for check in checks {
        let Some(source) = &check.source else {
            continue;
        };
        if check.kind == Kind::Name || check.status.resolved() {
            continue;
        }
        let sources = open(check.kind, |check| check.source.is_some()).count();
        let mut targets = open(check.kind, |check| check.target.is_some());
        let first = targets.next();
        let certain = sources == 1 && first.is_some() && targets.next().is_none();
        let target = match check.status {
            Status::Changed => check.target.as_ref(),
            Status::Missing if certain => first.and_then(|check| check.target.as_ref()),
            _ => None,
        };
        let figure = figures.iter().find(|figure| figure.span == source.span);
        if let (Some(target), Some(figure)) = (target, figure) {
            // Two of the same may be the other way round.
            let elsewhere = checks.iter().any(|other| {
                let mention = other.target.as_ref();
                mention.is_some_and(|mention| {
                    mention.span != target.span && mention.text == target.text
                })
            });
            pairs.push(Pair {
                figure,
                source: &source.text,
                target: &target.text,
                span: target.span,
                rest: text.get(target.span.end..).unwrap_or_default(),
                certain: certain && !elsewhere,
            });
        }
    }
    pairs
}

/// A text with other words in the place of a span, and these words: with the capital that
/// begins a sentence, behind the article that they need.
pub fn exchanged(text: &str, span: Span, new: String) -> (String, String) {
    let (before, after) = (&text[..span.start], &text[span.end..]);
    let begins = before.is_empty() && span.of(text).starts_with(char::is_uppercase);
    let new = match begins {
        true => capitalised(&new),
        false => new,
    };
    let article = [("An", "A"), ("an", "a")].into_iter().find_map(|(an, a)| {
        let wanted = if sounds_open(&new) { an } else { a };
        let found = [an, a].into_iter().find(|article| {
            let head = before
                .strip_suffix(' ')
                .and_then(|head| head.strip_suffix(article));
            head.is_some_and(|head| !head.ends_with(char::is_alphanumeric))
        })?;
        (found != wanted).then_some((found, wanted))
    });
    let text = match article {
        Some((found, wanted)) => {
            let head = &before[..before.len() - found.len() - 1];
            [head, wanted, " ", &new, after].concat()
        }
        None => [before, &new, after].concat(),
    };
    (text, new)
}

/// Whether English says "an" before a word or a numeral.
fn sounds_open(text: &str) -> bool {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() {
        let closed = ["one", "once", "eu", "uni"];
        let lower = text.to_lowercase();
        return lower.starts_with(['a', 'e', 'i', 'o', 'u'])
            && !closed.iter().any(|start| lower.starts_with(start));
    }
    digits.starts_with('8') || matches!(digits.as_str(), "11" | "18")
}

/// A text with other words in the places of some spans, which ascend.
fn replaced(text: &str, spans: &[Span], new: impl IntoIterator<Item = String>) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    for (span, new) in spans.iter().zip(new) {
        out.push_str(&text[at..span.start]);
        out.push_str(&new);
        at = span.end;
    }
    out.push_str(&text[at..]);
    out
}

fn is_weekday(word: &str) -> bool {
    use super::value::Weekday::*;
    [
        Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday,
    ]
    .iter()
    .any(|day| day.name() == word)
}

fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
pub mod tests {
    use super::*;

    #[track_caller]
    pub fn becomes(source: &str, target: &str, expected: &str) {
        let repaired = repair(source, target).expect("a repair");
        assert_eq!(repaired.text, expected);
    }

    #[track_caller]
    pub fn stays(source: &str, target: &str) {
        assert_eq!(repair(source, target), None);
    }

    #[test]
    fn german_marks_become_english() {
        becomes(
            "Die Stadt zählt 16.448.333 Einwohner.",
            "The city has 16.448.333 inhabitants.",
            "The city has 16,448,333 inhabitants.",
        );
        stays(
            "Die Adresse ist 192.168.1.1.",
            "The address is 192.168.1.1.",
        );
        becomes(
            "Das Netz ist 1.240 Kilometer lang.",
            "The network is 1.240 kilometers long.",
            "The network is 1,240 kilometers long.",
        );
        becomes(
            "Von 3.600 Euro blieben 37,50 Euro.",
            "Of 3.600 euros, 37,50 euros were left.",
            "Of 3,600 euros, 37.50 euros were left.",
        );
    }

    #[test]
    fn repairs_are_told() {
        let repaired = repair("Es kamen 12 Männer.", "13 men came.").expect("a repair");
        let expected = Repair {
            source: "12".into(),
            before: "13".into(),
            after: "12".into(),
        };
        assert_eq!(repaired.repairs, [expected]);
    }

    #[test]
    fn wrong_numerals_are_replaced() {
        becomes(
            "Der Umsatz stieg auf 4,8 Milliarden Euro.",
            "Revenue rose to 4.6 billion euros.",
            "Revenue rose to 4.8 billion euros.",
        );
        becomes(
            "Der Umsatz stieg auf 4,8 Milliarden Euro.",
            "Revenue rose to 4.8 million euros.",
            "Revenue rose to 4.8 billion euros.",
        );
        becomes(
            "Die Fahrt dauerte elf Stunden.",
            "The journey took 12 hours.",
            "The journey took 11 hours.",
        );
        becomes(
            "Um 20.15 Uhr beginnt das Spiel.",
            "The game begins at 8:51 p.m.",
            "The game begins at 8:15 p.m.",
        );
    }

    #[test]
    fn halves_of_the_day_and_bounds_that_nobody_said_go() {
        becomes(
            "Der Zug stand um kurz nach halb acht.",
            "The train stood still around half past seven p.m.",
            "The train stood still around half past seven.",
        );
        becomes(
            "Er kam um halb neun.",
            "He came at 8:30 p.m., late.",
            "He came at 8:30, late.",
        );
        stays("Er kam am Abend um halb neun.", "He came at 8:30 p.m.");
        stays("Er kam um neun Uhr.", "He came at 9 a.m.");
        becomes(
            "Der Streik dauert bis Freitag, 24 Uhr.",
            "The strike lasts until Friday, 12 a.m.",
            "The strike lasts until Friday, midnight.",
        );
        stays(
            "Um 18 Uhr lag sie bei 61 Prozent.",
            "It was 18 percent, 61 percent.",
        );
        becomes(
            "Gut die Hälfte sind Kinder.",
            "Nearly half are children.",
            "More than half are children.",
        );
        becomes(
            "Heute leben dort keine 4.000 Menschen mehr.",
            "Today, there are no 4,000 people there.",
            "Today, there are fewer than 4,000 people there.",
        );
        becomes(
            "Am Freitagvormittag fielen Züge aus.",
            "Trains were cancelled on Friday afternoon.",
            "Trains were cancelled on Friday morning.",
        );
    }

    #[test]
    fn articles_capitals_and_ordinals_follow_their_numbers() {
        becomes(
            "Ein 80-Jähriger starb.",
            "A 60-year-old died.",
            "An 80-year-old died.",
        );
        becomes(
            "Eine Frist von zwölf Wochen.",
            "An 8-week deadline.",
            "A 12-week deadline.",
        );
        becomes(
            "Zwölf Menschen wurden verletzt.",
            "Ten people were injured.",
            "Twelve people were injured.",
        );
        becomes(
            "Das gilt ab dem 31. März.",
            "It applies from March 13th.",
            "It applies from March 31st.",
        );
    }

    #[test]
    fn misspelled_persons_get_their_names_back() {
        becomes(
            "Ihn lobte Hans-Joachim Watzke.",
            "Hans-Joachim Wetzke praised him.",
            "Hans-Joachim Watzke praised him.",
        );
        // Only another segment says who that is.
        let cast = Cast::of("Es geht Finanzchefin Heike Fölster.");
        let repaired = repair_among("Er dankte Fölster.", "He thanked Földer.", &cast);
        assert_eq!(repaired.expect("a repair").text, "He thanked Fölster.");
        // The adjective of another country is no misspelling.
        stays(
            "Die australische Regierung geht.",
            "The Austrian government leaves.",
        );
        // Another person of the same sentence is none.
        stays(
            "Thomas Müller traf Thomas Miller.",
            "A player met Thomas Miller.",
        );
    }

    #[test]
    fn german_names_of_cities_become_english() {
        becomes(
            "Er reiste von Kiew nach Pjöngjang.",
            "He travelled from Kiew to Pjöngjang.",
            "He travelled from Kyiv to Pyongyang.",
        );
        becomes(
            "Die EZB in Frankfurt und Österreich einigten sich in Nürnberg.",
            "The EZB in Frankfurt and Österreich agreed in Nürnberg.",
            "The ECB in Frankfurt and Austria agreed in Nuremberg.",
        );
        stays("Er reiste nach Kiew.", "He travelled to Kiev.");
        stays("Er reiste nach Wien.", "He travelled to Kiew.");
    }

    #[test]
    fn wrong_days_are_replaced() {
        becomes(
            "Das sagte er am Mittwoch in Berlin.",
            "He said so in Berlin on Tuesday.",
            "He said so in Berlin on Wednesday.",
        );
        becomes(
            "Das Gesetz gilt seit dem 12. Juni 2024.",
            "The law has been in force since June 21, 2024.",
            "The law has been in force since June 12, 2024.",
        );
    }

    #[test]
    fn what_is_right_or_uncertain_stays() {
        stays(
            "Das Netz ist 1.240 Kilometer lang.",
            "The network is 1,240 kilometers long.",
        );
        stays(
            "12 Männer und 15 Frauen kamen.",
            "13 men and 16 women came.",
        );
        stays("Es kamen 12 Männer.", "Men came.");
        stays(
            "In den Jahren 1976 und 1977 schrieb er zwei Bücher.",
            "In 1977 and 1977, he wrote two books.",
        );
        stays(
            "Marilyn Monroe wurde am 1.6.26 in Los Angeles geboren.",
            "Marilyn Monroe was born on June 1, 1926 in Los Angeles.",
        );
        stays("", "");
    }
}
