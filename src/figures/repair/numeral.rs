//! Numerals, times and dates of a figure in the form that they should have.

use super::{Pair, has_digit, is_weekday, replaced};
use crate::figures::kind::Kind;
use crate::figures::notation;
use crate::figures::value::{Measure, Value};
use crate::span::Span;
use crate::words::words;

/// The target figure with numerals that were copied from the source, German
/// marks and all, in English form.
pub(super) fn marks_changed(pair: &Pair<'_>) -> Option<String> {
    if matches!(pair.figure.kind, Kind::Time | Kind::Date | Kind::Code) {
        return None;
    }
    let german: Vec<&str> = notation::spans(pair.source)
        .map(|span| span.of(pair.source))
        .collect();
    let spans: Vec<Span> = notation::spans(pair.target).collect();
    let copied = |span: &Span| german.contains(&span.of(pair.target));
    (!spans.is_empty() && spans.iter().all(copied)).then(|| {
        replaced(
            pair.target,
            &spans,
            spans
                .iter()
                .map(|span| notation::in_english(span.of(pair.target))),
        )
    })
}

/// The target figure with the source's numerals, scale, weekday or month.
pub(super) fn rewritten(pair: &Pair<'_>) -> Vec<String> {
    match &pair.figure.value {
        Value::Weekday { day } => {
            let found = words(pair.target).find(|span| is_weekday(span.of(pair.target)));
            found
                .map(|span| replaced(pair.target, &[span], [day.name().to_owned()]))
                .into_iter()
                .collect()
        }
        Value::Time { hour, minute, .. } => rewritten_time(pair, *hour, *minute),
        Value::Date { .. } => rewritten_date(pair),
        Value::Amount { amount, measure } => {
            let mut new = with_numerals(pair);
            // elf Stunden → 12 hours: the source has no digits to copy.
            // "the fourth grade" is not made right by "the four grade".
            let ranked = ["st", "nd", "rd", "th"]
                .iter()
                .any(|ending| pair.target.ends_with(ending) && *measure == Measure::Count);
            if ranked {
                return Vec::new();
            }
            if let (Some(number), false) = (amount.natural(), has_digit(pair.source)) {
                new.extend(with_number(pair.target, number, *measure));
            }
            new
        }
        Value::Range { .. } | Value::Score { .. } | Value::Multiple { .. } => with_numerals(pair),
        Value::Ordinal { .. } => with_ordinal(pair),
        Value::Decade { first } => with_decade(pair.target, *first).into_iter().collect(),
        Value::Several { of, .. } => with_summits(pair, of.natural()).into_iter().collect(),
        Value::Century { .. }
        | Value::Years { .. }
        | Value::Fraction { .. }
        | Value::Code { .. }
        | Value::Name { .. } => Vec::new(),
    }
}

/// The source's numerals in the places of the target's, with and without the
/// source's order of magnitude.
fn with_numerals(pair: &Pair<'_>) -> Vec<String> {
    let german: Vec<&str> = notation::spans(pair.source)
        .map(|span| span.of(pair.source))
        .collect();
    let spans: Vec<Span> = notation::spans(pair.target).collect();
    let mut texts = vec![pair.target.to_owned()];
    if !german.is_empty() && german.len() == spans.len() {
        let english = german.iter().map(|numeral| notation::in_english(numeral));
        texts.push(replaced(pair.target, &spans, english));
    }
    let scale = words(pair.source).find_map(|span| notation::scale(span.of(pair.source)));
    let scaled: Vec<String> = texts
        .iter()
        .filter_map(|text| {
            let span = words(text).find(|span| notation::scale(span.of(text)).is_some())?;
            Some(replaced(text, &[span], [scale?.to_owned()]))
        })
        .collect();
    texts.remove(0);
    texts.extend(scaled);
    texts
}

/// A number that the source spells, in the place of the target's only numeral
/// or first word.
fn with_number(target: &str, number: u64, measure: Measure) -> Option<String> {
    let spans: Vec<Span> = notation::spans(target).collect();
    let small = measure == Measure::Count && number <= 12;
    match spans.as_slice() {
        [span] => Some(replaced(target, &[*span], [notation::grouped(number)])),
        [] => {
            let span = words(target).next()?;
            let new = match notation::word(number) {
                Some(word) if small || span.of(target).chars().all(char::is_alphabetic) => {
                    word.to_owned()
                }
                _ => notation::grouped(number),
            };
            Some(replaced(target, &[span], [new]))
        }
        _ => None,
    }
}

/// „14 Achttausender“ ↔ "14,000": the summits were multiplied.
fn with_summits(pair: &Pair<'_>, height: Option<u64>) -> Option<String> {
    let german = pair.source.to_lowercase();
    if !german.trim_end_matches('n').ends_with("tausender") {
        return None;
    }
    let count = pair.target.strip_suffix(",000")?;
    let thousands = notation::word(height? / 1000)?;
    let number = count.bytes().all(|byte| byte.is_ascii_digit());
    number.then(|| format!("{count} {thousands}-thousand-meter peaks"))
}

/// „achtziger Jahre“ ↔ "thirties" or "1930s": a decade in the way the target writes it.
fn with_decade(target: &str, first: u16) -> Option<String> {
    let digits = notation::spans(target).next();
    if let Some(span) = digits {
        let new = match (span.len(), first) {
            (4, 1000..) => first.to_string(),
            (2, _) => format!("{:02}", first % 100),
            _ => return None,
        };
        return Some(replaced(target, &[span], [new]));
    }
    let tens = notation::compound(u64::from(first % 100 / 10 * 10))?;
    let decade = format!("{}ies", tens.strip_suffix('y')?);
    let span = words(target).find(|span| span.of(target).ends_with("ies"))?;
    Some(replaced(target, &[span], [decade]))
}

fn with_ordinal(pair: &Pair<'_>) -> Vec<String> {
    let Value::Ordinal { number } = pair.figure.value else {
        return Vec::new();
    };
    words(pair.target)
        .find(|span| has_digit(span.of(pair.target)))
        .map(|span| {
            let ranked = span.of(pair.target).ends_with(char::is_alphabetic);
            let new = match ranked {
                true => notation::ordinal(number),
                false => number.to_string(),
            };
            replaced(pair.target, &[span], [new])
        })
        .into_iter()
        .collect()
}

fn rewritten_time(pair: &Pair<'_>, hour: u8, minute: u8) -> Vec<String> {
    if !has_digit(pair.source) {
        return without_half(pair).into_iter().collect();
    }
    if (hour, minute) == (24, 0) {
        let stop = if ends_sentence(pair) { "." } else { "" };
        return vec![format!("midnight{stop}")];
    }
    // "18 percent" is no time with another number.
    let measured = words(pair.target)
        .map(|span| span.of(pair.target).to_lowercase())
        .any(|word| !word.starts_with(|c: char| c.is_ascii_digit()) && !is_of_clock(&word));
    if measured || pair.target.contains(['%', '€', '$', '£']) {
        return Vec::new();
    }
    let spans: Vec<Span> = notation::spans(pair.target).collect();
    // `8:51` are two numerals, `8.51` is one.
    let whole = match spans.as_slice() {
        [only] => *only,
        [hours, minutes] => Span::new(hours.start, minutes.end),
        _ => return Vec::new(),
    };
    let names_half = |text: &str| {
        let text = text.trim_start().to_lowercase();
        ["a.m", "p.m", "am", "pm"]
            .iter()
            .any(|half| text.starts_with(half))
    };
    let apart = names_half(pair.rest);
    if names_half(&pair.target[whole.end..]) && !apart {
        let half = if hour % 24 < 12 { "a.m." } else { "p.m." };
        let clock = match (hour % 12, minute) {
            (0, 0) => "12".to_owned(),
            (hour, 0) => hour.to_string(),
            (0, minute) => format!("12:{minute:02}"),
            (hour, minute) => format!("{hour}:{minute:02}"),
        };
        return vec![[&pair.target[..whole.start], &clock, " ", half].concat()];
    }
    if apart
        || [pair.target, pair.rest]
            .iter()
            .any(|text| text.contains("clock"))
    {
        return Vec::new();
    }
    let clock = format!("{hour:02}:{minute:02}");
    vec![replaced(pair.target, &[whole], [clock])]
}

/// Words that stand beside the digits of a time.
fn is_of_clock(word: &str) -> bool {
    matches!(
        word,
        "a" | "p" | "m" | "am" | "pm" | "o" | "clock" | "hours" | "hrs" | "noon" | "midnight"
    )
}

/// Whether the full stop of "p.m." is that of the sentence.
fn ends_sentence(pair: &Pair<'_>) -> bool {
    pair.target.ends_with('.') && pair.rest.is_empty()
}

/// „halb neun“ ↔ "8:30 p.m.": what is said in words does not say which half of the day.
fn without_half(pair: &Pair<'_>) -> Option<String> {
    let halves = [" a.m.", " p.m.", " am", " pm", " a.m", " p.m"];
    let text = halves
        .iter()
        .find_map(|half| pair.target.strip_suffix(half))?;
    Some(if ends_sentence(pair) {
        format!("{text}.")
    } else {
        text.to_owned()
    })
}

fn rewritten_date(pair: &Pair<'_>) -> Vec<String> {
    let Value::Date { year, month, day } = pair.figure.value else {
        return Vec::new();
    };
    // `1.6.26` does not say which century it is in.
    let short = |span: Span| span.of(pair.source).len() == 2 && span.end == pair.source.len();
    if year.is_some() && words(pair.source).any(short) {
        return Vec::new();
    }
    let mut new = pair.target.to_owned();
    if let Some(month) = month
        && let Some(name) = notation::MONTHS.get(usize::from(month).wrapping_sub(1))
        && let Some(span) =
            words(pair.target).find(|span| notation::MONTHS.contains(&span.of(pair.target)))
    {
        new = replaced(pair.target, &[span], [(*name).to_owned()]);
    }
    let spans: Vec<Span> = notation::spans(&new).collect();
    let numbers = spans.iter().map(|span| {
        let text = span.of(&new);
        match (year, day) {
            (Some(year), _) if text.len() == 4 => year.to_string(),
            (_, Some(day)) if text.len() <= 2 => day.to_string(),
            _ => text.to_owned(),
        }
    });
    let numbers: Vec<String> = numbers.collect();
    vec![with_endings(&replaced(&new, &spans, numbers))]
}

/// "March 31th": the ending that the number needs.
fn with_endings(text: &str) -> String {
    let ordinals: Vec<(Span, String)> = words(text)
        .filter_map(|span| {
            let word = span.of(text);
            let end = word.find(|c: char| !c.is_ascii_digit())?;
            let ending = matches!(&word[end..], "st" | "nd" | "rd" | "th");
            let number = word[..end].parse().ok().filter(|_| ending)?;
            Some((span, notation::ordinal(number)))
        })
        .collect();
    let (spans, new): (Vec<Span>, Vec<String>) = ordinals.into_iter().unzip();
    replaced(text, &spans, new)
}
