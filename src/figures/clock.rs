//! Times of the day.

use super::Language;
use super::decimal::Decimal;
use super::numeral::{self, Numeral};
use super::token::{Shape, Tokens};
use super::value::{Meridiem, Value};
use super::words::{self, Spelled};

/// Reads a time at `start`: its value and the token after it.
pub fn read(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<(Value, usize)> {
    match language {
        Language::German => german(tokens, start),
        Language::English => english(tokens, start),
    }
}

fn time(hour: u8, minute: u8, end: usize) -> Option<(Value, usize)> {
    let valid = hour < 24 && minute < 60 || hour == 24 && minute == 0;
    valid.then_some((
        Value::Time {
            hour,
            minute,
            second: None,
            meridiem: None,
        },
        end,
    ))
}

fn whole(value: Decimal) -> Option<u8> {
    u8::try_from(value.natural()?).ok()
}

/// Hours in digits or German words.
fn german_number(tokens: &Tokens<'_>, at: usize) -> Option<u8> {
    if let Some(text) = tokens.numeral(at) {
        return (text.len() <= 2).then(|| text.parse().ok()).flatten();
    }
    match tokens.word(at)? {
        // The hour „ein Uhr“ is the one number that looks like an article.
        "ein" => Some(1),
        word => match words::german(word)? {
            Spelled::Cardinal(value) => whole(value),
            _ => None,
        },
    }
}

fn german(tokens: &Tokens<'_>, start: usize) -> Option<(Value, usize)> {
    match tokens.word(start) {
        // halb neun = 8:30. Only hours of the twelve-hour clock are halved.
        Some("halb") => {
            let hour = german_number(tokens, start + 1).filter(|hour| (1..=12).contains(hour))?;
            let named = tokens.numeral(start + 1).is_none() || clock_word(tokens, start + 2);
            let end = after_clock_word(tokens, start + 2);
            return named
                .then(|| before(tokens, start, hour, 30, end))
                .flatten();
        }
        Some("viertel") => {
            let hour = german_number(tokens, start + 2).filter(|hour| (1..=12).contains(hour))?;
            let end = after_clock_word(tokens, start + 3);
            return match tokens.word(start + 1) {
                Some("nach") => time(in_half(tokens, start, hour, end), 15, end),
                Some("vor") => before(tokens, start, hour, 45, end),
                _ => None,
            };
        }
        Some("mitternacht") => return time(0, 0, start + 1),
        _ => {}
    }
    let text = tokens.numeral(start);
    if let Some(text) = text {
        if let Some((hour, minute)) = numeral::clock(text) {
            if clock_word(tokens, start + 1) {
                return time(hour, minute, start + 2);
            }
            let named = text.contains(':')
                && tokens
                    .word_before(start, 1)
                    .is_some_and(is_time_preposition);
            return named.then(|| time(hour, minute, start + 1)).flatten();
        }
        if let Numeral::Colons(parts) = numeral::read(text, Language::German) {
            return with_seconds(&parts, start + 1, clock_word(tokens, start + 1));
        }
    }
    if let Some(found) = minutes_beside_hour(tokens, start) {
        return Some(found);
    }
    let hour = german_number(tokens, start)?;
    if clock_word(tokens, start + 1) {
        let minute = tokens
            .numeral(start + 2)
            .filter(|text| text.len() <= 2)
            .and_then(|text| text.parse().ok())
            .filter(|minute: &u8| *minute < 60 && !counts(tokens, start + 3));
        return match minute {
            Some(minute) => time(on_day(tokens, hour, start + 3), minute, start + 3),
            None => time(on_day(tokens, hour, start + 2), 0, start + 2),
        };
    }
    None
}

/// „zwischen 5 und 9 Uhr 37 Autos“: a noun follows what would be minutes.
fn counts(tokens: &Tokens<'_>, at: usize) -> bool {
    const OF_CLOCKS: [&str; 6] = ["Ortszeit", "Minuten", "MEZ", "MESZ", "GMT", "UTC"];
    tokens.get(at).is_some_and(|token| {
        let noun = token.text.starts_with(char::is_uppercase)
            && token.text.chars().any(char::is_lowercase);
        noun && token.shape == Shape::Word && !OF_CLOCKS.contains(&token.text)
    })
}

/// „11 Uhr nachts“, „3 Uhr nachmittags“: the hour on the clock of 24 hours.
fn on_day(tokens: &Tokens<'_>, hour: u8, end: usize) -> u8 {
    match tokens.word(end) {
        Some("nachmittags" | "abends") if (1..12).contains(&hour) => hour + 12,
        Some("nachts") if (8..12).contains(&hour) => hour + 12,
        _ => hour,
    }
}

/// A time in the hour before one of the twelve-hour clock.
fn before(
    tokens: &Tokens<'_>,
    start: usize,
    hour: u8,
    minute: u8,
    end: usize,
) -> Option<(Value, usize)> {
    let before = if hour == 1 { 12 } else { hour - 1 };
    time(in_half(tokens, start, before, end), minute, end)
}

/// „am Abend gegen halb neun“, „halb neun abends“: the hour on the clock of 24 hours,
/// as far as the words around it tell.
fn in_half(tokens: &Tokens<'_>, start: usize, hour: u8, end: usize) -> u8 {
    const BEFORE: usize = 5;
    const AFTER: usize = 2;
    let around = (start.saturating_sub(BEFORE)..start).chain(end..end + AFTER);
    let late = around.filter_map(|at| tokens.word(at)).any(|word| {
        let part = word.strip_suffix('s').unwrap_or(word);
        part.ends_with("abend") || part.ends_with("nachmittag")
    });
    if late && hour < 12 { hour + 12 } else { hour }
}

/// „um zwanzig vor neun“, „um 5 nach 8“.
fn minutes_beside_hour(tokens: &Tokens<'_>, start: usize) -> Option<(Value, usize)> {
    let asked = matches!(tokens.word_before(start, 1), Some("um" | "gegen"));
    let minutes = german_number(tokens, start).filter(|minutes| asked && *minutes < 30)?;
    let hour = german_number(tokens, start + 2).filter(|hour| (1..=12).contains(hour))?;
    let end = after_clock_word(tokens, start + 3);
    match tokens.word(start + 1)? {
        "nach" => time(in_half(tokens, start, hour, end), minutes, end),
        "vor" => before(tokens, start, hour, 60u8.checked_sub(minutes)?, end),
        _ => None,
    }
}

fn clock_word(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is_word(tokens.after_hyphen(at), &["uhr"])
}

fn after_clock_word(tokens: &Tokens<'_>, at: usize) -> usize {
    if clock_word(tokens, at) {
        tokens.after_hyphen(at) + 1
    } else {
        at
    }
}

fn is_time_preposition(word: &str) -> bool {
    matches!(
        word,
        "um" | "ab" | "gegen" | "seit" | "bis" | "von" | "at" | "from" | "until" | "by" | "around"
    )
}

fn with_seconds(parts: &[u32], end: usize, sure: bool) -> Option<(Value, usize)> {
    let [hour, minute, second] = parts else {
        return None;
    };
    let (hour, minute, second) = (
        u8::try_from(*hour).ok()?,
        u8::try_from(*minute).ok()?,
        u8::try_from(*second).ok()?,
    );
    let valid = hour < 24 && minute < 60 && second < 60;
    valid.then_some((
        Value::Time {
            hour,
            minute,
            second: Some(second),
            meridiem: None,
        },
        if sure { end + 1 } else { end },
    ))
}

fn english(tokens: &Tokens<'_>, start: usize) -> Option<(Value, usize)> {
    match tokens.word(start) {
        Some("midnight") => return time(0, 0, start + 1),
        Some("noon" | "midday") => return time(12, 0, start + 1),
        Some("half") if tokens.is_word(start + 1, &["past"]) => {
            let hour = english_hour(tokens, start + 2)?;
            return spoken(tokens, hour, 30, start + 3);
        }
        // "by a quarter to 300"
        Some("quarter") if (2..=3).any(|back| tokens.word_before(start, back) == Some("by")) => {
            return None;
        }
        Some("quarter") => {
            let hour = english_hour(tokens, start + 2)?;
            return match tokens.word(start + 1) {
                Some("past" | "after") => spoken(tokens, hour, 15, start + 3),
                Some("to") => {
                    let before = if hour == 1 { 12 } else { hour.checked_sub(1)? };
                    spoken(tokens, before, 45, start + 3)
                }
                _ => None,
            };
        }
        _ => {}
    }
    if let Some(found) = military(tokens, start) {
        return Some(found);
    }
    let text = tokens.numeral(start);
    let (hour, minute) = match text.and_then(numeral::clock) {
        Some(read) => read,
        None => {
            if let Some(Numeral::Colons(parts)) =
                text.map(|text| numeral::read(text, Language::English))
            {
                return with_seconds(&parts, start + 1, false);
            }
            (english_hour(tokens, start)?, 0)
        }
    };
    match tokens.word(start + 1).filter(|_| (hour, minute) == (12, 0)) {
        Some("noon" | "midday") => return time(12, 0, start + 2),
        Some("midnight") => return time(0, 0, start + 2),
        _ => {}
    }
    // "14:20 p.m." is a time that says too much.
    let half = meridiem(tokens, start + 1).filter(|_| hour <= 12 || minute == 0);
    if let Some((meridiem, end)) = half {
        return on_half(meridiem, hour, minute, end);
    }
    if tokens.is_word(start + 1, &["o"]) && tokens.is_word(start + 3, &["clock"]) {
        return time(hour, minute, start + 4);
    }
    if tokens.is_word(start + 1, &["hours", "hrs"])
        && text.is_some_and(|t| t.contains([':', '.']) && numeral::clock(t).is_some())
    {
        return time(hour, minute, start + 2);
    }
    text.filter(|text| text.contains(':'))
        .and_then(|_| time(hour, minute, start + 1))
}

/// "1230 GMT".
pub fn military(tokens: &Tokens<'_>, start: usize) -> Option<(Value, usize)> {
    let text = tokens.numeral(start).filter(|text| text.len() == 4)?;
    let zoned = tokens.is_word(
        start + 1,
        &["gmt", "utc", "cet", "cest", "bst", "est", "edt"],
    );
    let (hour, minute) = (text.get(..2)?.parse().ok()?, text.get(2..)?.parse().ok()?);
    zoned.then(|| time(hour, minute, start + 1)).flatten()
}

/// "half past seven", perhaps with "p.m." behind it.
fn spoken(tokens: &Tokens<'_>, hour: u8, minute: u8, end: usize) -> Option<(Value, usize)> {
    match meridiem(tokens, end) {
        Some((meridiem, end)) => on_half(meridiem, hour, minute, end),
        None => time(hour, minute, end),
    }
}

/// The hour of a half of the day on the clock of 24 hours.
fn on_half(meridiem: Meridiem, hour: u8, minute: u8, end: usize) -> Option<(Value, usize)> {
    let on_clock = match (meridiem, hour) {
        (Meridiem::Am, 12) => 0,
        (Meridiem::Pm, 1..=11) => hour + 12,
        _ => hour,
    };
    let valid = on_clock < 24 && minute < 60;
    valid.then_some((
        Value::Time {
            hour: on_clock,
            minute,
            second: None,
            meridiem: Some(meridiem),
        },
        end,
    ))
}

fn english_hour(tokens: &Tokens<'_>, at: usize) -> Option<u8> {
    if let Some(text) = tokens.numeral(at) {
        return (text.len() <= 2)
            .then(|| text.parse().ok())
            .flatten()
            .filter(|hour| *hour <= 24);
    }
    words::english_cardinal(tokens.word(at)?)
        .and_then(|hour| u8::try_from(hour).ok())
        .filter(|hour| (1..=12).contains(hour))
}

/// `p.m.`, `pm`, `P.M.` after a time.
fn meridiem(tokens: &Tokens<'_>, at: usize) -> Option<(Meridiem, usize)> {
    let (letter, end) = match tokens.word(at)? {
        "am" => (Meridiem::Am, at + 1),
        "pm" => (Meridiem::Pm, at + 1),
        letter @ ("a" | "p")
            if tokens.is_glued_mark(at + 1, &['.']) && tokens.is_word(at + 2, &["m"]) =>
        {
            let stop = tokens.is_glued_mark(at + 3, &['.']);
            let end = if stop { at + 4 } else { at + 3 };
            (
                if letter == "a" {
                    Meridiem::Am
                } else {
                    Meridiem::Pm
                },
                end,
            )
        }
        _ => return None,
    };
    Some((letter, end))
}
