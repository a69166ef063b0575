//! Key figures: typed values read from German and English text, and the proof
//! of what became of each figure of a source in its translation.
//!
//! [`read`] turns a text into [`Figure`]s with byte spans; [`compare`] aligns
//! the figures of a German segment with those of its English translation by
//! value, unit, kind and order of magnitude. Both are linear in the length of
//! the text but for the handful of figures that have no equal on the other
//! side, whose number is capped.

mod address;
mod alignment;
mod amount;
mod approximation;
mod clock;
mod code;
mod compare;
mod composite;
mod compound;
mod contrast;
mod copied;
mod count;
mod date;
mod daytime;
mod decimal;
mod direction;
mod doubt;
mod fraction;
mod kind;
mod lexicon;
mod likeness;
mod measure;
mod names;
mod notation;
mod numeral;
mod parts;
mod reader;
mod relation;
mod repair;
mod repeat;
mod season;
mod side;
mod spelled;
mod style;
mod swap;
mod token;
mod unit;
mod value;
mod wording;
mod words;
mod zone;

use serde::{Deserialize, Serialize};

pub use approximation::Approximation;
pub use compare::{Check, Mention, Status, compare, compare_among, unresolved};
pub use decimal::Decimal;

pub use kind::Kind;
pub use names::{Cast, is_given_name};
pub use repair::{Repair, Repaired, repair, repair_among, without_invented};
pub use style::{ClockStyle, FigureStyle, HouseStyle, restyle};
pub use unit::{Currency, Dimension, Unit};
pub use value::{Measure, Meridiem, Value, Weekday};
pub use wording::{unwanted, wanted};

use crate::span::Span;

/// The languages whose figures can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    German,
    English,
}

/// One figure of a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub kind: Kind,
    pub value: Value,
    /// Bytes in the text read: the number with its unit or currency, without
    /// words of approximation.
    pub span: Span,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approximation: Option<Approximation>,
    /// Spelled in a way that often carries no figure (`beide`, `first`,
    /// `one`, `half`): it may prove another figure, and its absence proves
    /// nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub loose: bool,
}

/// Reads the figures of a text: sorted by position, not overlapping.
///
/// Takes any text and never fails; what is no figure is left out. Linear in
/// the length of the text.
pub fn read(text: &str, language: Language) -> Vec<Figure> {
    reader::read(text, language)
}

#[cfg(test)]
mod tests;
