//! Bare numbers: digits or words and the scale behind them.

mod english;
mod german;

use english::english;
use german::german;
pub use german::is_german_article;

use super::Language;
use super::decimal::Decimal;
use super::lexicon;
use super::numeral::{self, Numeral};
use super::token::Tokens;

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
