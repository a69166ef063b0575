//! Numbers as German writes them in words.

use super::{Count, with_scales};
use crate::figures::Language;
use crate::figures::decimal::Decimal;
use crate::figures::lexicon;
use crate::figures::measure;
use crate::figures::token::Tokens;
use crate::figures::value::Measure;
use crate::figures::words::{self, Spelled};

pub fn german(tokens: &Tokens<'_>, start: usize) -> Option<Count> {
    let word = tokens.word(start)?;
    if is_german_article(word) {
        return german_article(tokens, start);
    }
    // „eine halbe Million“ without its article: „der halben Million“.
    if matches!(word, "halbe" | "halben" | "halber" | "halbes" | "halbem") {
        let scaled = with_scales(
            tokens,
            Count::spelled(Decimal::HALF, start + 1),
            Language::German,
        );
        return scaled.scale.map(|_| scaled);
    }
    let several_before = tokens.word_before(start, 1).is_some_and(|w| {
        matches!(
            w,
            "mehrere"
                | "mehreren"
                | "mehrerer"
                | "einige"
                | "einigen"
                | "einiger"
                | "paar"
                | "wenige"
                | "wenigen"
                | "viele"
                | "vielen"
        )
    });
    if let Some(power) = lexicon::scale(word, Language::German).filter(|power| *power >= 6) {
        let unit = Count::spelled(Decimal::ONE, start + 1).scaled(power, start + 1)?;
        let plural = word.ends_with("en");
        let abbreviated = lexicon::scale_takes_stop(word);
        // „Millionen-Euro-Betrag“, „Milliarden-Programm“ name no number.
        let compound = plural && tokens.after_hyphen(start + 1) > start + 1;
        return (!abbreviated).then_some(Count {
            several: plural,
            loose: compound,
            ..unit
        });
    }
    match words::german(word)? {
        Spelled::Cardinal(value) => {
            let count = Count::spelled(value, start + 1);
            let round = several_before
                && matches!(
                    word,
                    "hundert" | "tausend" | "dutzend" | "hunderttausend" | "zehntausend"
                );
            let eleven = word == "elf" && tokens.is_capitalised(start);
            if eleven {
                // The eleven of a football team.
                return None;
            }
            // „außer Acht lassen“, „zweisprachig“, „zweistellige Millionen“.
            let figurative =
                word == "acht" && tokens.is_capitalised(start) || words::is_german_adjective(word);
            let count = Count {
                several: round,
                loose: figurative || value == Decimal::ONE || value == Decimal::ZERO,
                ..count
            };
            if figurative {
                return Some(count);
            }
            Some(with_scales(tokens, count, Language::German))
        }
        // „Hunderte Millionen“
        Spelled::Several(value) => {
            let count = Count {
                several: true,
                ..Count::spelled(value, start + 1)
            };
            let scaled = tokens
                .word(start + 1)
                .and_then(|scale| lexicon::scale(scale, Language::German))
                .filter(|power| *power >= 6)
                .and_then(|power| count.scaled(power, start + 2));
            Some(scaled.unwrap_or(count))
        }
        Spelled::Ordinal(_)
        | Spelled::Part(_)
        | Spelled::Multiple(_)
        | Spelled::Measured(..)
        | Spelled::Decade(_) => None,
    }
}

pub fn is_german_article(word: &str) -> bool {
    matches!(word, "ein" | "eine" | "einen" | "einem" | "einer" | "eines")
}

/// „eine Million“, „eine halbe Million“, „ein Dutzend“, and loosely „eine
/// Stunde“: the article counts only what is counted or measured.
fn german_article(tokens: &Tokens<'_>, start: usize) -> Option<Count> {
    let next = tokens.word(start + 1)?;
    let half = matches!(next, "halbe" | "halben" | "halber" | "halbes");
    let (value, at) = if half {
        (Decimal::HALF, start + 2)
    } else if let (Some(value), "dreiviertel") = (Decimal::new(75, -2), next) {
        (value, start + 2)
    } else {
        (Decimal::ONE, start + 1)
    };
    let one = Count {
        loose: true,
        ..Count::spelled(value, at)
    };
    let scaled = with_scales(tokens, one, Language::German);
    if scaled.scale.is_some() {
        return Some(scaled);
    }
    let (measure, ..) = measure::read(tokens, &one, Language::German);
    (measure != Measure::Count).then_some(one)
}
