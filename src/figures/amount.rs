//! Measured amounts: a number with its sign, its currency and its unit.

use super::Language;
use super::count::{self, Count};
use super::decimal::Decimal;
use super::lexicon;
use super::measure;
use super::token::{MINUS, Shape, Tokens};
use super::unit::Currency;
use super::value::Measure;

/// A number with what it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    pub count: Count,
    pub measure: Measure,
    pub end: usize,
}

/// What English papers count in millions with a letter.
const COUNTED_IN_MILLIONS: [&str; 16] = [
    "people",
    "users",
    "viewers",
    "customers",
    "jobs",
    "homes",
    "visitors",
    "passengers",
    "residents",
    "inhabitants",
    "voters",
    "children",
    "workers",
    "followers",
    "copies",
    "tonnes",
];

/// Reads an amount at `start`: `[sign] [currency] number [scale] [measure]`.
pub fn read(tokens: &Tokens<'_>, start: usize, language: Language) -> Option<Amount> {
    let (negative, start) = sign(tokens, start);
    let (currency, at) = match prefix_currency(tokens, start) {
        Some((currency, at)) => (Some(currency), at),
        None => (None, start),
    };
    let mut count = if negative || currency.is_some() {
        count::digits(tokens, at, language)?
    } else {
        count::read(tokens, at, language)?
    };
    let people = language == Language::English
        && tokens
            .get(count.end)
            .is_some_and(|letter| letter.text == "m")
        && tokens.is_word(count.end + 1, &COUNTED_IN_MILLIONS);
    let glued = count.scale.is_none() && tokens.is_glued(count.end);
    if (currency.is_some() || people) && glued {
        // „$3.5m“ and "1.7m people" are millions, „3.5m“ metres.
        let letter = tokens.word(count.end).and_then(lexicon::glued_scale);
        if let Some(scaled) = letter.and_then(|power| count.scaled(power, count.end + 1)) {
            count = scaled;
        }
    }
    if negative {
        count.value = count.value.negated();
    }
    let (measure, end, hundredth) = match currency {
        Some(currency) => (
            Measure::Money(currency),
            repeated_currency(tokens, &count, language),
            false,
        ),
        None => measure::read(tokens, &count, language),
    };
    if hundredth {
        count.value = count.value.times(Decimal::new(1, -2)?)?;
    }
    Some(and_a_half(
        tokens,
        Amount {
            count,
            measure,
            end,
        },
        language,
    ))
}

/// „$5 million dollars“ names its currency twice.
fn repeated_currency(tokens: &Tokens<'_>, count: &Count, language: Language) -> usize {
    match measure::read(tokens, count, language) {
        (Measure::Money(_), end, false) => end,
        _ => count.end,
    }
}

fn sign(tokens: &Tokens<'_>, start: usize) -> (bool, usize) {
    let written = tokens.is_mark(start, &MINUS)
        && !tokens.is_glued(start)
        && tokens.is_glued(start + 1)
        && tokens.numeral(start + 1).is_some();
    let spoken = tokens.is_word(start, &["minus"]) && tokens.numeral(start + 1).is_some();
    (
        written || spoken,
        if written || spoken { start + 1 } else { start },
    )
}

/// A currency before its number: `€ 5`, `$5`, `US$ 5`, `EUR 5`.
fn prefix_currency(tokens: &Tokens<'_>, start: usize) -> Option<(Currency, usize)> {
    let first = tokens.get(start)?;
    let currency = lexicon::currency_sign(first.text)?;
    let mut end = start + 1;
    if lexicon::needs_dollar(first.text) {
        end = tokens.after_hyphen(end);
        if !tokens.is_glued_mark(end, &['$']) {
            return None;
        }
        end += 1;
    } else if first.shape == Shape::Word
        && tokens.is_glued_mark(end, &['.'])
        && first.text.starts_with("Fr")
    {
        end += 1;
    }
    tokens.numeral(end).map(|_| (currency, end))
}
/// „an hour and a half“, „a year and a half“.
fn and_a_half(tokens: &Tokens<'_>, amount: Amount, language: Language) -> Amount {
    let is_half = language == Language::English
        && matches!(amount.measure, Measure::Unit(_))
        && tokens.is_word(amount.end, &["and"])
        && tokens.is_word(amount.end + 1, &["a"])
        && tokens.is_word(amount.end + 2, &["half"]);
    match amount.count.value.plus(Decimal::HALF).filter(|_| is_half) {
        Some(value) => Amount {
            count: Count {
                value,
                loose: false,
                ..amount.count
            },
            end: amount.end + 3,
            ..amount
        },
        None => amount,
    }
}
