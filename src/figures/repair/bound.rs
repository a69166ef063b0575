//! What stands beside a numeral: its German scale, or a bound that says the
//! opposite.

use super::{Pair, Repair, replaced};
use crate::figures::approximation::Approximation;
use crate::figures::kind::Kind;
use crate::figures::notation;
use crate::figures::value::{Measure, Value};
use crate::span::Span;
use crate::words::{capitalised, words};

/// „1,3 Bio.“ ↔ "1.3 Bio": the German scale behind an English numeral.
pub(super) fn scale_translated(text: &str, pair: &Pair<'_>) -> Option<(String, Repair)> {
    let gap = pair.rest.len() - pair.rest.trim_start().len();
    let word = words(pair.rest).next().filter(|word| word.start == gap)?;
    let german = word.of(pair.rest);
    // "million" and "billion" are English, too.
    if !matches!(german, "Mio" | "Mrd" | "Bio" | "Milliarde" | "Milliarden") {
        return None;
    }
    let scale = notation::scale(german)?.to_owned();
    let at = |place: usize| pair.span.end + place;
    // Its full stop may end the sentence.
    let behind = &pair.rest[word.end..];
    let stop = behind.starts_with('.') && !behind[1..].trim().is_empty();
    let span = Span::new(at(word.start), at(word.end + usize::from(stop)));
    let repair = Repair {
        source: pair.source.to_owned(),
        before: format!("{} {german}", pair.target),
        after: format!("{} {scale}", pair.target),
    };
    Some((replaced(text, &[span], [scale]), repair))
}

/// „höchstens 30“ ↔ "at least 30": the bound of the source in the place of one
/// that says the opposite.
pub(super) fn bound_changed(text: &str, pair: &Pair<'_>) -> Option<(String, Repair)> {
    // The first that fits is taken: "no less than" before "less than".
    const BOUNDS: [&str; 35] = [
        "not over",
        "not above",
        "not under",
        "not below",
        "barely more than",
        "hardly more than",
        "up to",
        "just more than",
        "slightly more than",
        "a little more than",
        "just over",
        "slightly over",
        "a little over",
        "well over",
        "just under",
        "slightly under",
        "a little under",
        "no less than",
        "not less than",
        "no fewer than",
        "no more than",
        "not more than",
        "nothing less than",
        "at least",
        "at most",
        "more than",
        "less than",
        "fewer than",
        "over",
        "under",
        "below",
        "above",
        "nearly",
        "almost",
        "no",
    ];
    let wanted = match pair.figure.approximation {
        // One that nobody set is left out.
        None => "",
        Some(Approximation::About) => "about",
        Some(Approximation::Nearly) => "nearly",
        Some(Approximation::Over) => "more than",
        Some(Approximation::Under) => "less than",
        Some(Approximation::AtLeast) => "at least",
        Some(Approximation::AtMost) => "at most",
    };
    let before = text.get(..pair.span.start)?.strip_suffix(' ')?;
    let found = BOUNDS.iter().find(|bound| {
        let head = before.len().checked_sub(bound.len());
        // At the beginning of a sentence it has a capital.
        head.and_then(|head| before.get(head..))
            .is_some_and(|end| end.eq_ignore_ascii_case(bound))
            && !before[..before.len() - bound.len()].ends_with(char::is_alphanumeric)
    })?;
    // People and things are counted: "fewer than 50", and "under six" for "over six".
    let counted = matches!(
        pair.figure.value,
        Value::Amount {
            measure: Measure::Count,
            ..
        }
    );
    let wanted = match (wanted, *found) {
        ("less than", "over" | "above") => "under",
        ("more than", "under" | "below") => "over",
        ("less than", _) if counted => "fewer than",
        (wanted, _) => wanted,
    };
    let start = before.len() - found.len();
    let old = Span::new(start, before.len()).of(text);
    // With the space behind it, where nothing comes in its place.
    let span = Span::new(start, before.len() + usize::from(wanted.is_empty()));
    let new = match old.starts_with(char::is_uppercase) {
        true => capitalised(wanted),
        false => wanted.to_owned(),
    };
    let repair = Repair {
        source: pair.source.to_owned(),
        before: format!("{old} {}", pair.target),
        after: format!("{new} {}", pair.target).trim_start().to_owned(),
    };
    Some((replaced(text, &[span], [new]), repair))
}

/// „von 32,4 auf 35,9“ ↔ "by 32.4 to 35.9", „um 20“ ↔ "to 20": one preposition in the
/// place of another.
pub(super) fn preposition_restored(text: &str, pair: &Pair<'_>) -> Option<(String, Repair)> {
    // "by 2031" is no difference.
    if matches!(pair.figure.kind, Kind::Date | Kind::Time) {
        return None;
    }
    let before = text.get(..pair.span.start)?;
    let next = text.get(pair.span.end..)?;
    // "by an estimated 2.5 billion"
    const BETWEEN: [&str; 11] = [
        "an estimated ",
        "a total of ",
        "about ",
        "around ",
        "nearly ",
        "almost ",
        "roughly ",
        "more than ",
        "less than ",
        "just over ",
        "just under ",
    ];
    let between = BETWEEN.iter().find(|words| before.ends_with(**words));
    let before = between.map_or(before, |words| &before[..before.len() - words.len()]);
    let (old, new) = if before.ends_with(" by ") && next.starts_with(" to ") {
        ("by", "from")
    } else if before.ends_with(" by ") {
        ("by", "to")
    } else if before.ends_with(" to ") && !before.to_lowercase().ends_with("up to ") {
        ("to", "by")
    } else {
        return None;
    };
    let span = Span::new(before.len() - old.len() - 1, before.len() - 1);
    let repair = Repair {
        source: pair.source.to_owned(),
        before: format!("{old} {}", pair.target),
        after: format!("{new} {}", pair.target),
    };
    Some((replaced(text, &[span], [new.to_owned()]), repair))
}

/// "14:20 a.m. on": the half of the day goes.
pub(super) fn half_dropped(text: &str, pair: &Pair<'_>) -> Option<(String, Repair)> {
    const HALVES: [&str; 6] = [" a.m.", " p.m.", " a.m", " p.m", " am", " pm"];
    let clock = pair.target.contains(':') && pair.target.ends_with(|c: char| c.is_ascii_digit());
    let half = HALVES
        .iter()
        .find(|half| clock && pair.rest.starts_with(*half))?;
    let end = pair.span.end + half.len();
    // Its full stop may be that of the sentence.
    let stop = if end == text.len() { "." } else { "" };
    let repair = Repair {
        source: pair.source.to_owned(),
        before: format!("{}{half}", pair.target),
        after: pair.target.to_owned(),
    };
    let span = Span::new(pair.span.end, end);
    Some((replaced(text, &[span], [stop.to_owned()]), repair))
}

/// "the 12th. and": the full stop of a German ordinal goes.
pub(super) fn stop_dropped(text: &str, pair: &Pair<'_>) -> Option<(String, Repair)> {
    let goes_on = |rest: &str| rest.starts_with(char::is_lowercase);
    pair.rest.strip_prefix(". ").filter(|rest| goes_on(rest))?;
    let span = Span::new(pair.span.end, pair.span.end + 1);
    let repair = Repair {
        source: pair.source.to_owned(),
        before: format!("{}.", pair.target),
        after: pair.target.to_owned(),
    };
    Some((replaced(text, &[span], [String::new()]), repair))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{becomes, stays};

    #[test]
    fn german_scales_and_opposite_bounds_are_replaced() {
        becomes(
            "Der Rahmen wurde von 1,3 Bio. Euro erweitert.",
            "The budget was extended from 1.3 Bio euros.",
            "The budget was extended from 1.3 trillion euros.",
        );
        becomes(
            "Im Jahr 2020 sollen höchstens 18.000 Menschen ins Land gelassen werden.",
            "In 2020, at least 18,000 people are to be let into the country.",
            "In 2020, at most 18,000 people are to be let into the country.",
        );
        becomes(
            "Mehr als 40 Menschen kamen.",
            "Less than 40 people came.",
            "More than 40 people came.",
        );
        becomes(
            "Höchstens 40 Menschen kamen.",
            "No less than 40 people came.",
            "At most 40 people came.",
        );
        becomes(
            "Das Haus wurde für knapp 100 Millionen Euro gekauft.",
            "The house was bought for just over 100 million euros.",
            "The house was bought for nearly 100 million euros.",
        );
        becomes(
            "Die Bombe wurde um 14.20 Uhr entschärft.",
            "The bomb was defused at 14:20 a.m.",
            "The bomb was defused at 14:20.",
        );
        becomes(
            "Er traf in der 12. und 67. Minute.",
            "He scored in the 12th. and 67th minute.",
            "He scored in the 12th and 67th minute.",
        );
        stays("Mehr als 40 Menschen kamen.", "Over 40 people came.");
        stays(
            "Sie dürften mindestens 9 Abgeordnete verlieren.",
            "They would lose nothing less than 9 deputies.",
        );
    }
}
