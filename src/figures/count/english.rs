//! Numbers as English writes them in words.

use super::{Count, with_scales};
use crate::figures::Language;
use crate::figures::decimal::Decimal;
use crate::figures::measure;
use crate::figures::token::Tokens;
use crate::figures::value::Measure;
use crate::figures::words::{self, Spelled};

pub fn english(tokens: &Tokens<'_>, start: usize) -> Option<Count> {
    let word = tokens.word(start)?;
    let scaled_only = |count: Count| {
        let scaled = with_scales(tokens, count, Language::English);
        scaled.scale.map(|_| scaled)
    };
    match word {
        "a" | "an" => return english_article(tokens, start),
        "half" => {
            let article = tokens.after_hyphen(start + 1);
            let at = if tokens.is_word(article, &["a", "an"]) {
                article + 1
            } else {
                start + 1
            };
            let half = Count {
                loose: true,
                ..Count::spelled(Decimal::HALF, at)
            };
            return scaled_only(half).or_else(|| {
                let (measure, ..) = measure::read(tokens, &half, Language::English);
                (measure != Measure::Count).then_some(half)
            });
        }
        "both" | "pair" | "couple" | "either" | "neither" | "twins" | "duo" => {
            return Some(Count {
                loose: true,
                ..Count::spelled(Decimal::from(2), start + 1)
            });
        }
        "trio" => {
            return Some(Count {
                loose: true,
                ..Count::spelled(Decimal::from(3), start + 1)
            });
        }
        _ => {}
    }
    if let Some(count) = english_several(tokens, start, word) {
        return Some(count);
    }
    let (spelled, end) = words::english(tokens, start)?;
    let Spelled::Cardinal(value) = spelled else {
        return None;
    };
    let mut count = Count::spelled(value, end);
    // The starting eleven are a team.
    let team = word == "eleven" && tokens.word_before(start, 1) == Some("starting");
    count.loose = team || value == Decimal::ONE || value == Decimal::ZERO;
    count = with_half(tokens, count)?;
    english_groups(tokens, count)
}

/// „two and a half“, „one-and-a-half“.
fn with_half(tokens: &Tokens<'_>, count: Count) -> Option<Count> {
    let and = tokens.after_hyphen(count.end);
    let a = tokens.after_hyphen(and + 1);
    let half = tokens.after_hyphen(a + 1);
    let written = tokens.is_word(and, &["and"])
        && tokens.is_word(a, &["a"])
        && tokens.is_word(half, &["half"]);
    if written {
        Some(Count::spelled(count.value.plus(Decimal::HALF)?, half + 1))
    } else {
        Some(count)
    }
}

/// Scales and the smaller groups after them: „two thousand five hundred“.
fn english_groups(tokens: &Tokens<'_>, first: Count) -> Option<Count> {
    let mut total = with_scales(tokens, first, Language::English);
    let mut floor = total.scale;
    // Each group is of a smaller scale than the one before it.
    while let Some(power) = floor.filter(|power| *power >= 3) {
        let and = tokens.is_word(total.end, &["and"]);
        let at = if and { total.end + 1 } else { total.end };
        let Some((Spelled::Cardinal(value), end)) = words::english(tokens, at) else {
            break;
        };
        let group = with_scales(tokens, Count::spelled(value, end), Language::English);
        // „two million and three dogs“ counts two things; only hundreds and
        // thousands take „and“ before the rest.
        if group.scale.unwrap_or(0) >= power || (and && power > 3) {
            break;
        }
        let value = total.value.plus(group.value)?;
        total = Count {
            value,
            end: group.end,
            ..total
        };
        floor = group.scale;
    }
    Some(total)
}

/// „a million“, „a dozen“, „a hundred“, and loosely „an hour“.
fn english_article(tokens: &Tokens<'_>, start: usize) -> Option<Count> {
    // "a second attempt" is an ordinal, "a second later" a length of time.
    if tokens.is_word(start + 1, &["second"])
        && tokens.word(start + 2).is_some()
        && !tokens.is_word(
            start + 2,
            &[
                "later", "ago", "before", "after", "and", "or", "in", "longer", "faster", "behind",
            ],
        )
    {
        return None;
    }
    let half = tokens.is_word(start + 1, &["half"]);
    let (value, at) = if half {
        (Decimal::HALF, start + 2)
    } else {
        (Decimal::ONE, start + 1)
    };
    let one = Count {
        loose: true,
        ..Count::spelled(value, at)
    };
    let few = !half && tokens.is_word(at, &["few"]);
    if few {
        let scaled = with_scales(
            tokens,
            Count {
                several: true,
                ..Count::spelled(Decimal::ONE, at + 1)
            },
            Language::English,
        );
        return scaled.scale.map(|_| scaled);
    }
    let scaled = with_scales(tokens, one, Language::English);
    if scaled.scale.is_some() {
        return Some(scaled);
    }
    let (measure, ..) = measure::read(tokens, &one, Language::English);
    (measure != Measure::Count).then_some(one)
}

/// „hundreds“, „tens of thousands“, „several hundred“.
fn english_several(tokens: &Tokens<'_>, start: usize, word: &str) -> Option<Count> {
    const QUANTIFIERS: [&str; 5] = ["several", "few", "many", "multiple", "some"];
    let several = |value: Decimal, end| {
        Some(Count {
            several: true,
            ..Count::spelled(value, end)
        })
    };
    let base: u64 = match word {
        "tens" => 10,
        "dozens" | "scores" => 12,
        "hundreds" => 100,
        "thousands" => 1000,
        "millions" => 1_000_000,
        "billions" => 1_000_000_000,
        "trillions" => 1_000_000_000_000,
        "dozen" | "hundred" | "thousand" | "million" | "billion" | "trillion" => {
            let after_quantifier = tokens
                .word_before(start, 1)
                .is_some_and(|w| QUANTIFIERS.contains(&w));
            let base = match word {
                "dozen" => 12,
                "hundred" => 100,
                "thousand" => 1000,
                "million" => 1_000_000,
                "billion" => 1_000_000_000,
                _ => 1_000_000_000_000,
            };
            // „another billion“, „per million“, „a million-euro fund“.
            let alone = !after_quantifier;
            let count = Count {
                several: after_quantifier,
                loose: alone,
                ..Count::spelled(Decimal::from(base), start + 1)
            };
            return Some(with_scales(tokens, count, Language::English));
        }
        _ => return None,
    };
    let value = Decimal::from(base);
    if tokens.is_word(start + 1, &["of"]) && base <= 1000 {
        let times: Option<u64> = match tokens.word(start + 2) {
            Some("thousands") => Some(1000),
            Some("millions") => Some(1_000_000),
            Some("billions") => Some(1_000_000_000),
            _ => None,
        };
        if let Some(times) = times {
            return several(value.times(Decimal::from(times))?, start + 3);
        }
    }
    // „scores“ and „tens“ alone are verbs, results and units more often.
    (!matches!(word, "tens" | "scores"))
        .then(|| several(value, start + 1))
        .flatten()
}
