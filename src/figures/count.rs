//! Bare numbers: digits or words and the scale behind them.

use super::Language;
use super::decimal::Decimal;
use super::lexicon;
use super::measure;
use super::numeral::{self, Numeral};
use super::token::Tokens;
use super::value::Measure;
use super::words::{self, Spelled};

/// A bare number and where it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    pub value: Decimal,
    /// The token after the number.
    pub end: usize,
    /// Digits without marks or scale: may be a year, a day, an hour.
    pub plain: bool,
    /// The power of ten of its scale word, if it has one.
    pub scale: Option<i32>,
    /// `Hunderte`, `several thousand`.
    pub several: bool,
    /// Spelled in a way that is often no figure at all (`one`, `both`).
    pub loose: bool,
}
impl Count {
    pub const fn spelled(value: Decimal, end: usize) -> Self {
        Count {
            value,
            end,
            plain: false,
            scale: None,
            several: false,
            loose: false,
        }
    }

    pub fn scaled(self, power: i32, end: usize) -> Option<Self> {
        let value = self.value.times(Decimal::new(1, power)?)?;
        Some(Count {
            value,
            end,
            plain: false,
            scale: Some(power),
            several: self.several,
            loose: false,
        })
    }
}
/// Reads a bare number at `start`.
pub fn read(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Count> {
    digits(tokens, start, language).or_else(|| match language {
        Language::German => german(tokens, start),
        Language::English => english(tokens, start),
    })
}

pub fn digits(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Count> {
    let text = tokens.numeral(start)?;
    let Numeral::Number { value, plain } = numeral::read(text, language) else {
        return None;
    };
    let mut count = Count {
        plain,
        ..Count::spelled(value, start + 1)
    };
    if let Some(part) = vulgar(tokens, count.end) {
        count = Count::spelled(value.plus(part)?, count.end + 1);
    }
    Some(with_scales(tokens, count, language))
}

/// The value of a vulgar fraction mark that finishes a mixed number.
fn vulgar(tokens: &Tokens<'_>, at: usize) -> Option<Decimal> {
    let hundredths = match tokens.get(at)?.text {
        "½" => 50,
        "¼" => 25,
        "¾" => 75,
        _ => return None,
    };
    Decimal::new(hundredths, -2)
}

/// Applies the scale words after a number: `4,8 Mio.`, `hundert Millionen`,
/// `1,2-Milliarden-`.
fn with_scales(tokens: &Tokens<'_>, count: Count, language: Language) -> Count {
    let mut count = count;
    // Two scales follow each other at most: hunderttausend Millionen.
    for _ in 0..2 {
        let at = tokens.after_hyphen(count.end);
        let Some(word) = tokens.word(at) else { break };
        // „5 Bio-Eier“ are no billions.
        if word == "bio" && !tokens.is_glued_mark(at + 1, &['.']) {
            break;
        }
        let dozen = matches!(word, "dutzend" | "dozen");
        let Some(power) = lexicon::scale(word, language).or(dozen.then_some(0)) else {
            break;
        };
        let takes_stop = lexicon::scale_takes_stop(word) && tokens.is_glued_mark(at + 1, &['.']);
        let end = if takes_stop { at + 2 } else { at + 1 };
        let factor = if dozen {
            Decimal::from(12)
        } else {
            Decimal::ONE
        };
        let scaled = count
            .value
            .times(factor)
            .and_then(|value| Count { value, ..count }.scaled(power, end));
        match scaled {
            Some(scaled) => count = scaled,
            None => break,
        }
    }
    count
}

fn german(tokens: &Tokens<'_>, start: usize) -> Option<Count> {
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

fn english(tokens: &Tokens<'_>, start: usize) -> Option<Count> {
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
