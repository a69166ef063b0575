//! Parts of the day: „am Dienstagvormittag“ ↔ "on Tuesday evening". They are told of
//! only where the translation says another one, or one that the source does not have.

use std::collections::HashSet;

use super::compare::{Check, Mention, Status};
use super::kind::Kind;
use super::lexicon;
use super::repair::Repair;
use super::side::Side;
use super::value::{Value, Weekday};
use super::{Figure, Language};
use crate::span::Span;
use crate::words::{firsts, tail, words};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Morning,
    Forenoon,
    Noon,
    Afternoon,
    Evening,
    Night,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Part::Morning | Part::Forenoon => "morning",
            Part::Noon => "noon",
            Part::Afternoon => "afternoon",
            Part::Evening => "evening",
            Part::Night => "night",
        }
    }

    /// Whether an hour of the clock may be called so; the borders are wide.
    const fn holds(self, hour: u8) -> bool {
        match self {
            Part::Morning | Part::Forenoon => hour <= 12,
            Part::Noon => hour >= 11 && hour <= 14,
            Part::Afternoon => hour >= 1 && hour <= 19,
            Part::Evening => hour >= 4,
            Part::Night => hour >= 5 || hour <= 6,
        }
    }

    /// Whether English may call a German part so. The borders lie elsewhere: what
    /// happened „in der Nacht zum Sonntag“ happened "early on Sunday morning".
    const fn may_be(self, english: Part) -> bool {
        match self {
            Part::Morning => matches!(english, Part::Morning),
            Part::Forenoon => matches!(english, Part::Morning | Part::Noon),
            Part::Noon => !matches!(english, Part::Evening | Part::Night),
            Part::Afternoon => matches!(english, Part::Afternoon | Part::Evening),
            Part::Evening => matches!(english, Part::Evening | Part::Night),
            Part::Night => !matches!(english, Part::Noon | Part::Afternoon),
        }
    }
}

/// The parts of the day in which a translation differs from its source.
pub fn compare(source: &str, target: &str, times: &[Figure]) -> Vec<Check> {
    let english = firsts(english(target));
    if english.is_empty() {
        return Vec::new();
    }
    let german = firsts(german(source));
    let hours: HashSet<u8> = times.iter().filter_map(|time| hour(&time.value)).collect();
    let stranger = english.iter().find(|(part, _)| {
        !german.iter().any(|(one, _)| one.may_be(*part))
            && !hours.iter().any(|hour| part.holds(*hour))
            && !is_compounded(source, *part)
    });
    let Some((part, span)) = stranger else {
        return Vec::new();
    };
    let lost = german
        .iter()
        .find(|(part, _)| !english.iter().any(|(one, _)| part.may_be(*one)));
    let told = Some(Mention::of(target, *span));
    let alone = german.is_empty() && is_date(target, *span);
    match lost {
        Some((lost, place)) => vec![Check {
            kind: Kind::Time,
            value: lost.name().to_owned(),
            source: Some(Mention::of(source, *place)),
            target: told,
            status: Status::Changed,
        }],
        // „um 20 Uhr“ ↔ "at 8 on Monday morning"
        None if alone && (!hours.is_empty() || !is_hinted(source)) => vec![Check {
            kind: Kind::Time,
            value: part.name().to_owned(),
            source: None,
            target: told,
            status: Status::Added,
        }],
        None => Vec::new(),
    }
}

/// The hour of a time.
const fn hour(value: &Value) -> Option<u8> {
    match value {
        Value::Time { hour, .. } => Some(*hour % 24),
        _ => None,
    }
}

/// The translation with the part of the day that the source says in the place of
/// another one.
pub fn restored(target: &str, checks: &[Check]) -> Option<(String, Repair)> {
    let check = checks.iter().find(|check| {
        let stated = |mention: &Mention| english(&mention.text).next().is_some();
        check.status == Status::Changed && check.target.as_ref().is_some_and(stated)
    })?;
    let (german, told) = (check.source.as_ref()?, check.target.as_ref()?);
    // "at noon", "tonight" and "last night" are put together in other ways, and "early"
    // and "late" would have to be looked at as well.
    const PLAIN: [&str; 3] = ["morning", "afternoon", "evening"];
    let before = tail(target.get(..told.span.start)?, 24).to_lowercase();
    let apart = ["last", "early", "late"]
        .iter()
        .any(|word| before.contains(word));
    let singular = told.text.strip_suffix('s').unwrap_or(&told.text);
    if apart || !PLAIN.contains(&singular) || !PLAIN.contains(&check.value.as_str()) {
        return None;
    }
    let plural = if told.text.ends_with('s') { "s" } else { "" };
    let new = format!("{}{plural}", check.value);
    let repair = Repair {
        source: german.text.clone(),
        before: told.text.clone(),
        after: new.clone(),
    };
    let (before, after) = (target.get(..told.span.start)?, target.get(told.span.end..)?);
    Some(([before, &new, after].concat(), repair))
}

/// „nach dem Morgenimpuls“ ↔ "after the morning session".
fn is_compounded(source: &str, part: Part) -> bool {
    let stem = match part {
        Part::Morning | Part::Forenoon => "morgen",
        Part::Noon => "mittag",
        Part::Afternoon => "nachmittag",
        Part::Evening => "abend",
        Part::Night => "nacht",
    };
    words(source)
        .map(|span| span.of(source))
        .any(|word| word.to_lowercase().contains(stem) && german_part(word, "am").is_none())
}

/// Whether a part of the day says when something happened: "Tuesday night", "in the
/// evening", and not "a three-hit night".
fn is_date(target: &str, span: Span) -> bool {
    let before = target.get(..span.start).unwrap_or("").trim_end();
    let mut words = before.rsplit(' ');
    let (one, two) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let alone = ["tonight", "overnight"].contains(&span.of(target));
    alone
        || matches!(
            one,
            "last" | "this" | "yesterday" | "tomorrow" | "at" | "On" | "on"
        )
        || one == "the" && two.eq_ignore_ascii_case("in")
        || lexicon::weekday(&one.to_lowercase(), Language::English).is_some()
}

/// „in der Nacht zum Mittwoch“ ↔ "on Tuesday night": the night is named by the day
/// before it. Positions of weekdays that mean so.
pub fn nights(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let open = source.open().into_iter();
    let german = open.filter_map(|(index, figure)| {
        let before = tail(source.text.get(..figure.span.start)?, 16).trim_end();
        let night = ["Nacht zum", "Nacht auf"]
            .iter()
            .any(|words| before.ends_with(words));
        let Value::Weekday { day } = figure.value else {
            return None;
        };
        night.then_some((index, day))
    });
    let english: Vec<(usize, Weekday)> = target
        .open()
        .into_iter()
        .filter_map(|(index, figure)| {
            let Value::Weekday { day } = figure.value else {
                return None;
            };
            let behind = target.text.get(figure.span.end..)?.trim_start();
            behind.starts_with("night").then_some((index, day))
        })
        .collect();
    german
        .filter_map(|(index, day)| {
            let before = day.before();
            let (other, _) = english.iter().find(|(_, english)| *english == before)?;
            Some((index, *other))
        })
        .collect()
}

/// Words that English may render with a part of the day.
fn is_hinted(source: &str) -> bool {
    const STEMS: [&str; 14] = [
        "abend", "nacht", "nächt", "morgen", "mittag", "früh", "dämmer", "dunkel", "stunde",
        "gestern", "heute", "spät", "tag", "uhr",
    ];
    let lower = source.to_lowercase();
    STEMS.iter().any(|stem| lower.contains(stem))
}

fn german(text: &str) -> impl Iterator<Item = (Part, Span)> {
    let mut before = "";
    words(text).filter_map(move |span| {
        let word = span.of(text);
        let previous = std::mem::replace(&mut before, word);
        Some((german_part(word, previous)?, span))
    })
}

/// „abends“, „Abend“, „Dienstagabend“, „Abendstunden“. „Morgen“ is tomorrow as well.
fn german_part(word: &str, before: &str) -> Option<Part> {
    const PARTS: [(&str, Part); 6] = [
        ("vormittag", Part::Forenoon),
        ("nachmittag", Part::Afternoon),
        ("mittag", Part::Noon),
        ("morgen", Part::Morning),
        ("abend", Part::Evening),
        ("nacht", Part::Night),
    ];
    const BEFORE_MORNING: [&str; 9] = [
        "am",
        "Am",
        "heute",
        "gestern",
        "jeden",
        "diesem",
        "frühen",
        "nächsten",
        "selben",
    ];
    let lower = word.to_lowercase();
    let plain = lower
        .strip_suffix("stunden")
        .or_else(|| lower.strip_suffix("stunde"))
        .unwrap_or(&lower);
    let hours = plain.len() < lower.len();
    let adverb = lower.strip_suffix('s');
    let plain = if hours {
        plain.strip_suffix('s').unwrap_or(plain)
    } else {
        adverb.unwrap_or(&lower)
    };
    let (stem, part) = PARTS
        .iter()
        .find_map(|(name, part)| Some((plain.strip_suffix(name)?, *part)))?;
    let alone = stem.is_empty() || stem == "früh" || stem == "spät";
    let dated = lexicon::weekday(stem, Language::German).is_some();
    let tomorrow = part == Part::Morning && alone && !hours && adverb.is_none();
    let may = match tomorrow {
        true => {
            let told = BEFORE_MORNING.contains(&before)
                || lexicon::weekday(&before.to_lowercase(), Language::German).is_some();
            word.starts_with(char::is_uppercase) && told
        }
        false => true,
    };
    // „der Sonnabend“ is a day.
    ((alone || dated) && may).then_some(part)
}

/// Words with a capital belong to names ("Evening Standard").
fn english(text: &str) -> impl Iterator<Item = (Part, Span)> {
    words(text).filter_map(move |span| {
        let part = match span.of(text) {
            "morning" | "mornings" => Part::Morning,
            "noon" | "midday" => Part::Noon,
            "afternoon" | "afternoons" => Part::Afternoon,
            "evening" | "evenings" => Part::Evening,
            "night" | "nights" | "tonight" | "overnight" => Part::Night,
            _ => return None,
        };
        Some((part, span))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(source: &str, target: &str) -> Vec<(String, Status)> {
        let times: Vec<Figure> = super::super::read(source, Language::German)
            .into_iter()
            .filter(|figure| figure.kind == Kind::Time)
            .collect();
        compare(source, target, &times)
            .into_iter()
            .map(|check| (check.value, check.status))
            .collect()
    }

    #[test]
    fn another_part_of_the_day_is_a_change() {
        for (source, target, value) in [
            (
                "Am Dienstagvormittag besetzten sie das Dach.",
                "They occupied the roof on Tuesday evening.",
                "morning",
            ),
            (
                "In den frühen Morgenstunden brannte es.",
                "There was a fire in the evening.",
                "morning",
            ),
            ("Er kam am Abend.", "He came in the morning.", "evening"),
        ] {
            assert_eq!(
                verdicts(source, target),
                [(value.to_owned(), Status::Changed)]
            );
        }
        assert_eq!(
            verdicts(
                "Er kam am Dienstag in Köln an.",
                "He arrived in Cologne one evening."
            ),
            []
        );
        assert_eq!(
            verdicts(
                "Das Ministerium räumte den Fehler ein.",
                "The ministry admitted it last night."
            ),
            [("night".to_owned(), Status::Added)]
        );
    }

    #[test]
    fn the_night_to_a_day_is_that_of_the_day_before() {
        let open = |target: &str| {
            let checks = crate::figures::compare("In der Nacht zum Mittwoch brannte es.", target);
            crate::figures::unresolved(&checks)
        };
        assert_eq!(open("There was a fire on Tuesday night."), 0);
        assert_eq!(open("There was a fire on Wednesday night."), 0);
        assert_eq!(open("There was a fire on Monday night."), 1);
        assert_eq!(
            verdicts(
                "Um 20 Uhr war es vorbei.",
                "It was over at 8 on Monday evening."
            ),
            []
        );
        assert_eq!(
            verdicts(
                "Um 20 Uhr war es vorbei.",
                "It was over at 8 in the morning."
            ),
            [("morning".to_owned(), Status::Added)]
        );
    }

    #[test]
    fn borders_lie_elsewhere_in_english() {
        for (source, target) in [
            (
                "In der Nacht zum Sonntag brannte es.",
                "There was a fire early on Sunday morning.",
            ),
            ("Er kam Freitagabend.", "He came on Friday night."),
            ("Das endet morgen.", "That ends tomorrow."),
            ("Er kam am Sonnabend.", "He came on Saturday."),
            (
                "Um 20 Uhr war es vorbei.",
                "It was over at 8 in the evening.",
            ),
            ("Er las die Abendzeitung.", "He read the evening paper."),
            (
                "Am Morgen und am Abend regnete es.",
                "It rained in the morning.",
            ),
        ] {
            assert_eq!(verdicts(source, target), [], "{source}");
        }
    }
}
