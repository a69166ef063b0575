//! Which clock a time is told by: „15 Uhr MEZ“, „4.17 Uhr Ortszeit“, "3 p.m. ET".

use std::collections::HashSet;

use super::compare::{Check, Status};
use super::kind::Kind;
use super::repair::Repair;
use super::side::Side;
use super::value::Value;
use crate::span::Span;

/// A clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    Local,
    Utc,
    CentralEuropean,
    CentralEuropeanSummer,
    German,
    Swiss,
    Moscow,
    Eastern,
    EasternEuropean,
    Pacific,
    British,
}

impl Zone {
    /// As English writes it behind a time.
    pub const fn english(self) -> &'static str {
        match self {
            Zone::Local => "local time",
            Zone::Utc => "UTC",
            Zone::CentralEuropean => "CET",
            Zone::CentralEuropeanSummer => "CEST",
            Zone::German => "German time",
            Zone::Swiss => "Swiss time",
            Zone::Moscow => "Moscow time",
            Zone::Eastern => "ET",
            Zone::EasternEuropean => "EET",
            Zone::Pacific => "PT",
            Zone::British => "BST",
        }
    }

    /// Clocks that stand for each other: Germany has Central European time, and English says
    /// so in both seasons.
    const fn group(self) -> u8 {
        match self {
            Zone::Local => 0,
            Zone::Utc => 1,
            Zone::CentralEuropean | Zone::CentralEuropeanSummer | Zone::German | Zone::Swiss => 2,
            Zone::Moscow => 3,
            Zone::Eastern => 4,
            Zone::Pacific => 5,
            Zone::British => 6,
            Zone::EasternEuropean => 7,
        }
    }
}

/// The names of clocks in both languages, longer ones before those that begin them.
const NAMES: [(&str, Zone); 52] = [
    ("Eastern European Time", Zone::EasternEuropean),
    ("Eastern European time", Zone::EasternEuropean),
    ("EET", Zone::EasternEuropean),
    ("OEZ", Zone::EasternEuropean),
    ("osteuropäischer Zeit", Zone::EasternEuropean),
    ("Washingtoner Zeit", Zone::Eastern),
    ("Ortszeit", Zone::Local),
    ("local time", Zone::Local),
    ("Lokalzeit", Zone::Local),
    ("UTC", Zone::Utc),
    ("GMT", Zone::Utc),
    ("Weltzeit", Zone::Utc),
    ("BST", Zone::British),
    ("britischer Zeit", Zone::British),
    ("British time", Zone::British),
    ("MESZ", Zone::CentralEuropeanSummer),
    ("CEST", Zone::CentralEuropeanSummer),
    ("MEZ", Zone::CentralEuropean),
    ("CET", Zone::CentralEuropean),
    ("mitteleuropäischer Sommerzeit", Zone::CentralEuropeanSummer),
    ("mitteleuropäischer Zeit", Zone::CentralEuropean),
    ("Mitteleuropäischer Zeit", Zone::CentralEuropean),
    ("Mitteleuropäische Zeit", Zone::CentralEuropean),
    ("Central European Summer Time", Zone::CentralEuropeanSummer),
    ("Central European Time", Zone::CentralEuropean),
    ("Central European time", Zone::CentralEuropean),
    ("deutscher Zeit", Zone::German),
    ("deutsche Zeit", Zone::German),
    ("German time", Zone::German),
    ("Schweizer Zeit", Zone::Swiss),
    ("Swiss time", Zone::Swiss),
    ("Moskauer Zeit", Zone::Moscow),
    ("Moscow time", Zone::Moscow),
    ("Ostküstenzeit", Zone::Eastern),
    ("US-Ostküstenzeit", Zone::Eastern),
    ("Eastern Time", Zone::Eastern),
    ("Eastern time", Zone::Eastern),
    ("Eastern Standard Time", Zone::Eastern),
    ("Eastern Daylight Time", Zone::Eastern),
    ("Eastern", Zone::Eastern),
    ("EST", Zone::Eastern),
    ("EDT", Zone::Eastern),
    ("ET", Zone::Eastern),
    ("New Yorker Zeit", Zone::Eastern),
    ("New York time", Zone::Eastern),
    ("Pacific Time", Zone::Pacific),
    ("Pacific time", Zone::Pacific),
    ("Pazifikzeit", Zone::Pacific),
    ("PST", Zone::Pacific),
    ("PDT", Zone::Pacific),
    ("PT", Zone::Pacific),
    ("pazifischer Zeit", Zone::Pacific),
];

/// The clock that is named right behind a time, perhaps in brackets.
pub fn behind(text: &str, time: Span) -> Option<Zone> {
    let rest = text.get(name_start(text, time)?..)?;
    Some(named(rest)?.1)
}

/// Where that clock's name stands.
fn name_behind(text: &str, time: Span) -> Option<Span> {
    let start = name_start(text, time)?;
    let (name, _) = named(text.get(start..)?)?;
    Some(Span::new(start, start + name.len()))
}

fn name_start(text: &str, time: Span) -> Option<usize> {
    let rest = text.get(time.end..)?.trim_start_matches([' ', '(', ',']);
    let rest = ["nach ", "der "]
        .iter()
        .fold(rest, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    Some(text.len() - rest.len())
}

fn named(text: &str) -> Option<(&'static str, Zone)> {
    let found = NAMES.iter().find(|(name, _)| {
        text.strip_prefix(name)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    });
    found.copied()
}

/// A time, or a number that stands for one ("20.00 CET").
fn tells_time(value: &Value, text: &str) -> bool {
    match value {
        Value::Time { .. } => true,
        Value::Amount { .. } => {
            text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('.')
        }
        _ => false,
    }
}

/// Times whose clock was lost, exchanged or invented. Where a text names one clock
/// for several times, each of them has it.
pub fn exchanged(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let zones = |side: &Side<'_>| -> Vec<(usize, Zone)> {
        let figures = side.figures.iter().enumerate();
        figures
            .filter(|(_, figure)| tells_time(&figure.value, figure.span.of(side.text)))
            .filter_map(|(index, figure)| Some((index, behind(side.text, figure.span)?)))
            .collect()
    };
    let (german, english) = (zones(source), zones(target));
    if german.is_empty() && english.is_empty() {
        return Vec::new();
    }
    // Asked once for each clock: a text may hold many times.
    let told: HashSet<u8> = english.iter().map(|(_, zone)| zone.group()).collect();
    let named: HashSet<u8> = NAMES
        .iter()
        .filter(|(name, _)| target.text.contains(name))
        .map(|(_, zone)| zone.group())
        .collect();
    let partner = |side: &Side<'_>, index: usize| {
        let link = side.links.get(index).copied().flatten()?;
        link.status.resolved().then_some(link.partner)
    };
    let lost = german.iter().filter_map(|(index, zone)| {
        let target = partner(source, *index)?;
        // "at 6 a.m. on Monday, local time"
        let known = told.contains(&zone.group()) || named.contains(&zone.group());
        (!known).then_some((*index, target))
    });
    let invented = english.iter().filter_map(|(index, _)| {
        let source = partner(target, *index)?;
        german.is_empty().then_some((source, *index))
    });
    lost.chain(invented).collect()
}

/// The translation with the clock that the source names behind a time, in the place of
/// another one.
pub fn restored(source: &str, target: &str, checks: &[Check]) -> Option<(String, Repair)> {
    let times = checks
        .iter()
        .filter(|check| check.kind == Kind::Time && check.status == Status::Changed);
    times
        .filter_map(|check| Some((check.source.as_ref()?, check.target.as_ref()?)))
        .find_map(|(german, english)| {
            let zone = behind(source, german.span)?.english();
            let rest = target.get(english.span.end..)?;
            let old = name_behind(target, english.span);
            let at = old.map_or(english.span.end, |old| old.start);
            let end = old.map_or(at, |old| old.end);
            let space = if old.is_some() { "" } else { " " };
            // The full stop of "a.m." may be that of the sentence.
            let stop = if english.text.ends_with('.') && rest.is_empty() {
                "."
            } else {
                ""
            };
            let (before, after) = (target.get(..at)?, target.get(end..)?);
            let repair = Repair {
                source: german.text.clone(),
                before: target.get(english.span.start..end)?.to_owned(),
                after: format!("{}{space}{zone}", target.get(english.span.start..at)?),
            };
            Some(([before, space, zone, stop, after].concat(), repair))
        })
}

#[cfg(test)]
mod tests {
    use crate::figures::repair::tests::becomes;
    use crate::figures::{Status, compare};

    #[test]
    fn a_clock_that_was_lost_or_exchanged_is_put_back() {
        becomes(
            "Das Beben erschütterte um 4.17 Uhr Ortszeit die Region.",
            "The quake shook the region at 4:17 a.m.",
            "The quake shook the region at 4:17 a.m. local time.",
        );
        becomes(
            "Die Rede beginnt um 15 Uhr MEZ in Davos.",
            "The speech begins at 3 p.m. ET in Davos.",
            "The speech begins at 3 p.m. CET in Davos.",
        );
        becomes(
            "Er landete um 20 Uhr (Ortszeit).",
            "He landed at 8 p.m., tired.",
            "He landed at 8 p.m. local time, tired.",
        );
    }

    #[test]
    fn the_same_clock_is_kept_and_an_invented_one_told_of() {
        for (source, target) in [
            ("Um 15 Uhr (MEZ) begann es.", "It began at 3 p.m. CET."),
            ("Um 15 Uhr MESZ begann es.", "It began at 3 p.m. (CET)."),
            (
                "Die Frist endet um 20.00 Uhr MEZ.",
                "The deadline ends at 20.00 CET.",
            ),
            (
                "Einer rief um 15 Uhr an.",
                "One local time keeper called at 3 p.m.",
            ),
        ] {
            let checks = compare(source, target);
            assert!(
                checks.iter().all(|check| check.status.resolved()),
                "{source}"
            );
        }
        let checks = compare("Um 15 Uhr begann es.", "It began at 3 p.m. ET.");
        assert_eq!(checks[0].status, Status::Changed);
    }
}
